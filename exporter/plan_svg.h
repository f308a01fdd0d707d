// A drawing of a plan: the switches of every plane by tiers, the hosts of a leaf as one box under it, with
// what is taken away, what is cut off, and where redundancy is lost.
//
// Cables are drawn while they can be told apart; in a large fabric a badge counts those that a switch loses
// to others. A switch's full name, GUID and figures are in its tooltip.
//
// Threading: pure.
#pragma once

#include <string>

#include "model/plan.h"

namespace aftershock::exporter {

// SVG 1.1 without scripts or references to anything else. All text is escaped.
std::string PlanSvg(const Plan& plan);

}  // namespace aftershock::exporter

// A way through the fabric as text, a line for each link, and cycles port by port.
//
// Threading: pure.
#pragma once

#include <string>

#include "exporter/text_report.h"
#include "model/route.h"

namespace aftershock::exporter {

std::string RouteText(const Route& route, const TextStyle& style);
std::string CyclesText(const RouteCycles& cycles, const TextStyle& style);

}  // namespace aftershock::exporter

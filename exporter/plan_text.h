// A plan as text for people: what is lost first, the same losses together in one row.
//
// Threading: pure.
#pragma once

#include <string>

#include "exporter/text_report.h"
#include "model/plan.h"

namespace aftershock::exporter {

// One line: "16 hosts are cut off; the load is not known".
std::string PlanHeadline(const Plan& plan);
// `style.all`: every name and every row.
std::string PlanText(const Plan& plan, const TextStyle& style);

}  // namespace aftershock::exporter

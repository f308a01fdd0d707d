// What a plan at another machine needs of this one: the topology of each plane, and the load of its ports.
// Internal to exporter.
//
// Threading: pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/report.h"

namespace aftershock::exporter {

// /loads.json: model/json/loads.h, as it stands at `now`.
std::string LoadsPage(const Report& report, SteadyTime now);

// /fabric.json?plane=NAME: the snapshot of the last sweep of a plane, as `aftershock sweep --format json`
// writes it. Empty: the only one there is. kAbsent: no such plane, or it was never swept; kInvalid: there are
// several.
Result<std::string> FabricPage(const Report& report, std::string_view plane);

}  // namespace aftershock::exporter

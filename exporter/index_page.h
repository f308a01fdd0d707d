// The exporter's page for people: the verdict, what was found, and where the rest is. Internal to exporter.
#pragma once

#include <string>

#include "base/clock.h"
#include "exporter/metrics.h"
#include "model/report.h"

namespace aftershock::exporter {

// HTML without scripts. `report` as it stands at `now` (see freshness.h).
std::string IndexPage(const Report& report, SteadyTime now, const BuildInfo& build);

}  // namespace aftershock::exporter

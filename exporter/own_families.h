// What aftershock itself has to say: verdicts, findings, sweeps and the load it puts on the fabric.
//
// Internal to exporter. These series number hundreds, not hundreds of thousands, and are prometheus-cpp's to
// write.
#pragma once

#include <string>

#include "exporter/metrics.h"
#include "model/report.h"

namespace aftershock::exporter {

// `report` as it stands now (see freshness.h).
std::string OwnFamilies(const Report& report, const BuildInfo& build, SteadyTime now);

}  // namespace aftershock::exporter

// Which aftershock this is.
#pragma once

#include "exporter/metrics.h"

namespace aftershock::app {

// The version of the CMake project; the revision git had when it was configured, or "unknown".
exporter::BuildInfo ThisBuild();

}  // namespace aftershock::app

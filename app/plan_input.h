// What a plan is made on: the living fabric, files, or what a running monitor sees.
//
// Errors: kInvalid of usage; every other code: it could not be seen.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/fabric.h"
#include "model/load.h"

namespace aftershock::app {

struct PlanPlaneInput {
  std::string name;
  FabricSnapshotPtr snapshot;
};

struct PlanInput {
  std::vector<PlanPlaneInput> planes;
  PortLoads loads;
  bool measured = false;          // a monitor was asked, so the load should be known
  std::vector<std::string> gaps;  // beside what the snapshots say themselves
};

// Each a file of `aftershock sweep`, a topology file, or the URL of a monitor. Together they are the planes
// of one machine.
Result<PlanInput> ReadPlanInput(const std::vector<std::string>& sources, const Config& config);
// Sweeps once.
Result<PlanInput> SweepPlanInput(const Config& config, const Clock& clock, std::stop_token stop);

}  // namespace aftershock::app

// What aftershock has to say at one moment: the same for a person, a script and Prometheus.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/fabric.h"
#include "model/finding.h"

namespace aftershock {

// One plane (subnet): its last sweep and when the last complete one ended.
struct PlaneReport {
  std::string plane;                 // the local port's name, "mlx5_0:1"; of a file: its name
  FabricSnapshotPtr snapshot;        // nullptr: never swept so far
  std::optional<WallTime> complete;  // end of the last complete sweep
  std::optional<SteadyTime> complete_steady;
  Verdict verdict = Verdict::kUnknown;
};

struct Report {
  WallTime made{};
  Verdict verdict = Verdict::kUnknown;  // over all planes
  std::vector<PlaneReport> planes;
  std::vector<Finding> findings;  // worst first: weight, then subject
  Duration stale_after{};         // a plane's last complete sweep older than this: UNKNOWN
};
using ReportPtr = std::shared_ptr<const Report>;

// Worst first; notes, folded and accepted findings behind those with weight.
void SortFindings(std::vector<Finding>& findings);

}  // namespace aftershock

// What aftershock has to say at one moment: the same for a person, a script and Prometheus.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/fabric.h"
#include "model/finding.h"
#include "model/host.h"
#include "model/load.h"
#include "model/pairs.h"
#include "model/routing.h"
#include "model/window.h"

namespace aftershock {

// One plane (subnet): its last sweep and when the last complete one ended.
struct PlaneReport {
  std::string plane;                 // the local port's name, "mlx5_0:1"; of a file: its name
  FabricSnapshotPtr snapshot;        // nullptr: never swept so far
  std::optional<WallTime> complete;  // end of the last complete sweep
  std::optional<SteadyTime> complete_steady;
  Verdict verdict = Verdict::kUnknown;
  std::shared_ptr<const PortLoads> loads;       // of the last hour; nullptr: nobody measures
  std::shared_ptr<const RoutingFacts> routing;  // of `snapshot`; nullptr: its tables were not judged
  // Key() of those of Report::findings that are the plane's own; nullptr: nobody tells.
  std::shared_ptr<const std::vector<std::string>> own;
};

// The host this process runs on.
struct HostReport {
  HostSnapshotPtr snapshot;  // nullptr: never looked at so far
  Verdict verdict = Verdict::kUnknown;
  Duration stale_after{};         // a look older than this: UNKNOWN
  std::vector<Finding> findings;  // the host's own; they are among Report::findings, too
};

struct Report {
  WallTime made{};
  Verdict verdict = Verdict::kUnknown;  // over all planes and the host
  std::vector<PlaneReport> planes;
  std::optional<HostReport> host;    // none: this process does not look at its host
  std::optional<PairsReport> pairs;  // none: no redundancy group is configured, or nobody asks
  std::vector<Finding> findings;     // worst first: weight, then subject
  Duration stale_after{};            // a plane's last complete sweep older than this: UNKNOWN
  std::vector<Window> windows;       // that have not ended, and those that ended in the last day
};
using ReportPtr = std::shared_ptr<const Report>;

// Worst first; notes, folded and accepted findings behind those with weight.
void SortFindings(std::vector<Finding>& findings);

}  // namespace aftershock

// Small random fabrics, and the answers of a plan found the slow and plain way.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "build_fabric.h"
#include "model/plan.h"
#include "rules/whatif/plan.h"

namespace aftershock::tests {

// Switches are numbered from 0, hosts likewise; names are "s0", "h0".
struct SmallFabric {
  int switches = 0;
  std::vector<std::pair<int, int>> cables;   // between switches
  std::vector<std::vector<int>> hosts;       // switch of each leg
  std::set<int> gone_switches, gone_cables;  // by index
  std::set<std::pair<int, int>> gone_legs;   // (host, leg)
};

FabricSnapshot Build(const SmallFabric& fabric);
Plan Ask(const FabricSnapshot& snapshot, const SmallFabric& fabric);

struct HostTruth {
  std::uint32_t legs_after = 0;
  PlanPaths paths;
};
std::vector<HostTruth> Truth(const SmallFabric& fabric);
// Hosts without a leg into the main part of their island.
std::set<int> CutOff(const SmallFabric& fabric);
// Ways from each switch up to one without a switch above it, walked one by one; by switch.
std::vector<double> WalkUp(const SmallFabric& fabric, bool before);

}  // namespace aftershock::tests

// The rules about the subnet's manager and administration: each reads a View and returns what it found,
// without folding, accepting or sorting.
//
// Pure functions, thread-safe. What they need of earlier sweeps is in FabricState::subnet (memory.h).
#pragma once

#include <vector>

#include "model/finding.h"
#include "rules/view.h"

namespace aftershock::rules {

// masters.cc
std::vector<Finding> FindMissingSm(const View& view);
std::vector<Finding> FindSeveralSms(const View& view);
std::vector<Finding> FindStuckSm(const View& view);
// standbys.cc
std::vector<Finding> FindNoStandby(const View& view);
std::vector<Finding> FindUnfitStandbys(const View& view);
// lid_split.cc
std::vector<Finding> FindSplitSmLids(const View& view);
// sa.cc: sa-silent, sa-slow
std::vector<Finding> FindSilentSa(const View& view);
std::vector<Finding> FindSlowSa(const View& view);
// groups.cc
std::vector<Finding> FindMissingGroup(const View& view);
std::vector<Finding> FindUnfitGroup(const View& view);

}  // namespace aftershock::rules

// Rules about what stands beside the routes: multicast trees, memberships, partitions, lanes, and the load of
// parallel exits. Each reads a View and returns what it found, without folding, accepting or sorting.
//
// Pure functions, thread-safe.
#pragma once

#include <vector>

#include "model/finding.h"
#include "rules/routing/map.h"
#include "rules/view.h"

namespace aftershock::rules {

std::vector<Finding> FindBrokenMulticast(const View& view);
std::vector<Finding> FindLostMemberships(const View& view);  // ipoib-not-member
std::vector<Finding> FindDifferentPartitions(const View& view);
std::vector<Finding> FindDifferentLanes(const View& view);  // sl2vl-differs
std::vector<Finding> FindUnbalancedRoutes(const View& view);

}  // namespace aftershock::rules

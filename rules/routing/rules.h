// The rules about ways through the fabric. What they say is found once, when tables or topology change, and
// kept in the state; each rule makes findings of its share.
//
// Pure functions, thread-safe.
#pragma once

#include <vector>

#include "model/finding.h"
#include "rules/view.h"

namespace aftershock::rules {

// Walks the tables where they, or what they are judged by, differ from the sweep before. Without any table
// there is nothing to remember.
void RememberRouting(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings);

std::vector<Finding> FindUnreadTables(const View& view);
std::vector<Finding> FindMissingRoutes(const View& view);
std::vector<Finding> FindDeadEnds(const View& view);
std::vector<Finding> FindRouteLoops(const View& view);
std::vector<Finding> FindWrongExits(const View& view);
std::vector<Finding> FindCreditLoops(const View& view);

}  // namespace aftershock::rules

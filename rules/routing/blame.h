// From what was cut where to faults, one for each cause.
//
// Entries that are missing are put down to switches that miss many destinations and to destinations that many
// switches miss, those that explain most first. Exits and loops are their own cause. What is left when there
// are very many is one fault of the fabric's.
//
// Pure.
#pragma once

#include <vector>

#include "model/state.h"
#include "rules/routing/credits.h"
#include "rules/routing/walk.h"

namespace aftershock::rules {

std::vector<RouteFault> FaultsOf(const RoutingMap& map, const WalkResult& walk);
// At most one.
std::vector<RouteFault> FaultsOf(const RoutingMap& map, const Credits& credits);
// At most one: the switches that answer and whose tables are not known. None when no table was asked for.
std::vector<RouteFault> UnreadTables(const RoutingMap& map);

// "leaf01 port 19 to spine02 port 3, spine02 port 4 to …", of exits that follow each other.
std::string CycleText(const RoutingMap& map, const std::vector<Channel>& cycle, bool by_lane);

}  // namespace aftershock::rules

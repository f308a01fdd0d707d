// Whether packets go up the tiers and then down: what up/down and fat-tree routing promise, and what is free
// of credit loops on one lane.
//
// Pure.
#pragma once

#include <optional>

#include "rules/routing/dependency.h"
#include "rules/routing/map.h"

namespace aftershock::rules {

// Of all ways between adapters, whose dependencies `graph` has, without lanes: no exit to a lower tier is
// followed by one to a higher. nullopt: not known, because a table is not, or a switch chooses ways by load;
// or there are no clear tiers: no switch above the leaves, or cables within a tier (rings, tori, meshes).
// Time: exits times ports.
std::optional<bool> GoesUpAndDown(const RoutingMap& map, const DependencyGraph& graph);

}  // namespace aftershock::rules

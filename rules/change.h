// What was there in this run of the monitor and is there no more: nodes and cables.
//
// Only a complete sweep can lose something: what a partial one did not see, it did not look for.
#pragma once

#include <vector>

#include "model/fabric.h"
#include "model/finding.h"
#include "model/state.h"
#include "rules/view.h"

namespace aftershock::rules {

// Advances the state's nodes: who is there, who is gone, and who stands in whose way.
// REQUIRES: RememberPorts has seen this snapshot.
void RememberNodes(FabricState& state, const FabricSnapshot& snapshot);

std::vector<Finding> FindLostSwitches(const View& view);
std::vector<Finding> FindLostNodes(const View& view);
std::vector<Finding> FindLostLinks(const View& view);

// The finding that says that this dead node is dead, as Key() would; empty: the node is not known to be dead.
std::string DeathKey(const FabricState& state, Guid guid);

}  // namespace aftershock::rules

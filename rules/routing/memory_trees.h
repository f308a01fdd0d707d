// Advances FabricState::trees by one sweep: what has to be seen twice, and who was a member.
//
// Knows nothing of findings. What was not asked or not read in the sweep changes nothing. Pure.
#pragma once

#include "model/fabric.h"
#include "model/state.h"
#include "rules/view.h"

namespace aftershock::rules {

// Before the rules run; the view is of the same sweep and state.
void RememberTrees(FabricState& state, const View& view);

// Begins, goes on with, or ends a spell.
void Advance(std::optional<Spell>& spell, const FabricSnapshot& snapshot, bool stands);

}  // namespace aftershock::rules

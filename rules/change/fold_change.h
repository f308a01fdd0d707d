// One cause, one finding: between changes, and between a change and what the rules of the present say.
//
// Pure functions, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "rules/change/change_view.h"

namespace aftershock::rules {

// Sets `because` of each change to the root of the first of its causes that stands, here or among the others,
// and weighs at least as much.
void FoldChanges(std::span<const Finding> others, std::vector<Change>& changes);

// Adds the findings about change to those of the other rules, for one report. Of two of the same key the
// change is kept, with the evidence of both and the weight of the heavier; what was folded under a finding
// that is itself folded now is folded under its root.
void JoinChanges(std::vector<Finding>& findings, std::vector<Finding> changes);

}  // namespace aftershock::rules

// One cause, one finding: what follows from something else on this host is folded under it.
#pragma once

#include <vector>

#include "model/finding.h"
#include "rules/host/view.h"

namespace aftershock::rules {

// Sets `because` to the root cause, and gives the root the weight of what it causes, so that folding never
// makes a verdict better. Nothing that weighs folds under a note.
void FoldHost(const HostView& view, std::vector<Finding>& findings);

}  // namespace aftershock::rules

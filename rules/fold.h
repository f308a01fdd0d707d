// One cause, one finding: what follows from something else is folded under it.
#pragma once

#include <vector>

#include "model/finding.h"
#include "rules/view.h"

namespace aftershock::rules {

// Sets `because` to the root cause. A finding folds only under one that weighs at least as much, so that
// folding never makes a verdict better; only an unusable port of our own, with which nothing can be known,
// folds everything.
void Fold(const View& view, std::vector<Finding>& findings);

}  // namespace aftershock::rules

// What a monitor misses because it has seen it itself, against the baseline, which is what has to be there.
//
// The rules of the fabric remember every switch, host and cable of a run. Where there is a baseline, what it
// has not is no loss: something that nobody announced and that was taken out again, or that was accepted as
// gone. While a window is unfinished the baseline stands still, and what was put in since counts as well.
//
// Pure, thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/image.h"

namespace aftershock::rules {

// Removes the findings switch-lost, node-lost and link-lost about what the baseline has not, but for those
// that began since the first unfinished window was opened (none: no window is unfinished) and the baseline
// was taken. What was folded under them speaks for itself. REQUIRES: findings have their time.
void KeepToBaseline(std::vector<Finding>& findings, const Image& baseline,
                    std::optional<WallTime> unfinished);

}  // namespace aftershock::rules

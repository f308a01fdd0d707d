// Since when each change stands, and for how long of that somebody watched.
#pragma once

#include <vector>

#include "rules/change/change_view.h"

namespace aftershock::rules {

// What passed on the monotonic clock since the judgement before; 0 for the first one of this process.
Duration Elapsed(const ChangeState& state, SteadyTime at);

// Sets `since`, drops what has not stood long enough to be reported, makes warnings of what has stood too
// long. What the present look could not see is remembered, and not reported.
void TimeChanges(ChangeState& state, const ChangeFacts& facts, WallTime now, Duration elapsed,
                 std::vector<Change>& changes);

// Advances the candidate for the next baseline, and tells whether it is as old as it has to be.
bool TimeCandidate(ChangeState& state, const ChangeFacts& facts, bool critical, WallTime now,
                   Duration elapsed, Duration needed);

}  // namespace aftershock::rules

// The host's rules, run over one look: (State, Snapshot, Context) -> (State, Findings).
//
// Pure: no clock, file, socket or database; the same input gives the same output. The state is plain data
// (model/host_state.h) that the caller keeps between looks and may save. One look alone (`check --host` with
// a window of 0) judges what stands; what needs two looks (counters, stalls, changes) is judged from the
// second on.
#pragma once

#include <vector>

#include "model/finding.h"
#include "model/host.h"
#include "model/host_state.h"
#include "rules/judge.h"

namespace aftershock::rules {

struct HostJudgement {
  HostState state;
  std::vector<Finding> findings;  // folded (because), accepted, with `since`; sorted by SortFindings
  Verdict verdict = Verdict::kUnknown;
};

HostJudgement JudgeHost(HostState state, const HostSnapshot& snapshot, const Context& context);

}  // namespace aftershock::rules

// The fabric's rules, run over one sweep: (State, Snapshot, Context) -> (State, Findings).
//
// Pure: no clock, file, socket or database; the same input gives the same output. The state is plain data
// (model/state.h) that the caller keeps between sweeps of the same plane and may save.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "model/fabric.h"
#include "model/finding.h"
#include "model/settings.h"
#include "model/state.h"

namespace aftershock::rules {

struct Context {
  WallTime now{};
  const Settings* settings = nullptr;  // never null in use; outlives the call
};

struct FabricJudgement {
  FabricState state;
  std::vector<Finding> findings;  // folded (because), accepted, with `since`; sorted by SortFindings
  Verdict verdict = Verdict::kUnknown;
  std::shared_ptr<const RoutingFacts> routing;  // nullptr: no table was read
};

// A partial sweep advances the state by what it saw and is judged by what it saw, with sweep-incomplete on
// top.
FabricJudgement JudgeFabric(FabricState state, const FabricSnapshot& snapshot, const Context& context);

// Every rule of the binary, by family and then in the order of its table.
std::span<const RuleSpec* const> AllRules();
// nullptr: no such rule.
const RuleSpec* FindRule(std::string_view id);

}  // namespace aftershock::rules

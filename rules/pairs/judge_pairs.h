// The rules of redundancy groups, run over what was heard of their members and what sweeps saw of them:
// (State, Facts, Context) -> (State, Findings).
//
// Pure: no clock, file, socket or database. The groups are Settings::pairs; they may reach over several
// planes. Called after a round of questions and after a sweep; the same sweep may be handed in again.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/fabric.h"
#include "model/finding.h"
#include "model/liveness.h"
#include "model/pair_state.h"
#include "model/pairs.h"
#include "rules/judge.h"

namespace aftershock::rules {

// What is known of one plane. Both must outlive the call.
struct PlaneFacts {
  std::string plane;
  const FabricSnapshot* snapshot = nullptr;  // nullptr: never swept so far
  std::span<const Finding> findings;         // of the fabric's rules
};

struct PairFacts {
  std::vector<PlaneFacts> planes;
  std::span<const LivenessRound> rounds;  // since the last call
  SteadyTime at{};
  // Members are asked, now or soon. Otherwise (a saved snapshot) they stand as the sweep saw them.
  bool asking = true;
};

struct PairJudgement {
  PairState state;
  PairsReport report;  // verdicts of the pairs before folding
  std::vector<Finding> findings;
};
PairJudgement JudgePairs(PairState state, const PairFacts& facts, const Context& context);

// The switches that a pass over the members should ask, as far as their planes' snapshots have them.
std::vector<Guid> SwitchesToAsk(const PairState& state, const std::string& plane);

// One cause, one finding, between the findings of pairs and of the fabric in `findings`; and the verdict of
// each pair from what then has weight.
void FoldPairs(PairsReport& report, std::vector<Finding>& findings);
// The verdicts alone, anew: of findings that windows have explained since.
void WeighPairs(PairsReport& report, const std::vector<Finding>& findings);

}  // namespace aftershock::rules

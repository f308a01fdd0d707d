// Which switch a configured member is, and what sweeps tell of it. Internal to rules/pairs.
#pragma once

#include <string>
#include <vector>

#include "model/pair_state.h"
#include "rules/pairs/judge_pairs.h"

namespace aftershock::rules {

// The switches that a member's text means, in all planes: by GUID ("0x…"), by name, or by description.
struct Match {
  const PlaneFacts* plane;
  const Node* node;
};
std::vector<Match> MatchesOf(const std::string& text, const std::vector<PlaneFacts>& planes);

// Finds the members' switches, and takes what sweeps that were not seen before tell of them. false: there was
// none of these.
bool RememberSweeps(PairState& state, const PairFacts& facts, const Settings& settings);

}  // namespace aftershock::rules

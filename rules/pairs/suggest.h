// Groups that the topology makes look redundant, for a person to judge.
//
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rules/pairs/judge_pairs.h"

namespace aftershock::rules {

struct SuggestedMember {
  Guid guid{};
  std::string name;
};
struct SuggestedGroup {
  std::string name;    // unique among the suggestions
  std::string reason;  // one sentence
  std::uint32_t must_live = 1;
  std::vector<SuggestedMember> members;  // by name
};

// Switches that serve the same hosts by different ports, in one plane or several; and switches of a tier
// above the leaves that connect the same ones below. Each switch stands in one group at most: that of the
// most hosts.
std::vector<SuggestedGroup> SuggestPairs(const std::vector<PlaneFacts>& planes);

}  // namespace aftershock::rules

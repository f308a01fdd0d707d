// What the subjects of the command line mean on this fabric.
//
// Errors: kInvalid, and kAbsent for what is not in the network; the message lists candidates where a name is
// ambiguous or near to a known one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/pairs.h"
#include "rules/whatif/network.h"
#include "rules/whatif/paths.h"

namespace aftershock::whatif {

// "switch:NAME", "switch:GUID", "link:GUID/PORT", "link:NAME/PORT". Marks it in `gone`; returns how it was
// understood: "switch spine01 (0x…)".
Result<std::string> TakeAway(const Network& network, std::string_view subject, Exclusion& gone);

// What a risk label of the configured pairs takes away: "power=feed-A".
struct Risk {
  std::string label;
  std::vector<Index> switches;
  std::vector<std::string> missing;  // members that are no switch of what was read
};
// Every label there is, by name. An error: a member's name is that of several switches.
Result<std::vector<Risk>> RisksOf(const Network& network, std::span<const PairGroup> pairs);

// "switch:NAME|GUID", "host:NAME|GUID", or a name alone, which may be of either.
Result<std::string> AddTowards(const Network& network, std::string_view subject, Towards& towards);

}  // namespace aftershock::whatif

// Which switches each host reaches, and which it is cabled to. Internal to rules/pairs.
#pragma once

#include <optional>
#include <vector>

#include "rules/pairs/judge_pairs.h"

namespace aftershock::rules {

// The hosts of all planes as they are now and were cabled in this run; empty where no plane was seen.
std::vector<HostLegs> HostsNow(const PairState& state, const PairFacts& facts);

// Hosts that reach fewer live switches than they are cabled to; none: no fabric was seen.
std::optional<std::uint32_t> CountShortHosts(const PairState& state);

}  // namespace aftershock::rules

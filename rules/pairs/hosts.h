// Which switches each host reaches, and which it is cabled to. Internal to rules/pairs.
#pragma once

#include <optional>
#include <vector>

#include "rules/pairs/judge_pairs.h"

namespace aftershock::rules {

// Remembers the cables of the hosts of all planes, and which hosts reach what by them.
void RememberHosts(PairState& state, const PairFacts& facts);

// Hosts that reach fewer live switches than they are cabled to; none: no fabric was seen.
std::optional<std::uint32_t> CountShortHosts(const PairState& state);

}  // namespace aftershock::rules

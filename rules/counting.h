// From two readings of a port's counters to what was counted between them.
#pragma once

#include <array>

#include "model/fabric.h"
#include "model/state.h"

namespace aftershock::rules {

using WindowLengths = std::array<Duration, kWindowCount>;

// Takes the port's new reading into `memory`: its windows, and what was cleared. Returns how often the link
// went down beyond what was seen. REQUIRES: the port's counters were read in the sweep that began at
// `started`.
std::uint32_t CountInterval(PortMemory& memory, const Port& port, SteadyTime started,
                            const WindowLengths& lengths);

// A port to which the subnet manager gives a LID: of an adapter or router, or port 0 of a switch, while it
// carries data.
bool NeedsLid(const Node& node, const Port& port);

}  // namespace aftershock::rules

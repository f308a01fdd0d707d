// Advances the host's state by one look: which adapters there were, how the ports reached their subnet
// manager, how interfaces ran and flapped, what bonds had behind them.
//
// Knows nothing of findings. What a part of the look did not see is not forgotten.
#pragma once

#include "model/host.h"
#include "model/host_state.h"
#include "model/settings.h"

namespace aftershock::rules {

void RememberHost(HostState& state, const HostSnapshot& snapshot, const Settings& settings);

// Parts of it.
void RememberSmWays(HostState& state, const HostSnapshot& snapshot);
void RememberLinks(HostState& state, const HostSnapshot& snapshot, const Settings& settings);
void RememberRegisters(HostState& state, const HostSnapshot& snapshot, const Settings& settings);

// The events that this look brought, oldest first, and whether others were dropped before them.
struct NewEvents {
  std::vector<const HostEvent*> events;
  bool lost = false;
};
NewEvents EventsSince(const HostState& state, const HostSnapshot& snapshot);

}  // namespace aftershock::rules

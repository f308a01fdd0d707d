// The rule about hosts that are expected to report and do not.
//
// Pure functions, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/fleet.h"
#include "model/settings.h"
#include "model/window.h"
#include "rules/judge.h"

namespace aftershock::rules {

extern const RuleSpec kHostSilent;

// `began`: since when hosts are read; one that never answered is silent since then.
std::vector<Finding> FindSilentHosts(const FleetReport& fleet, SteadyTime began, SteadyTime now,
                                     const Context& context);

// The host that an item of a scope names: by the GUIDs of its adapters, else by its name. nullptr: it is none
// of these, or was never read.
const FleetHost* FindHost(const FleetReport& fleet, const ScopeItem& item);

// Hosts that a window's scope names and that do not report, as clauses. Those that nobody reads are not among
// them.
std::vector<std::string> SilentInScope(const Window& window, const FleetReport& fleet, SteadyTime now);
// Those that report, and did not do so since the window was closed.
std::vector<std::string> NotHeardSince(const Window& window, const FleetReport& fleet, SteadyTime closed,
                                       SteadyTime now);

}  // namespace aftershock::rules

// What a rule of the host suspects, and when a suspicion is a finding.
//
// A host heals by itself all the time: a subnet manager that restarts makes every interface leave its groups
// and join them again, and for some milliseconds nothing is as it should be. So a rule says by which event
// what it sees might be explained, and how long after it things have to be quiet before it is believed.
#pragma once

#include <optional>
#include <vector>

#include "model/finding.h"
#include "model/host_state.h"

namespace aftershock::rules {

struct Suspect {
  Finding finding;
  SteadyTime seen{};                         // when what it says was true
  std::optional<SteadyTime> disturbed = {};  // the last event that may explain it; none: nothing does
  Duration settle{};
};

// Those that stand: seen `settle` after the last disturbance, or again and again for that long, or found
// before and still there. Keeps the others in mind. One finding for each key.
std::vector<Finding> Settled(HostState& state, std::vector<Suspect> suspects);

}  // namespace aftershock::rules

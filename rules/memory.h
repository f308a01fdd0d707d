// Advances the state by one sweep: what the ports counted, which links went down, what has to be seen twice.
//
// Knows nothing of findings. Counters are compared between two readings of this process only; a reading in
// which a register was cleared, is full or is missing counts for nothing, and neither does one of a restarted
// device.
#pragma once

#include "model/fabric.h"
#include "model/settings.h"
#include "model/state.h"

namespace aftershock::rules {

// Whether the snapshot can follow what the state saw last, on the same clock. Otherwise the process is
// another one, or the same sweep came twice, and all readings and times are forgotten; the topology stays.
bool Follows(const FabricState& state, const FabricSnapshot& snapshot);

void RememberPorts(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings);

}  // namespace aftershock::rules

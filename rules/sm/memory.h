// Advances FabricState::subnet by one sweep: who led, who stood by, what the SA answered.
//
// Knows nothing of findings. What was not asked or not read in the sweep changes nothing.
#pragma once

#include "model/fabric.h"
#include "model/settings.h"
#include "model/state.h"

namespace aftershock::rules {

// Before it, RememberPorts() has to have told a process that is another one (Follows()).
void RememberSubnet(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings);

// Forgets all times, as another process has to; what was seen stays.
void ForgetSubnetTimes(SubnetMemory& memory);

// No master answers, although it was asked for and somebody needs one.
bool LacksMaster(const FabricSnapshot& snapshot);

}  // namespace aftershock::rules

// The rule about the wall clock of the machine, which a monitor applies.
#pragma once

#include <string>

#include "model/finding.h"
#include "model/settings.h"

namespace aftershock::rules {

extern const RuleSpec kClockJumped;
// `how` is one clause: "the clock was set back by 3600 s".
Finding ClockJumped(const Settings& settings, const std::string& how);

}  // namespace aftershock::rules

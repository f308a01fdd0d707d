// The rule about windows that are announced elsewhere and could not be asked for, which a host's monitor
// applies.
#pragma once

#include <string>

#include "model/finding.h"
#include "model/settings.h"

namespace aftershock::rules {

extern const RuleSpec kWindowsUnknown;
// `why` is one clause.
Finding WindowsUnknown(const Settings& settings, const std::string& why);

}  // namespace aftershock::rules

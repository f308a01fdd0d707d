// The rule about the journal itself, which a monitor applies.
#pragma once

#include <string>

#include "model/finding.h"
#include "model/settings.h"

namespace aftershock::rules {

extern const RuleSpec kJournalFailing;
// `why` is one clause.
Finding JournalFailing(const Settings& settings, const std::string& why);

}  // namespace aftershock::rules

// The table of the rules about the subnet's manager, its administration and the IPoIB broadcast group.
//
// The texts are in table_sm.cc and table_sa.cc. sa-silent is one fact whoever finds it: its row is the host's
// (rules/host/table.h).
#pragma once

#include "model/settings.h"

namespace aftershock::rules {

// Who manages.
extern const RuleSpec kSmMissing;
extern const RuleSpec kSmSeveral;
extern const RuleSpec kSmStuck;
extern const RuleSpec kSmNoStandby;
extern const RuleSpec kSmStandbyUnfit;
extern const RuleSpec kSmLidSplit;
// What the SA answers.
extern const RuleSpec kSaSlow;
extern const RuleSpec kIpoibGroupMissing;
extern const RuleSpec kIpoibGroupParameters;

}  // namespace aftershock::rules

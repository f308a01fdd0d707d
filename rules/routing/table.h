// The table of the rules about routing. The texts are in table_*.cc; a rule's function is paired with its row
// in rules/judge.cc.
#pragma once

#include "model/settings.h"

namespace aftershock::rules {

// Ways that do not arrive.
extern const RuleSpec kRoutingUnread;
extern const RuleSpec kRouteMissing;
extern const RuleSpec kRouteDeadEnd;
extern const RuleSpec kRouteLoop;
extern const RuleSpec kRouteWrongExit;
// Ways that arrive, and hold each other up.
extern const RuleSpec kCreditLoop;

}  // namespace aftershock::rules

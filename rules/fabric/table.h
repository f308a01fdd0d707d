// The table of the fabric's rules: what each looks at, why it matters, with which thresholds.
//
// The texts are in table_*.cc. A rule's function is paired with its row in rules/judge.cc.
#pragma once

#include "model/settings.h"

namespace aftershock::rules {

// Coverage: what could not be seen.
extern const RuleSpec kSweepIncomplete;
extern const RuleSpec kNodeUnresponsive;
// Who is who.
extern const RuleSpec kGuidDuplicate;
extern const RuleSpec kLidDuplicate;
extern const RuleSpec kLidInvalid;
// What was there and is no more.
extern const RuleSpec kSwitchLost;
extern const RuleSpec kNodeLost;
extern const RuleSpec kLinkLost;
// Links.
extern const RuleSpec kPortNotActive;
extern const RuleSpec kLinkDegraded;
extern const RuleSpec kLinkEndsDisagree;
extern const RuleSpec kLinkSlowerThanSiblings;
extern const RuleSpec kLinkFlapping;
// Counters.
extern const RuleSpec kLinkErrors;
extern const RuleSpec kTransmitDiscards;
extern const RuleSpec kCounterSaturated;
extern const RuleSpec kCounterReset;

}  // namespace aftershock::rules

// Rows of the rules of rules_trees.h; ipoib-not-member's is among the hosts' (rules/host/table.h).
#pragma once

#include "model/settings.h"

namespace aftershock::rules {

extern const RuleSpec kMulticastBroken;
extern const RuleSpec kPartitionDiffers;
extern const RuleSpec kSl2VlDiffers;
extern const RuleSpec kRouteUnbalanced;

}  // namespace aftershock::rules

// The table of the rules about change. The rows of switch-lost, node-lost and link-lost are the fabric's
// (rules/fabric/table.h): the same facts, seen against a baseline.
#pragma once

#include <span>

#include "model/settings.h"

namespace aftershock::rules {

// What the fabric shows: table_fabric.cc.
extern const RuleSpec kLinkMoved;
extern const RuleSpec kLinkSlower;
extern const RuleSpec kNodeNew;
extern const RuleSpec kLidChanged;
extern const RuleSpec kFirmwareChanged;
extern const RuleSpec kSmChanged;
// What hosts show: table_host.cc.
extern const RuleSpec kPartitionChanged;
extern const RuleSpec kMulticastChanged;
extern const RuleSpec kHostSettingsChanged;
extern const RuleSpec kMemberLeft;
extern const RuleSpec kRedundancyLost;
// What the forwarding tables show: table_routing.cc.
extern const RuleSpec kRoutingChanged;
extern const RuleSpec kRoutingEngineFallback;
extern const RuleSpec kRouteThroughExcluded;
// Before and after: table_time.cc.
extern const RuleSpec kNotRestored;
extern const RuleSpec kUnannouncedChange;
extern const RuleSpec kErrorsSinceChange;
extern const RuleSpec kEventsSinceChange;
extern const RuleSpec kBaselineMissing;

// The rows above, in their order.
std::span<const RuleSpec* const> ChangeRules();

}  // namespace aftershock::rules

// The table of the host's rules: what each looks at, why it matters, with which thresholds.
//
// The texts are in table_*.cc. A rule's function is paired with its row in rules/host/judge_host.cc.
#pragma once

#include "model/settings.h"

namespace aftershock::rules {

// Coverage: what could not be seen.
extern const RuleSpec kHostNotVisible;
// Adapters and their ports.
extern const RuleSpec kHcaMissing;
extern const RuleSpec kHcaRemoved;
extern const RuleSpec kHcaEventBurst;
extern const RuleSpec kHostPortDown;
extern const RuleSpec kPortCounters;
// The subnet's manager and administration.
extern const RuleSpec kSaSilent;
extern const RuleSpec kIpoibSmNotMaster;
extern const RuleSpec kIpoibSmStale;
// Interfaces.
extern const RuleSpec kIpoibNoCarrier;
extern const RuleSpec kIpoibNotMember;
extern const RuleSpec kIpoibRateBelowGroup;
extern const RuleSpec kIpoibMtuMismatch;
extern const RuleSpec kIpoibSettingsChanged;
extern const RuleSpec kIpoibTxStalled;
extern const RuleSpec kIpoibNeighbourStale;
extern const RuleSpec kIpoibFlapping;
// Bonds.
extern const RuleSpec kBondDegraded;
extern const RuleSpec kBondOneSwitch;
extern const RuleSpec kBondStandbyDead;
extern const RuleSpec kBondSettings;

}  // namespace aftershock::rules

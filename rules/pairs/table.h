// The table of the rules of redundancy groups. A rule's function is paired with its row in judge_pairs.cc.
#pragma once

#include "model/settings.h"

namespace aftershock::rules {

// How the members stand: table_state.cc.
extern const RuleSpec kPairLost;
extern const RuleSpec kPairDegraded;
extern const RuleSpec kPairBothIntermittent;
extern const RuleSpec kPairIntermittent;
extern const RuleSpec kPairUnseen;
extern const RuleSpec kPairMemberUnknown;
extern const RuleSpec kPairMemberRestarted;
extern const RuleSpec kPairCorrelated;
// What they have in common and in what they differ: table_kind.cc.
extern const RuleSpec kPairSharedRisk;
extern const RuleSpec kPairFirmwareDiffers;
extern const RuleSpec kPairMemberReplaced;
extern const RuleSpec kPairUneven;
extern const RuleSpec kPairStandbyUnproven;

}  // namespace aftershock::rules

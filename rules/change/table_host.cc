#include <array>

#include "rules/change/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kSettingsThresholds{
    ThresholdSpec{
        "settle_seconds", 120, 0, 86400, "s",
        "An interface, a bond or a leg has to be missing for so long; a host that starts sets them up "
        "one after the other. Other values are reported at once."},
};

}  // namespace

constexpr RuleSpec kPartitionChanged{
    .id = "partition-changed",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port has other P_Keys than in the baseline.",
    .looks_at =
        "The P_Key tables of the Active ports of each host's adapters, as the "
        "host has them, and those that the fabric tells of adapters' ports "
        "and switches. It is part of an unannounced-change outside "
        "every window.",
    .matters =
        "A P_Key that is gone, or full membership that became limited, cuts "
        "interfaces off from their partition: "
        "at the next join, not at once.",
    .advice =
        "Compare the partition configuration of all subnet managers, the "
        "standby's above all; look at smpquery "
        "pkeys.",
    .thresholds = {}};

constexpr RuleSpec kMulticastChanged{
    .id = "multicast-changed",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A broadcast group has other parameters than in the baseline.",
    .looks_at =
        "Q_Key, MTU, rate and service level of the broadcast groups of IPoIB, as members of both looks see "
        "them. "
        "Another MLID alone is a note: the group was made anew. Other parameters are part of an "
        "unannounced-change "
        "outside every window.",
    .matters =
        "Who is a member stays one; who has to join again with the old parameters is refused, hours later.",
    .advice =
        "Look at saquery -g and at the partition configuration (mtu, rate, sl) of the manager that is master "
        "now.",
    .thresholds = {}};

constexpr RuleSpec kHostSettingsChanged{
    .id = "host-settings-changed",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A host's interfaces or bonds are set differently than in the baseline.",
    .looks_at =
        "Mode, MTU and umcast of IPoIB interfaces, mode, miimon, arp_interval, fail_over_mac, MTU and legs "
        "of "
        "bonds, and whether they are there at all. What ipoib-settings-changed tells of the same host folds "
        "this "
        "one under it.",
    .matters =
        "A driver that was loaded again, or a network script, falls back to defaults: datagram mode, a small "
        "MTU, "
        "a bond that watches nothing. Small packets pass, large ones do not, and fail-over fails when it is "
        "needed.",
    .advice = "Compare ip -d link with the host's network configuration, and set what differs.",
    .thresholds = kSettingsThresholds};

constexpr RuleSpec kMemberLeft{
    .id = "member-left",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "An interface lost the membership of its broadcast group.",
    .looks_at =
        "Interfaces with carrier that the SA knew as members when the baseline was taken and answers for as "
        "no "
        "members now. Where ipoib-not-member stands for the interface, this one is folded under it.",
    .matters =
        "It still talks to everybody it knows. When those entries age, within minutes or hours, ARP finds "
        "nobody, "
        "and the host is cut off while its port is Active.",
    .advice =
        "Check saquery -m for the group; take the interface down and up, or let the subnet manager ask for "
        "registration again, before the neighbour entries age.",
    .thresholds = {}};

constexpr RuleSpec kRedundancyLost{
    .id = "redundancy-lost",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Less redundancy is left than in the baseline.",
    .looks_at =
        "Live members of each group of `pairs:`, and the distinct live switches behind each bond, against "
        "the "
        "baseline. Under what says the same of the present (pair-degraded, bond-degraded, a lost switch) it "
        "is "
        "folded.",
    .matters = "Everything works, and the next fault finds no spare.",
    .advice =
        "Bring back what is missing before anything else is changed; bonds name their legs in ip -d link.",
    .thresholds = {}};

}  // namespace aftershock::rules

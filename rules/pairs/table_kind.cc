#include <array>

#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kUnevenThresholds{
    ThresholdSpec{"majority", 0.5, 0.01, 1, "of the hosts",
                  "Where at least this share of a group's hosts reach several members, so should the others "
                  "that have the ports for it; no precedent, a starting point."},
};
constexpr std::array kStandbyThresholds{
    ThresholdSpec{"idle_seconds", 86400, 60, 31536000, "s",
                  "Without traffic for so long a member is unproven: a day has seen every backup job."},
    ThresholdSpec{"traffic_octets_per_second", 100000, 0, 1e15, "octets/s",
                  "Less than that over all its ports is management and monitoring; a sweep of a thousand "
                  "nodes a minute moves about 10,000."},
};

}  // namespace

constexpr RuleSpec kPairSharedRisk{
    .id = "pair-shared-risk",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "So many members share a risk that it takes the group down.",
    .looks_at =
        "The labels in the members' `risks:`, power first, that so many members have with the same value "
        "that "
        "the others are fewer than have to live. Without a shared power label it is a note. A label "
        "`firmware` is left to pair-firmware-differs.",
    .matters = "One event takes all of them: two switches on one feed are one switch.",
    .advice = "Move one of them to another feed, or accept the finding with the reason why it has to be so.",
    .thresholds = {}};

constexpr RuleSpec kPairFirmwareDiffers{
    .id = "pair-firmware-differs",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Members of a group are not alike in firmware or model.",
    .looks_at =
        "The label `firmware` in the members' risks, where all have it; and what the switches say of "
        "themselves: vendor, device, and what they are capable of (port 0, performance agent, table sizes). "
        "A difference in the hardware's revision alone is a note. The firmware's version itself is in no "
        "standard attribute.",
    .matters = "A takeover between unlike switches is one that nobody has tested.",
    .advice = "Compare the versions (vendstat -N, the switch's console), and bring both to one.",
    .thresholds = {}};

constexpr RuleSpec kPairMemberReplaced{
    .id = "pair-member-replaced",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "Another switch stands where a member stood.",
    .looks_at =
        "Whether the cables of a member that is gone lead to one other switch now, or its name is another "
        "GUID's, or the same switch says other things of itself. A warning where the new one differs from "
        "its "
        "peer: SM LID, LMC, M_Key protection, whether a subnet manager runs on it, MTU, routing table. "
        "Partition tables are not read.",
    .matters = "A replacement that was not set up like its peer works until it is needed.",
    .advice =
        "Compare both switches' configuration, and put the new GUID into the configuration of the pair.",
    .thresholds = {}};

constexpr RuleSpec kPairUneven{
    .id = "pair-uneven",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Hosts reach one member only.",
    .looks_at =
        "Hosts that were cabled to several live members in this run, or have the ports to be so while most "
        "hosts of the group are, and reach just one. A leg is lost where an end of it was read and is down "
        "or "
        "leads elsewhere; one that a sweep missed, or whose switch is silent, stays as it was. Adapters of "
        "one "
        "machine count together; aggregation nodes and routers are no hosts.",
    .matters = "For these hosts there is no pair: they lose their last path with that member.",
    .advice = "Look at the hosts' other port: cable, ibstat; plug it into the member that it does not reach.",
    .thresholds = kUnevenThresholds};

constexpr RuleSpec kPairStandbyUnproven{
    .id = "pair-standby-unproven",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A member has carried nothing for a day.",
    .looks_at =
        "The data that all ports of the member sent and received, while another member carried traffic. What "
        "its management agent answers proves nothing of what it forwards.",
    .matters = "A standby that was never used is one that nobody knows to work.",
    .advice = "Send something over it in a window: a test between two hosts by this member alone.",
    .thresholds = kStandbyThresholds};

}  // namespace aftershock::rules

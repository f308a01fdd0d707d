#include "rules/routing/table_trees.h"

#include <array>

namespace aftershock::rules {
namespace {

constexpr std::string_view kConfirmHelp =
    "Two sweeps at least so far apart make more than a note of it; OpenSM writes tables within a second of "
    "the "
    "join, the leave or the link that calls for it.";

constexpr std::array kMulticastThresholds{ThresholdSpec{"confirm_seconds", 3, 0, 86400, "s", kConfirmHelp}};
constexpr std::array kPartitionThresholds{
    ThresholdSpec{"confirm_seconds", 3, 0, 86400, "s", kConfirmHelp},
    ThresholdSpec{
        "min_peers", 3, 2, 100000, "switches",
        "Port 0 is compared when there are at least so many other switches; no precedent, a starting "
        "point."},
    ThresholdSpec{"peers_share", 0.8, 0.5, 1, "of them",
                  "What at least this share of the other switches has is usual; a partition of some switches "
                  "is a configuration."},
};
constexpr std::array kLanesThresholds{
    ThresholdSpec{"min_peers", 3, 2, 100000, "switches",
                  "Compared when there are at least so many other switches of the same kind and tier; no "
                  "precedent, a starting point."},
    ThresholdSpec{"peers_share", 0.8, 0.5, 1, "of them",
                  "A row is usual when at least this share of them has it for all such ports; engines that "
                  "choose VLs by place have no such row."},
};
constexpr std::array kBalanceThresholds{
    ThresholdSpec{"confirm_seconds", 3, 0, 86400, "s", kConfirmHelp},
    ThresholdSpec{
        "times", 4, 1.5, 1000, "times",
        "So many times the ways of the middle one of its twins. OpenSM's engines count ways and stay "
        "within one or two of each other on parallel links; those that weigh ways globally (dfsssp) "
        "differ by less than two."},
    ThresholdSpec{"min_ways", 16, 2, 100000, "LIDs",
                  "Fewer ways are too few to balance: the hosts of less than one leaf."},
};

}  // namespace

constexpr RuleSpec kMulticastBroken{
    .id = "multicast-broken",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "The multicast tree of the IPoIB broadcast group has a loop, or misses a member.",
    .looks_at =
        "The group's entry in the multicast table of every switch. Members are the ports of adapters that "
        "the "
        "tables lead to and those that the SA has as members; all have to be on one connected tree without a "
        "loop. A group of one has none. One reading is a note; a port that is not on the tree has to be a "
        "member by an answer of the SA that is not older than that. While the SA has not told the group, the "
        "group with the most members is judged, and a loop in it is a warning. Tables that cannot be read or "
        "do "
        "not stand still make it unknown.",
    .matters =
        "ARP requests and neighbour solicitations go by this tree. Whoever is not on it stays reachable for "
        "those that know the address, and is lost to one after the other as their entries age. In a loop "
        "every "
        "broadcast goes round for ever and fills the links.",
    .advice =
        "Compare with ibroute -M of the switches named. Make the subnet manager route anew (a heavy sweep: "
        "SIGHUP to OpenSM); if the entry stays wrong, look in its log for a multicast table that it could "
        "not "
        "set, and restart the switch's management.",
    .thresholds = kMulticastThresholds};

constexpr RuleSpec kPartitionDiffers{
    .id = "partition-differs",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A switch lacks P_Keys: those of the adapter behind a port, or those of the other switches.",
    .looks_at =
        "The P_Key table of each port of a switch that enforces partitions against that of the adapter "
        "behind "
        "it; that of each switch's port 0 against what nearly all others have, ports of subnet managers left "
        "out. Critical where the default partition or that of the IPoIB broadcast group is lacking; a "
        "partition "
        "that one switch alone has is a note, and so is all that was read once only.",
    .matters =
        "The switch drops what is sent in a partition that it does not have, and no error counter of the "
        "host "
        "moves. A port 0 without the default partition answers no queries of counters.",
    .advice =
        "Compare the subnet manager's partition configuration with smpquery pkeys of both ports, and look in "
        "its log for a P_Key table that it could not set; a switch that restarted during a sweep can be left "
        "with an old one.",
    .thresholds = kPartitionThresholds};

constexpr RuleSpec kSl2VlDiffers{
    .id = "sl2vl-differs",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A switch maps SLs to VLs differently from the switches like it.",
    .looks_at =
        "SL-to-VL tables, where more than one VL is in use: switches of the same device and tier, for pairs "
        "of "
        "ports that lead to the same tiers with the same number of VLs. Where the engine gives each place "
        "its "
        "own rows, nothing is usual and nothing is compared. Against the baseline a difference is a warning.",
    .matters =
        "Engines that rely on VLs are free of credit loops only where every switch follows the mapping; and "
        "quality of service ends where a switch puts all on one VL.",
    .advice =
        "Compare smpquery sl2vl with that of a like switch. Make the subnet manager sweep; OpenSM writes "
        "these "
        "tables only when it thinks that they have changed, so that it may take a restart.",
    .thresholds = kLanesThresholds};

constexpr RuleSpec kRouteUnbalanced{
    .id = "route-unbalanced",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "One link carries many times the ways of its parallel twins.",
    .looks_at =
        "For each switch the LIDs of adapters and routers that its linear table sends out by each port: "
        "links "
        "to the same switch, and links to switches without hosts that have the same neighbours. The worst of "
        "each switch is shown. Switches that route adaptively are not judged.",
    .matters =
        "The bandwidth of the twins is there and is not used: the loaded link is the first to congest, with "
        "no "
        "error anywhere. OpenSM spreads the ways anew by itself when a cable comes back; where they stay "
        "uneven, "
        "it could not write a table, or was told how to route.",
    .advice =
        "Compare with ibroute of the switch. Make the subnet manager compute all ways anew (OpenSM: reroute "
        "on its "
        "console, or a restart). If it stays, look at its log for a fallback of the engine and at its root "
        "or node "
        "GUID files.",
    .thresholds = kBalanceThresholds};

}  // namespace aftershock::rules

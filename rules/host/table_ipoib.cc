// The subnet's manager and administration, and interfaces.
#include <array>

#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

constexpr std::string_view kSettleHelp =
    "Quiet for so long after the last event of the interface and its port; measured: IPoIB recovers from a "
    "change of LID, SM or P_Keys within 27 ms.";

constexpr std::array kSilentThresholds{
    ThresholdSpec{
        "answer_max_age_seconds", 900, 60, 86400, "s",
        "An answer older than this, and a minute for each interface of the port, is none; questions "
        "are up to 8 min apart after time-outs."},
    ThresholdSpec{
        "takeover_seconds", 30, 0, 3600, "s",
        "From the fabric's side a note for so long after a master took over: OpenSM answers as busy "
        "until its first sweep has ended."},
};
constexpr std::array kNotMasterThresholds{
    ThresholdSpec{"settle_seconds", 10, 0, 3600, "s",
                  "Asked so long after the last event of the port; OpenSM's sweep interval is 10 s."},
};
constexpr std::array kStaleThresholds{
    ThresholdSpec{"grace_seconds", 1, 0, 3600, "s",
                  "How long the event may come after the change was seen; drivers send it in milliseconds."},
};
constexpr std::array kNoCarrierThresholds{ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kSettleHelp}};
constexpr std::array kNotMemberThresholds{
    ThresholdSpec{
        "settle_seconds", 20, 0, 3600, "s",
        "Asked so long after the last event of the interface and its port; the kernel's joins back off "
        "to 16 s at most."},
    ThresholdSpec{
        "confirm_seconds", 60, 0, 86400, "s",
        "From the fabric's side: two answers at least so far apart; after a failover hosts join again "
        "with back-off."},
    ThresholdSpec{
        "together_seconds", 1800, 1, 86400, "s",
        "Ports that were found out of the group within this time were lost together; the fabric is asked "
        "in rotation, so that they are not found at once."},
    ThresholdSpec{
        "together_hosts", 3, 2, 100000, "hosts",
        "Ports of so many hosts lost together are critical: nobody takes that many interfaces down one "
        "by one."},
    ThresholdSpec{
        "peers", 10, 2, 100000, "ports",
        "A port that never was a member is compared with the others when at least so many were asked."},
    ThresholdSpec{"peers_share", 0.9, 0.5, 1, "of them",
                  "Such a port is a note when at least this share of them are members."},
};
constexpr std::array kRateThresholds{ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kSettleHelp}};
constexpr std::array kMtuThresholds{ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kSettleHelp}};
constexpr std::array kSettingsThresholds{ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kSettleHelp}};
constexpr std::array kStalledThresholds{
    ThresholdSpec{
        "stall_seconds", 1.5, 0.1, 3600, "s",
        "Something waits and nothing leaves for so long; the kernel's own watchdog gives IPoIB 1 s."},
    ThresholdSpec{"clear_seconds", 10, 0, 3600, "s",
                  "A stalled queue has to move for so long before it is well; no precedent."},
};
constexpr std::array kNeighbourThresholds{
    ThresholdSpec{
        "settle_seconds", 20, 0, 3600, "s",
        "The SA was asked so long after the last event of the interface and its port; a subnet manager "
        "sweeps first."},
    ThresholdSpec{
        "confirm_seconds", 1.5, 0, 3600, "s",
        "Another address seen in ARP has to be seen in two looks so far apart; the kernel learns from "
        "the same packet."},
    ThresholdSpec{"confirmed_seconds", 60, 1, 86400, "s",
                  "A neighbour confirmed so recently is in use; the kernel's gc_stale_time is 60 s."},
};
constexpr std::array kIpoibFlappingThresholds{
    ThresholdSpec{"flaps", 3, 1, 60, "flaps", "So many within the window are flapping; gpud has 3."},
    ThresholdSpec{"window_seconds", 43200, 60, 2592000, "s", "How long a flap is remembered; gpud has 12 h."},
    ThresholdSpec{
        "heal_seconds", 0.1, 0, 60, "s",
        "A carrier that is back so soon is no flap; measured: 27 ms for a change of LID, SM or P_Keys."},
};

}  // namespace

constexpr RuleSpec kSaSilent{
    .id = "sa-silent",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "The subnet's manager or administration does not answer.",
    .looks_at =
        "By each Active port of a host: whether the SM and the SA answered the last question about it, "
        "whether "
        "they refused, were never asked, or answered too long ago. From the fabric's side: whether the SA at "
        "the master answers ClassPortInfo.",
    .matters =
        "The kernel asks the same SA by the same way: joins and path lookups fail, and whoever is connected "
        "today "
        "cannot reconnect tomorrow. Whether the interfaces are members of their groups is not known.",
    .advice =
        "Run sminfo and saquery by this port; look whether the subnet manager runs, and whether this port "
        "may speak "
        "to it (its P_Key table has to have the default partition).",
    .thresholds = kSilentThresholds};

constexpr RuleSpec kIpoibSmNotMaster{.id = "ipoib-sm-not-master",
                                     .severity = Severity::kCritical,
                                     .unknown = false,
                                     .title = "What answers at the port's SM LID is no master.",
                                     .looks_at = "SMInfo at the SM LID of each Active port.",
                                     .matters =
                                         "The port still goes to a subnet manager that stepped down or never "
                                         "led: its questions go unanswered, and "
                                         "what it registered is lost on the one that leads now.",
                                     .advice =
                                         "Find the master with ibnetdiscover or the fabric role, and why it "
                                         "did not set this port's SM LID: two "
                                         "managers with different M_Keys, or a handover that stuck.",
                                     .thresholds = kNotMasterThresholds};

constexpr RuleSpec kIpoibSmStale{
    .id = "ipoib-sm-stale",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "The subnet manager moved, and no event told the kernel.",
    .looks_at =
        "Whether the SM LID or SL of an Active port changed between two looks, and none of PORT_ERR, "
        "PORT_ACTIVE, "
        "LID_CHANGE, PKEY_CHANGE, SM_CHANGE and CLIENT_REREGISTER of the port came since the look before. "
        "Not "
        "judged where events are not received.",
    .matters =
        "The kernel's way to the SA is kept in memory and made anew only by those events. Until one comes "
        "its joins "
        "and path lookups go to where the manager was, while sysfs and PortInfo show the new place.",
    .advice =
        "Make the manager ask its clients to register again (OpenSM: no_clients_rereg must be FALSE), or "
        "take the "
        "port's link down and up at a time of your choosing.",
    .thresholds = kStaleThresholds};

constexpr RuleSpec kIpoibNoCarrier{
    .id = "ipoib-no-carrier",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "An interface is up on an Active port and has no carrier.",
    .looks_at =
        "IPoIB interfaces that are administratively up without carrier although their port is Active.",
    .matters =
        "IPoIB has carrier when it has joined its broadcast group. The joins fail: nothing is sent or "
        "received.",
    .advice =
        "Look for join failures in the kernel's log, at the interface's P_Key in the port's table, and at "
        "the "
        "group's MTU and rate (saquery -g).",
    .thresholds = kNoCarrierThresholds};

constexpr RuleSpec kIpoibNotMember{
    .id = "ipoib-not-member",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "The SA does not know an interface or a port as a member of its broadcast group.",
    .looks_at =
        "The SA's answer for the port GID in the broadcast group of each interface that has carrier. Only an "
        "answer "
        "counts, and only one that was asked after the last event had settled. From the fabric's side: its "
        "answers for the ports of adapters, in rotation. A port that was a member in this run and is out "
        "while "
        "it stays Active is a warning, since a host may have taken its interface down; ports of several "
        "hosts "
        "lost together are critical; one that never was a member, as nearly all others are, is a note.",
    .matters =
        "ARP requests no longer reach this host. Peers that know its address go on, so that everything "
        "works; as "
        "their entries age, one after the other stops finding it.",
    .advice =
        "Let the interface join again before the entries age: make the subnet manager ask for "
        "re-registration, or "
        "take the interface down and up. Then find who forgot: the manager's log around the last failover.",
    .thresholds = kNotMemberThresholds};

constexpr RuleSpec kIpoibRateBelowGroup{
    .id = "ipoib-rate-below-group",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port is slower than its interface's broadcast group.",
    .looks_at = "The port's rate against the rate of the group, as the SA told it last.",
    .matters =
        "A subnet manager refuses a join by a port that is slower than the group. Whoever is a member stays "
        "one until "
        "the next re-registration, and is then without carrier.",
    .advice =
        "Find why the port runs slower than it could (mlxlink, iblinkinfo); else lower the group's rate in "
        "the "
        "subnet manager's partition configuration.",
    .thresholds = kRateThresholds};

constexpr RuleSpec kIpoibMtuMismatch{
    .id = "ipoib-mtu-mismatch",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "An interface sends larger packets than its broadcast group carries.",
    .looks_at = "The MTU of interfaces in datagram mode, and IPoIB's 4 octets, against the MTU of the group.",
    .matters = "Small packets pass and large ones do not: connections open and then hang.",
    .advice =
        "Set the interface's MTU to the group's less 4, or raise the group's in the subnet manager's "
        "partition "
        "configuration once every member can carry it.",
    .thresholds = kMtuThresholds};

constexpr RuleSpec kIpoibSettingsChanged{
    .id = "ipoib-settings-changed",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "An interface runs with other settings than before, or than the other legs of its bond.",
    .looks_at =
        "Mode, MTU and P_Key of each interface against what they were when this run of the monitor first saw "
        "it up, and "
        "against the other legs of the same bond.",
    .matters =
        "After a hot plug or a restart of the network an interface may fall back to datagram mode and a "
        "small MTU; "
        "legs that differ make a failover change what fits into a packet.",
    .advice =
        "Compare with the host's network configuration; if the change was wanted, restart the monitor so "
        "that it "
        "is what is known.",
    .thresholds = kSettingsThresholds};

constexpr RuleSpec kIpoibTxStalled{
    .id = "ipoib-tx-stalled",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Nothing leaves an interface's queue although it has carrier.",
    .looks_at =
        "Packets that wait while the count of sent ones stands still over two looks, and the kernel's own "
        "lines about "
        "a transmit queue that timed out with nothing sent since.",
    .matters =
        "A transmit queue that has stopped does not start by itself: the host is cut off and looks up.",
    .advice =
        "Keep the kernel's lines about tx_head and tx_tail, then take the interface down and up; if it comes "
        "back, "
        "look for the driver's fix.",
    .thresholds = kStalledThresholds};

constexpr RuleSpec kIpoibNeighbourStale{
    .id = "ipoib-neighbour-stale",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "The kernel sends to a neighbour's address that is no longer right.",
    .looks_at =
        "Neighbour entries against the SA's answer for their GID, and against the addresses that peers give "
        "in ARP "
        "packets that were seen. A note for entries that nobody uses.",
    .matters =
        "The address has the queue pair in it, which a peer changes when it restarts: packets to the old one "
        "are "
        "dropped without a word until the entry is renewed.",
    .advice =
        "Delete the entry (ip neigh del) and see whether the peer is found again; if not, look at the peer's "
        "membership in the broadcast group.",
    .thresholds = kNeighbourThresholds};

constexpr RuleSpec kIpoibFlapping{
    .id = "ipoib-flapping",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "An interface loses its carrier again and again.",
    .looks_at =
        "How often an interface lost its carrier within the window for longer than it takes to heal by "
        "itself. What an "
        "administrator took down does not count.",
    .matters = "Each time connections stall, groups are joined anew and bonds fail over.",
    .advice =
        "Look at the port's counters and events for what comes before it: PORT_ERR is the cable, SM_CHANGE "
        "and "
        "PKEY_CHANGE the subnet manager.",
    .thresholds = kIpoibFlappingThresholds};

}  // namespace aftershock::rules

#include <array>

#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kUnresponsiveThresholds{
    ThresholdSpec{"lost_ratio", 0.1, 0.001, 1, "of the requests",
                  "A node that answered in the end is reported when it lost at least this share of the "
                  "requests sent to "
                  "it; no precedent, a starting point."},
    ThresholdSpec{"lost_requests", 5, 1, 1000000, "requests",
                  "And at least so many of them; no precedent, a starting point that one congested moment "
                  "does not reach."},
};
constexpr std::array kLidThresholds{
    ThresholdSpec{
        "confirm_seconds", 3, 0, 86400, "s",
        "Two reads at least so far apart make it a warning; a subnet manager sets up a port in less."},
};
constexpr std::array kNodeLostThresholds{
    ThresholdSpec{
        "warn_after_seconds", 3600, 0, 31536000, "s",
        "Gone for so long makes it a warning; a host that reboots or is being serviced is back before."},
};
constexpr std::array kLinkLostThresholds{
    ThresholdSpec{
        "down_seconds", 0, 0, 86400, "s",
        "Down for less is not reported; gpud waits 240 s, which suits a fabric whose hosts reboot often."},
};

}  // namespace

constexpr RuleSpec kSweepIncomplete{
    .id = "sweep-incomplete",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "The fabric could not be read in full.",
    .looks_at =
        "Whether the sweep reached its end before its deadline with its own port usable throughout, whether "
        "it saw "
        "any node at all, and whether anything answered the performance queries.",
    .matters =
        "What was not seen cannot be called healthy. When every node answers subnet management and none "
        "answers "
        "performance queries, the local port is usually a limited member of its partition.",
    .advice =
        "Check the local port with ibstat and the deadline in the configuration; with silent performance "
        "queries, "
        "check that this port is a full member of the default partition (0xffff in its P_Key table).",
    .thresholds = {}};

constexpr RuleSpec kNodeUnresponsive{
    .id = "node-unresponsive",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "A node that should answer does not.",
    .looks_at =
        "Whether every node answered every question in this sweep, after repetition; whether something "
        "answers at "
        "the far end of every port with a signal; and what share of a node's requests got lost. Requests "
        "lost and "
        "then answered are a plain warning and leave nothing unknown.",
    .matters =
        "Nothing is known of a silent node. A device whose management agent hangs often still forwards, "
        "until it "
        "does not; one that loses requests is often overloaded or behind a bad link.",
    .advice =
        "Ask it by hand: smpquery -D nodeinfo with the route, perfquery with its LID; look at its console "
        "and its "
        "power, and reboot its management if it still forwards.",
    .thresholds = kUnresponsiveThresholds};

constexpr RuleSpec kGuidDuplicate{.id = "guid-duplicate",
                                  .severity = Severity::kCritical,
                                  .unknown = false,
                                  .title = "Two devices have the same GUID.",
                                  .looks_at =
                                      "Node GUIDs that were found behind two routes that cannot lead to one "
                                      "device, and port GUIDs of adapters "
                                      "that two nodes claim.",
                                  .matters =
                                      "The subnet manager takes two devices for one, routes to either, and "
                                      "may stop configuring the fabric.",
                                  .advice =
                                      "Compare the two routes with smpquery -D nodeinfo and nodedesc; burn "
                                      "the right GUIDs into the copied adapter or "
                                      "switch (flint), then restart it.",
                                  .thresholds = {}};

constexpr RuleSpec kLidDuplicate{
    .id = "lid-duplicate",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Two ports answer to the same LID.",
    .looks_at =
        "The LID ranges (base LID and LMC) of all adapter and router ports with an Active link and of port 0 "
        "of all "
        "switches, as read in the same sweep or confirmed by reading both ends again; before that it is a "
        "note.",
    .matters = "Packets for one arrive at the other; connections hang without an error counter anywhere.",
    .advice =
        "Look for two subnet managers that both believe to be master (sminfo, OpenSM's log), for merged "
        "subnets and "
        "for a stale guid2lid cache; a heavy sweep of the right manager reassigns LIDs.",
    .thresholds = {}};

constexpr RuleSpec kLidInvalid{.id = "lid-invalid",
                               .severity = Severity::kWarning,
                               .unknown = false,
                               .title = "A port in use has no valid LID.",
                               .looks_at =
                                   "The LID of adapter and router ports that are Active, and of port 0 of "
                                   "switches with an Active port: it has "
                                   "to be between 1 and 0xbfff. One reading is a note, two are a warning.",
                               .matters =
                                   "A port without a LID cannot be addressed: not by its peers, and not by "
                                   "those who want to read its counters.",
                               .advice =
                                   "Look at smpquery portinfo by directed route and at the subnet manager's "
                                   "log for this GUID; a heavy sweep of the "
                                   "subnet manager assigns LIDs again.",
                               .thresholds = kLidThresholds};

constexpr RuleSpec kSwitchLost{
    .id = "switch-lost",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "A switch that was there is gone.",
    .looks_at =
        "Switches seen before in this run and not in a complete sweep, whose neighbours' ports are down or "
        "lead "
        "elsewhere. It stands until the switch is back or the finding is accepted.",
    .matters =
        "All of its links are gone at once; what has no other path is cut off, and what has one has lost its "
        "spare.",
    .advice =
        "Check the power, the console and the uplinks of this switch; if it was taken out on purpose, accept "
        "the finding.",
    .thresholds = {}};

constexpr RuleSpec kNodeLost{
    .id = "node-lost",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A host that was there is gone.",
    .looks_at =
        "Adapters and routers seen before in this run and not in a complete sweep, whose neighbours' ports "
        "are down. "
        "A warning when it stays away longer than a reboot takes.",
    .matters = "A host that does not come back was shut down, or has lost all of its links.",
    .advice =
        "Ask the host over another network: is it up, and what does ibstat say there? If it was removed, "
        "accept the finding.",
    .thresholds = kNodeLostThresholds};

constexpr RuleSpec kLinkLost{
    .id = "link-lost",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A cable that carried a link carries none.",
    .looks_at =
        "Links seen before in this run with a port that is now down, while the nodes at both ends still "
        "answer and "
        "neither end is connected to something else.",
    .matters = "Both nodes go on without this link, with less bandwidth and one fault less to survive.",
    .advice =
        "Look at both ends: iblinkinfo, ibportstate (disabled?), mlxlink for the module; reseat the cable, "
        "then replace it.",
    .thresholds = kLinkLostThresholds};

}  // namespace aftershock::rules

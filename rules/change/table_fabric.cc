#include <array>

#include "rules/change/table.h"

namespace aftershock::rules {

constexpr RuleSpec kLinkMoved{
    .id = "link-moved",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A cable is plugged elsewhere than in the baseline.",
    .looks_at =
        "Where each cable leads, against the baseline, while the nodes at its ends are there; and cables "
        "between "
        "nodes of the baseline that had none. It is part of an unannounced-change outside every window, "
        "except "
        "for a new cable to a host, which is what a repaired one looks like.",
    .matters =
        "A cable in another port changes paths and can undo redundancy, or close a loop that the routing was "
        "not "
        "made for; nothing else looks wrong.",
    .advice =
        "Compare with the cabling plan at both ends; plug it back, or accept the new place with `aftershock "
        "baseline accept`.",
    .thresholds = {}};

constexpr RuleSpec kLinkSlower{
    .id = "link-slower",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A link runs below its own past.",
    .looks_at =
        "Active width and speed of each cable that stands as in the baseline. Where link-degraded stands, "
        "too, "
        "this one is folded under it.",
    .matters =
        "A cable or module that was touched trains lower than before, and every path across it is slower; "
        "both "
        "ends may be set to allow it, so that nothing else complains.",
    .advice =
        "Reseat, then replace the cable or module; compare the enabled speeds at both ends with iblinkinfo.",
    .thresholds = {}};

constexpr RuleSpec kNodeNew{
    .id = "node-new",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A node is there that the baseline has not.",
    .looks_at =
        "Nodes by GUID, against the baseline. A new switch is part of an unannounced-change outside every "
        "window; "
        "a new host is not.",
    .matters = "A replaced switch or adapter has another GUID, no history and perhaps another configuration.",
    .advice =
        "If it was put in on purpose, accept it with `aftershock baseline accept`; else find out who did.",
    .thresholds = {}};

constexpr RuleSpec kLidChanged{
    .id = "lid-changed",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Ports have other LIDs than in the baseline.",
    .looks_at =
        "Base LID and LMC of the ports of adapters that are Active and of port 0 of switches; one finding "
        "however "
        "many they are. It is part of an unannounced-change outside every window when a switch or more than "
        "one "
        "port is concerned.",
    .matters =
        "Whoever remembers a path to the old LID sends into the void until the path is asked for again; "
        "hosts that "
        "were not told keep it for hours.",
    .advice =
        "Find out which subnet manager assigned them (its log, its guid2lid file); look for stale paths with "
        "saquery PR and for hosts with findings of stale neighbours.",
    .thresholds = {}};

constexpr RuleSpec kFirmwareChanged{
    .id = "firmware-changed",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A device has another firmware or revision than in the baseline.",
    .looks_at =
        "Vendor, device and revision as NodeInfo tells them, and the firmware that hosts report of their "
        "adapters. "
        "At a switch it is part of an unannounced-change outside every window.",
    .matters =
        "What behaves differently after a change often runs other code; the peer may still run the old one.",
    .advice = "Compare with the release that was planned, and with the other members of its pair.",
    .thresholds = {}};

constexpr RuleSpec kSmChanged{.id = "sm-changed",
                              .severity = Severity::kNote,
                              .unknown = false,
                              .title = "Another subnet manager is master, or a standby is gone.",
                              .looks_at =
                                  "The master at the local port's SM LID with its priority, and the ports "
                                  "that say that a subnet manager "
                                  "runs behind them. Another master is part of an unannounced-change outside "
                                  "every window; the last standby "
                                  "gone is a warning. That there is no master at all is sm-missing's.",
                              .matters =
                                  "A new master may know other partitions, another routing and other LIDs, "
                                  "and hosts may not have been told; "
                                  "without a standby the next fault leaves the fabric without a manager.",
                              .advice =
                                  "Look at sminfo and at both managers' logs: why did it move, and do they "
                                  "have the same configuration? "
                                  "Start the standby again.",
                              .thresholds = {}};

}  // namespace aftershock::rules

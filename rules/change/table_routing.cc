#include "rules/change/table.h"

namespace aftershock::rules {

constexpr RuleSpec kRoutingChanged{
    .id = "routing-changed",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Packets take other ways than in the baseline.",
    .looks_at =
        "Each entry of the linear forwarding tables, for the LIDs that lead to the same port as in the "
        "baseline, of switches that do not route adaptively. A note where a cable, a node, a speed, a LID or "
        "the master has changed since the baseline was taken; else it is part of an unannounced-change "
        "outside every window.",
    .matters =
        "A subnet manager gives the same fabric the same routes. Where they differ and nothing else does, "
        "somebody changed its configuration, another engine took over, or a table was written by hand.",
    .advice =
        "Look at the subnet manager's log for the routing engine in use and at who restarted it; compare "
        "single ways with `aftershock route FROM TO`.",
    .thresholds = {}};

constexpr RuleSpec kRoutingEngineFallback{
    .id = "routing-engine-fallback",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Paths no longer go up and then down, as they did.",
    .looks_at =
        "Whether every way between adapters goes up the tiers and then down, in the baseline and now; not "
        "judged where there are no tiers.",
    .matters =
        "OpenSM falls back to Min Hop when the configured engine cannot route what is left of the fabric, "
        "unless no_fallback is set. Min Hop may close a cycle of credits, which shows under load only.",
    .advice =
        "Look for the routing engine in OpenSM's log (routing_engine_used) and mend what keeps the "
        "configured "
        "one from routing: roots that are missing, a leaf with too few uplinks.",
    .thresholds = {}};

constexpr RuleSpec kRouteThroughExcluded{
    .id = "route-through-excluded",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Routes lead through a switch that a window took out.",
    .looks_at =
        "While a window is open whose expected switch was seen gone: entries of the other switches, for LIDs "
        "that are not its own, that leave by a port it hung at in the baseline. Where the switch is back and "
        "the window still open it is a note.",
    .matters =
        "What is sent there is lost without an error counter; the subnet manager has not routed around the "
        "switch, or could not write the table.",
    .advice =
        "Ask the subnet manager for a heavy sweep (kill -HUP of OpenSM), and look at its log for tables that "
        "could not be written.",
    .thresholds = {}};

}  // namespace aftershock::rules

#include <array>

#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kNotActiveThresholds{
    ThresholdSpec{"confirm_seconds", 3, 0, 86400, "s",
                  "Two reads at least so far apart make it a warning; a subnet manager takes a port to "
                  "Active in less."},
};
constexpr std::array kSiblingThresholds{
    ThresholdSpec{"min_links", 4, 2, 100000, "links",
                  "Links between two tiers are compared when there are at least so many; no precedent, a "
                  "starting point."},
};
constexpr std::array kFlappingThresholds{
    ThresholdSpec{"downs", 3, 1, 1000, "downs", "Down so often within the window is flapping; gpud has 3."},
    ThresholdSpec{"window_seconds", 43200, 60, 2592000, "s", "How long a down is remembered; gpud has 12 h."},
    ThresholdSpec{"restart_grace_seconds", 1800, 0, 86400, "s",
                  "Downs so close to a restart of the device at either end do not count: firmware, boot "
                  "loader and driver "
                  "each take the link down; Oracle's cloud waits 30 min after a boot."},
};

}  // namespace

constexpr RuleSpec kPortNotActive{
    .id = "port-not-active",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port has a signal and is not Active.",
    .looks_at =
        "Ports with a signal on the cable in state Init or Armed. One reading is a note, two are a warning.",
    .matters = "The cable is good and carries no data: the subnet manager has not configured the port.",
    .advice =
        "Look at the subnet manager's log for this port's GUID, at its partitions and routing, and whether "
        "the manager "
        "runs at all (sminfo).",
    .thresholds = kNotActiveThresholds};

constexpr RuleSpec kLinkDegraded{
    .id = "link-degraded",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A link runs below what both ends could do.",
    .looks_at = "Active width and speed of a link against the best that both ends support and enable.",
    .matters =
        "A damaged lane or a bad module makes a link train lower; it then slows down every path across it.",
    .advice =
        "Reseat, then replace the cable or module; look at mlxlink for the lanes, and compare both ends with "
        "iblinkinfo.",
    .thresholds = {}};

constexpr RuleSpec kLinkEndsDisagree{
    .id = "link-ends-disagree",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "The two ends of a link say different things.",
    .looks_at =
        "Active width, active speed, MTU and the presence of a signal at both ends of a link, as read in the "
        "same sweep "
        "or confirmed by reading both ends again. An end in Init or Armed is port-not-active's.",
    .matters =
        "One end is wrong: a hung port, a firmware fault, or a subnet manager that configured only one side. "
        "Packets "
        "longer than the neighbour's MTU are discarded.",
    .advice =
        "Read both ends with smpquery portinfo; if they still disagree, bounce the link with ibportstate "
        "reset and look at "
        "the firmware of both devices.",
    .thresholds = {}};

constexpr RuleSpec kLinkSlowerThanSiblings{
    .id = "link-slower-than-siblings",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A link runs slower than those beside it.",
    .looks_at =
        "The data rate of a link against that of the parallel cables between the same two switches (a "
        "warning), and "
        "against the most common rate of the links between the same two tiers and device types (a note).",
    .matters =
        "A bad cable can lower what its port enables, and then looks as if nothing better was wanted. "
        "Routing takes "
        "parallel cables for equal.",
    .advice =
        "Compare the enabled and supported speeds of these ports with iblinkinfo; reset the port, then swap "
        "the cable with a "
        "faster sibling's and see which one the low speed follows.",
    .thresholds = kSiblingThresholds};

constexpr RuleSpec kLinkFlapping{.id = "link-flapping",
                                 .severity = Severity::kWarning,
                                 .unknown = false,
                                 .title = "A link goes down again and again.",
                                 .looks_at =
                                     "How often a link went down within the window: seen by a sweep, or "
                                     "counted in LinkDowned between two sweeps, at the "
                                     "end that knows more.",
                                 .matters =
                                     "Each time routes change, connections time out and the subnet manager "
                                     "sweeps; a flapping link does more harm than a "
                                     "dead one.",
                                 .advice =
                                     "Disable the port (ibportstate disable) until the cable or module is "
                                     "replaced, and look at mlxlink for the reason "
                                     "of the last down.",
                                 .thresholds = kFlappingThresholds};

}  // namespace aftershock::rules

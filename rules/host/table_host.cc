// Coverage, adapters and ports.
#include <array>

#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kRemovedThresholds{
    ThresholdSpec{"settle_seconds", 5, 0, 3600, "s",
                  "An adapter that is back so soon was only restarted; no precedent, a driver's own reset "
                  "takes about as long."},
};
constexpr std::array kBurstThresholds{
    ThresholdSpec{"events", 20, 1, 200, "events",
                  "More events of one kind at one port within the window are a burst; no precedent: a subnet "
                  "manager that restarts causes one or two of a kind."},
    ThresholdSpec{"window_seconds", 600, 10, 86400, "s", "Length of the window of a burst; no precedent."},
    ThresholdSpec{"fatal_window_seconds", 3600, 10, 604800, "s",
                  "How long a DEVICE_FATAL is remembered; no precedent."},
};
constexpr std::array kPortDownThresholds{
    ThresholdSpec{"settle_seconds", 5, 0, 3600, "s",
                  "Quiet for so long after the last event of the port; a link trains and a subnet manager "
                  "takes it to Active in less."},
};

}  // namespace

constexpr RuleSpec kHostNotVisible{
    .id = "host-not-visible",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "A part of this host could not be looked at.",
    .looks_at =
        "Whether each part of the look could be had: sysfs, PCI, verbs events, rtnetlink, the kernel's log, "
        "the "
        "cables' far ends, the SM and the SA; and whether what every judgement needs of a port could be "
        "read. A "
        "note where only the kernel's log is denied, because statistics judge the same, or where files of "
        "sysfs "
        "are odd that nothing depends on.",
    .matters =
        "What was not seen cannot be called healthy: the rules that need it are silent for that reason.",
    .advice =
        "Give aftershock the capability or device that the evidence names, or look whether a driver hangs; "
        "the "
        "README lists what each part needs.",
    .thresholds = {}};

constexpr RuleSpec kHcaMissing{
    .id = "hca-missing",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "An adapter that should be there is not.",
    .looks_at =
        "Adapters that host.expect names, or that an earlier run of the monitor saw, and that sysfs does not "
        "have; "
        "and PCI functions of class 0x0207 that no driver is bound to, which are a warning at most.",
    .matters = "The host has less redundancy than it was built with, and nothing else will say so.",
    .advice =
        "See whether lspci lists it, whether the driver is loaded, and what the kernel's log says of its "
        "probing; "
        "correct host.expect if it was taken out on purpose.",
    .thresholds = {}};

constexpr RuleSpec kHcaRemoved{.id = "hca-removed",
                               .severity = Severity::kCritical,
                               .unknown = false,
                               .title = "An adapter that was there is gone.",
                               .looks_at =
                                   "Adapters that this run of the monitor saw and that sysfs no longer has. "
                                   "A note when its PCI function now "
                                   "has a driver for passing devices through.",
                               .matters = "Every interface, bond leg and path over it went with it.",
                               .advice =
                                   "Look at the kernel's log around the removal for PCIe errors or a "
                                   "firmware fault; restart the monitor if "
                                   "it was taken out for good.",
                               .thresholds = kRemovedThresholds};

constexpr RuleSpec kHcaEventBurst{
    .id = "hca-event-burst",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "An adapter reports the same again and again, or that it is broken.",
    .looks_at =
        "Asynchronous events of verbs: how many of one kind a port had within the window; and DEVICE_FATAL, "
        "which "
        "is critical until the adapter has been added again, and then a note.",
    .matters =
        "Each event makes IPoIB leave its groups or restart its queues: a burst is an outage of many small "
        "ones, "
        "and the subnet manager's, too. After a DEVICE_FATAL nothing goes over the adapter.",
    .advice =
        "For PORT_ERR and PORT_ACTIVE look at the cable; for SM_CHANGE, CLIENT_REREGISTER and LID_CHANGE at "
        "the "
        "subnet managers, which may be taking over from each other; for DEVICE_FATAL at the firmware.",
    .thresholds = kBurstThresholds};

constexpr RuleSpec kHostPortDown{
    .id = "host-port-down",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port that this host needs is not Active.",
    .looks_at =
        "InfiniBand ports in another state than Active that an interface which is up runs over, or that were "
        "Active "
        "in this run of the monitor. Critical when no InfiniBand port of the host is Active.",
    .matters =
        "Down: the cable, the module or the far end; Init or Armed: no subnet manager configures the port.",
    .advice =
        "Look at the physical state in the evidence: Polling is a missing or bad cable or a far end that is "
        "off; "
        "LinkUp with Init is the subnet manager.",
    .thresholds = kPortDownThresholds};

constexpr RuleSpec kPortCounters{
    .id = "port-counters",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "The counters of one of this host's ports have something to say.",
    .looks_at =
        "The error counters of the host's own ports in sysfs, by the rules and thresholds of link-errors, "
        "transmit-discards, link-flapping, counter-saturated and counter-reset, in one finding for each "
        "port.",
    .matters =
        "It is the receiving end that sees a bad cable: this host sees what its own switch sends it, whoever "
        "else "
        "reads the switch.",
    .advice = "Look at the cable of this port: mlxlink for the raw and effective bit error ratio.",
    .thresholds = {}};

}  // namespace aftershock::rules

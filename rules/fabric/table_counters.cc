#include <array>

#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kErrorThresholds{
    ThresholdSpec{"bit_error_ratio", 1e-12, 1e-18, 1, "errors per bit",
                  "A ratio surely above it is a warning; IBTA wants less than one error in 1e12 bits."},
    ThresholdSpec{
        "critical_bit_error_ratio", 1e-8, 1e-18, 1, "errors per bit",
        "A ratio surely above it is critical; CorrOpt (SIGCOMM 2017) calls a link corrupting from 1e-8."},
    ThresholdSpec{"confidence", 0.95, 0.5, 0.9999, "probability",
                  "How sure: compared is the one-sided lower Poisson limit of the count at this confidence."},
    ThresholdSpec{"min_bit_errors", 3, 1, 1000000, "errors",
                  "Fewer errors never make a warning, however short the time; no precedent, it keeps single "
                  "hits quiet."},
    ThresholdSpec{"window_seconds", 300, 10, 86400, "s",
                  "Length of the window of the warning and of the events; UFM's secondary telemetry samples "
                  "every 300 s."},
    ThresholdSpec{"medium_window_seconds", 720, 10, 604800, "s",
                  "Length of the second window; UFM has 12 min."},
    ThresholdSpec{"medium_bit_error_ratio", 1e-14, 1e-18, 1, "errors per bit",
                  "A ratio surely above it in the second window is a note; UFM has 1e-14."},
    ThresholdSpec{"long_window_seconds", 7500, 10, 2592000, "s",
                  "Length of the third window; UFM has 125 min."},
    ThresholdSpec{
        "long_bit_error_ratio", 1e-15, 1e-18, 1, "errors per bit",
        "A ratio surely above it in the third window is a note; UFM has 1e-15, to which cables are tested."},
    ThresholdSpec{"link_error_recoveries", 5, 1, 1000000, "events",
                  "So many recoveries within the window are a warning; NVSentinel has more than 5 a minute."},
    ThresholdSpec{"local_link_integrity_errors", 3, 1, 1000000, "events",
                  "So many within the window are a warning; FastFabric has 3."},
    ThresholdSpec{"excessive_buffer_overruns", 3, 1, 1000000, "events",
                  "So many within the window are a warning; FastFabric has 3, and UFM's 100 is out of reach "
                  "of a 4-bit register."},
};
constexpr std::array kDiscardThresholds{
    ThresholdSpec{
        "transmit_discards", 200, 1, 1e9, "packets",
        "So many within the window of link-errors are a warning; UFM has 200 per sampling interval."},
    ThresholdSpec{"transmit_constraint_errors", 200, 1, 1e9, "packets",
                  "So many within the window are a warning; UFM has 200."},
    ThresholdSpec{"receive_constraint_errors", 200, 1, 1e9, "packets",
                  "So many within the window are a warning; UFM has 200."},
    ThresholdSpec{"vl15_drops", 50, 1, 1e9, "packets",
                  "So many within the window are a warning; UFM has 50."},
};

}  // namespace

constexpr RuleSpec kLinkErrors{
    .id = "link-errors",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port receives errors.",
    .looks_at =
        "Symbol errors and receive errors between readings, as a ratio of the bits that the link carries in "
        "that time; and "
        "link recoveries, link integrity errors and buffer overruns as numbers within the window. Critical "
        "above a much "
        "worse ratio; a note where only the longer windows show it. Times in which the link trained do not "
        "count.",
    .matters =
        "Bits arrive wrong: packets are dropped and sent again, tails of latency grow, and the link will go "
        "down. Errors of "
        "another link that are only passed on (RcvRemotePhysicalErrors) and packets that a switch had no "
        "route for "
        "(RcvSwitchRelayErrors) are left out, because a healthy fabric counts them.",
    .advice =
        "Look at the cable between this port and its peer: mlxlink for the raw and effective bit error "
        "ratio, perfquery again "
        "after some minutes; clean or reseat it, then replace it.",
    .thresholds = kErrorThresholds};

constexpr RuleSpec kTransmitDiscards{
    .id = "transmit-discards",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port throws packets away.",
    .looks_at =
        "Transmit discards, constraint errors and dropped management packets (VL15) within the window of "
        "link-errors.",
    .matters =
        "Discards are congestion, a slow receiver or a dead path; constraint errors a partition that does "
        "not fit; VL15 "
        "drops take away the subnet manager's own packets.",
    .advice =
        "See where the packets of this port go: perfquery with --xmtdisc for the reason, the peer's "
        "PortXmitWait for a slow "
        "receiver; for constraint errors compare the P_Key tables of both ends.",
    .thresholds = kDiscardThresholds};

constexpr RuleSpec kCounterSaturated{
    .id = "counter-saturated",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "A counter is full and blind.",
    .looks_at =
        "Registers at their maximum, of links that are up. Those of data and packets are left out: without "
        "64 bits they "
        "are full within seconds, and nothing is judged by them.",
    .matters =
        "A full register stops counting, so nothing new is seen in it. The port's other counters still "
        "judge.",
    .advice = "Clear it with perfquery -R at this port, in agreement with whoever else reads the counters.",
    .thresholds = {}};

constexpr RuleSpec kCounterReset{
    .id = "counter-reset",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "Somebody cleared a node's counters.",
    .looks_at =
        "Registers that stand lower than at the reading before, of links that were not seen down in between.",
    .matters =
        "What was counted between the two readings is void. Scheduled clearing is common; an unexpected one "
        "hides errors.",
    .advice =
        "If the device did not restart, find who clears: OpenSM's performance manager, UFM, ibqueryerrors -k "
        "or perfquery -R in a cron job.",
    .thresholds = {}};

}  // namespace aftershock::rules

#include <array>

#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kSlowThresholds{
    ThresholdSpec{"slow_seconds", 0.1, 0.001, 60, "s",
                  "OpenSM answers in about 1 ms; IPoIB gives the SA 1 s for a path or a join, which ten such "
                  "questions one after the other use up."},
    ThresholdSpec{"answers", 3, 2, 100, "answers",
                  "So many in turn, each of another sweep: a heavy sweep of the manager delays one."}};
constexpr std::array kGroupMissingThresholds{ThresholdSpec{
    "confirm_seconds", 3, 0, 86400, "s",
    "Two answers at least so far apart make it critical; a manager that takes over makes the group within "
    "its first sweep."}};

}  // namespace

constexpr RuleSpec kSaSlow{
    .id = "sa-slow",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "The subnet's administration is slow.",
    .looks_at = "How long the SA took for ClassPortInfo, the least of its questions, in several sweeps.",
    .matters =
        "After an event all hosts of the subnet ask at once: an SA that is slow when it has nothing to do "
        "then "
        "lets joins and path lookups run into their time-outs.",
    .advice =
        "Look at the load of the machine that the master runs on and at the OpenSM log for queries that are "
        "dropped; count who asks so much (saquery, SA counters of the hosts).",
    .thresholds = kSlowThresholds};

constexpr RuleSpec kIpoibGroupMissing{
    .id = "ipoib-group-missing",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "The IPoIB broadcast group does not exist.",
    .looks_at =
        "The SA's record of the broadcast group of the default partition. A note, unless there was one or a "
        "port was its member in this run: not every fabric runs IPoIB.",
    .matters =
        "Interfaces join this group first and have no carrier without it; those that are up lose ARP, and "
        "with it every peer that they do not know already.",
    .advice =
        "Look at the ipoib flag and the rate and MTU of the default partition in partitions.conf of the "
        "manager that leads now, and compare it with that of the one that led before.",
    .thresholds = kGroupMissingThresholds};

constexpr RuleSpec kIpoibGroupParameters{
    .id = "ipoib-group-parameters",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "The IPoIB broadcast group asks for more than a member's port can do.",
    .looks_at =
        "Rate and MTU of the broadcast group against the active width, speed and MTU of the Active ports of "
        "adapters. A warning for a member, critical for one that was a member in this run and no longer is; "
        "ports that are not known as members are a note.",
    .matters =
        "The SA refuses the join of such a port: a member loses its interface at the next join, which a "
        "failover of the manager or a bounced link brings.",
    .advice =
        "Repair the link if it runs below what it could; else give the group in partitions.conf the rate and "
        "the MTU of the slowest member.",
    .thresholds = {}};

}  // namespace aftershock::rules

#include <array>

#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kMissingThresholds{ThresholdSpec{
    "discovering_seconds", 120, 0, 86400, "s",
    "While a manager is DISCOVERING it is a warning, for so long at most; a simulated fabric of 10,000 hosts "
    "is up after 84 s."}};
constexpr std::array kSeveralThresholds{ThresholdSpec{
    "confirm_seconds", 3, 0, 86400, "s",
    "A warning until two sweeps so far apart see the same masters: one manager may have taken over from the "
    "other between two questions; measured: less than 1 s."}};
constexpr std::array kStuckThresholds{
    ThresholdSpec{"stuck_seconds", 600, 1, 86400, "s",
                  "Still for so long; OpenSM sweeps every 10 s by default, and computes the routes of "
                  "thousands of nodes for minutes."},
    ThresholdSpec{
        "regular_seconds", 600, 0, 31536000, "s",
        "Before that it moved for so long without standing still for half of stuck_seconds; without "
        "periodic sweeps (sweep_interval 0) it moves only when something happens, and is not judged."}};
constexpr std::array kUnfitThresholds{
    ThresholdSpec{"discovering_seconds", 60, 0, 86400, "s",
                  "DISCOVERING for so long and in two sweeps beside a master; OpenSM discovers thousands of "
                  "nodes in seconds."},
    ThresholdSpec{"handover_seconds", 60, 0, 86400, "s",
                  "A standby that outranks the master for so long; OpenSM hands over at its next sweep, 10 s "
                  "by default."}};
constexpr std::array kSplitThresholds{ThresholdSpec{
    "confirm_seconds", 3, 0, 86400, "s",
    "Two reads of a port at least so far apart, with the same master, make it critical; before, or while a "
    "new master still goes round, it is a note."}};

}  // namespace

constexpr RuleSpec kSmMissing{
    .id = "sm-missing",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "No subnet manager answers as master.",
    .looks_at =
        "SMInfo at the local port's SM LID and of every port that says that a subnet manager runs behind it, "
        "while any port of the fabric has a link. A warning while a manager is still DISCOVERING.",
    .matters =
        "Without a master no port becomes Active, no LID and no path is given out: everything runs on until "
        "the next change, then fails. A standby takes over after about a minute; managers that all stand by, "
        "each waiting for another, never do.",
    .advice =
        "Look at sminfo and at the subnet managers' logs; start OpenSM, or the manager of the switch that "
        "should run it. Where all are in STANDBY, restart the one that should lead.",
    .thresholds = kMissingThresholds};

constexpr RuleSpec kSmSeveral{
    .id = "sm-several",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "More than one subnet manager is master.",
    .looks_at =
        "SMInfo of every port that says that a subnet manager runs behind it, and at the local port's SM "
        "LID. One sweep is a warning, two that see the same masters are critical.",
    .matters =
        "Each sets up the ports and tables that it reaches, over what the other did: LIDs are given out "
        "twice, paths change back and forth, and each SA knows only some of the multicast members.",
    .advice =
        "Look at the logs of all of them, at ignore_other_sm, and whether their SM_Keys differ, by which one "
        "does not hear of the other; stop all but the one that should lead.",
    .thresholds = kSeveralThresholds};

constexpr RuleSpec kSmStuck{
    .id = "sm-stuck",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "The master subnet manager answers and does nothing.",
    .looks_at =
        "The master's activity count, from sweep to sweep: it moved regularly in this run, and does no "
        "longer. "
        "The answers to our own questions, which OpenSM counts, do not count; those to other managers and "
        "hosts cannot be told apart and hide such a state.",
    .matters =
        "A master that no longer sweeps notices no change: what comes up is not set up, and what goes down "
        "is not routed around. Its standby sees a master that answers, and does not take over.",
    .advice =
        "Look at the time of the last lines of the subnet manager's log, then restart it; if its sweeps were "
        "switched off on purpose (sweep_interval 0), accept the finding.",
    .thresholds = kStuckThresholds};

constexpr RuleSpec kSmNoStandby{
    .id = "sm-no-standby",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "There is no second subnet manager.",
    .looks_at =
        "The ports that say that a subnet manager runs behind them. A note, unless a standby was seen in "
        "this run or fabric.expect.subnet_managers names more than one node.",
    .matters =
        "When the only manager goes, nobody takes over, and the first change after that is one that the "
        "fabric does not get over.",
    .advice =
        "Start a second manager on another node and with a lower priority; look why the one that stood by "
        "is gone.",
    .thresholds = {}};

constexpr RuleSpec kSmStandbyUnfit{
    .id = "sm-standby-unfit",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A subnet manager would not take over as it should.",
    .looks_at =
        "SMInfo of every other manager than the master: silent, NOTACTIVE, DISCOVERING for long, or in "
        "STANDBY with a higher priority than the master's; and where fabric.expect.subnet_managers is set, "
        "whether managers run there and nowhere else, and whether their priorities are in that order. What "
        "may "
        "be a handover in progress is a note.",
    .matters =
        "The fault shows at the next failover: nobody takes over, or one that was not meant to, with its own "
        "configuration of partitions and routing.",
    .advice =
        "Look at sminfo with this LID and at this manager's log; restart it, or set sm_priority so that the "
        "one that should lead has the highest.",
    .thresholds = kUnfitThresholds};

constexpr RuleSpec kSmLidSplit{
    .id = "sm-lid-split",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Ports were told of different subnet managers.",
    .looks_at =
        "The SM LID of Active adapter and router ports and of port 0 of switches, against where the master "
        "answers. Critical when two reads of a port agree and the master did not move in between.",
    .matters =
        "What these ports ask of the SA gets no answer, or one of a manager that does not lead: their joins "
        "and path lookups fail, and their traps are lost.",
    .advice =
        "Make the master sweep in full (SIGHUP to OpenSM), and look in its log for these ports: another "
        "M_Key, or SMPs that get lost on the way; find what answers at the other LID.",
    .thresholds = kSplitThresholds};

}  // namespace aftershock::rules

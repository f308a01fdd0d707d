#include <array>

#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kDegradedThresholds{
    ThresholdSpec{
        "silent_rounds", 2, 1, 100, "rounds",
        "A member counts as silent after so many rounds in a row without an answer; one lost packet "
        "is none, and its neighbours' ports have to be down besides."},
};
constexpr std::array kIntermittentThresholds{
    ThresholdSpec{
        "window_seconds", 120, 1, 86400, "s",
        "How far back answers count; 24 rounds of 5 s over two routes are enough to tell a third of "
        "them missing from one in a hundred."},
    ThresholdSpec{"lost_ratio", 0.1, 0.001, 1, "of the answers",
                  "With the confidence below, more than that is missing or late; ten times what a congested "
                  "management agent loses, a starting point."},
    ThresholdSpec{"confidence", 0.999, 0.5, 0.999999, "probability",
                  "Of the exact (Clopper-Pearson) lower limit; judged every round, so it has to be high."},
};
constexpr std::array kRestartedThresholds{
    ThresholdSpec{"remember_seconds", 3600, 1, 2592000, "s",
                  "So long a restart is reported; an operator should meet it on the same shift."},
};
constexpr std::array kCorrelatedThresholds{
    ThresholdSpec{"window_seconds", 300, 1, 86400, "s",
                  "Two members that fail within it have one cause until proven otherwise; a power spike, a "
                  "batch command and a firmware bug all act within minutes."},
    ThresholdSpec{"remember_seconds", 86400, 1, 2592000, "s", "So long it is reported."},
};

}  // namespace

constexpr RuleSpec kPairLost{
    .id = "pair-lost",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Fewer members of a group live than have to.",
    .looks_at =
        "The members of each group of `pairs:` that answer by any route. A member is dead when nothing was "
        "heard of it by any route in several rounds and the ports that lead to it are down.",
    .matters = "What the group carries is down, or runs on what it was never meant for.",
    .advice =
        "Power and consoles of the dead members first; look at what they have in common (the group's risks), "
        "and bring back one of them before anything else is touched.",
    .thresholds = {}};

constexpr RuleSpec kPairDegraded{
    .id = "pair-degraded",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A member of a group is dead, and enough others live.",
    .looks_at =
        "As pair-lost. It is critical when fewer of the others answer well than have to live. Where the "
        "sweep "
        "reports the same switch as lost or silent, that finding is told and this one is folded under it.",
    .matters = "The next fault takes the group down: this is the time in which nothing else may be changed.",
    .advice = "Bring the member back before the peer is touched, and see that hosts use both again.",
    .thresholds = kDegradedThresholds};

constexpr RuleSpec kPairBothIntermittent{
    .id = "pair-both-intermittent",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Members of a group answer only some of the time, together.",
    .looks_at =
        "As pair-intermittent, with losses on the way taken off, where several members are so at once and "
        "fewer than have to live answer well.",
    .matters =
        "Switches that work to a degree pass for redundancy and are none: traffic is lost on either side, "
        "and "
        "nothing fails over. It is what a power spike leaves behind.",
    .advice =
        "Do not restart them one after the other in haste: look at power, temperature and consoles of both, "
        "move load away, then replace or restart one and prove it before the next.",
    .thresholds = {}};

constexpr RuleSpec kPairIntermittent{
    .id = "pair-intermittent",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A member of a group answers only some of the time.",
    .looks_at =
        "The share of questions to the member that got no answer in time, over all routes on which it alone "
        "can be the cause. The switches on the way are asked, too: what they lose of the questions to "
        "themselves is taken off, a route through one that stands badly does not count, and loss by one "
        "route alone is the route's. A member whose links are up and that answers nothing counts here, too.",
    .matters =
        "A switch that functions to a degree is worse than a dead one: nothing fails over, and half of what "
        "goes through it is lost or late.",
    .advice =
        "Look at its console, load and temperature, and at perfquery of its ports; take it out in a window "
        "while its peer is proven, rather than wait for it to die.",
    .thresholds = kIntermittentThresholds};

constexpr RuleSpec kPairUnseen{
    .id = "pair-unseen",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "How a member of a group stands cannot be seen.",
    .looks_at =
        "Members of which nothing can be said because our own port has no signal, or because every route to "
        "them is broken while neighbours still have their signal.",
    .matters = "A redundancy that nobody sees may be gone.",
    .advice =
        "Look at our own port with ibstat, and at the switches and links on the way; a second port, at "
        "another switch, lets a monitor see past a broken route.",
    .thresholds = {}};

constexpr RuleSpec kPairMemberUnknown{
    .id = "pair-member-unknown",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "A configured member is not one switch of the fabric.",
    .looks_at =
        "Whether each member's name or GUID is that of exactly one switch in the planes that were read in "
        "full, and of none that another group has.",
    .matters = "A name that is mis-spelt is watched by nobody; a switch that is gone has no redundancy.",
    .advice =
        "Correct the configuration where the message points, or bring the switch back; `aftershock pairs "
        "suggest` writes groups with the names that the fabric has.",
    .thresholds = {}};

constexpr RuleSpec kPairMemberRestarted{
    .id = "pair-member-restarted",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A member of a group restarted.",
    .looks_at =
        "Two signs of the same time, even if the switch was back before the next sweep: all its counters "
        "began again; at least half of the ports that lead to it count a lost link more; its port 0 was "
        "without a LID; a round in which nothing was heard of it.",
    .matters =
        "What it was told to do (partitions, routes, multicast groups) was set anew by the subnet manager; "
        "what it is going to do next is open until somebody knows why it restarted.",
    .advice =
        "Read its log and the subnet manager's of that time; check power, and the peer's before its own.",
    .thresholds = kRestartedThresholds};

constexpr RuleSpec kPairCorrelated{
    .id = "pair-correlated",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "The same befell two members at the same time.",
    .looks_at =
        "When members last died, restarted, became intermittent (losses on the way taken off), or had the "
        "first finding of errors on their links; links between two members are left out, and so are errors "
        "that a common switch behind those links or the whole fabric explains.",
    .matters = "Members that fail together have a cause in common, and are no redundancy for each other.",
    .advice =
        "Look for what they share: a power feed, a chassis, a firmware, the hand that changed both, and "
        "enter "
        "it in the group's risks.",
    .thresholds = kCorrelatedThresholds};

}  // namespace aftershock::rules

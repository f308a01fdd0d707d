#include <array>

#include "rules/change/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kErrorsThresholds{
    ThresholdSpec{
        "alpha", 0.0001, 1e-12, 0.1, "probability",
        "Of a false alarm over all ports together (it is divided by their number) at one look; looks at "
        "the same minutes repeat, which costs about a factor of ten over a day."},
    ThresholdSpec{
        "ratio", 2, 1, 1000, "times",
        "More than so many times the share of errored minutes before has to be proven; no precedent, a "
        "starting point."},
    ThresholdSpec{"min_minutes_before", 60, 1, 100000, "min",
                  "Usable minutes before the change; with fewer its past is not known."},
    ThresholdSpec{"min_minutes_after", 10, 1, 100000, "min", "Usable minutes after the change."},
};
constexpr std::array kEventsThresholds{
    ThresholdSpec{"events", 3, 1, 1000000, "events",
                  "So many of a kind after the window began to soak are a warning; fewer are a note."},
};
constexpr std::array kBaselineThresholds{
    ThresholdSpec{
        "stable_seconds", 600, 0, 604800, "s",
        "The same for so long, watched, makes a state fit to be compared with: longer than a subnet "
        "manager's hand-over with the joins after it."},
};

}  // namespace

constexpr RuleSpec kNotRestored{
    .id = "not-restored",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "What a window took down is not back.",
    .looks_at =
        "What was announced with `--expect down:…` by windows that have closed and not passed, against the "
        "baseline: a node has to be there, a cable has to have its signal. What was seen back once, and goes "
        "later, is another matter.",
    .matters = "The work is declared done and the redundancy that it took is still gone.",
    .advice = "Bring it back, or accept its absence with `aftershock baseline accept`.",
    .thresholds = {}};

constexpr RuleSpec kUnannouncedChange{
    .id = "unannounced-change",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Something was changed, and no window announces it.",
    .looks_at =
        "Changes against the baseline that no window explains by place and time: of switches, of cabling "
        "(links "
        "between switches, cables plugged elsewhere), of the master subnet manager, of LIDs and of "
        "partitions. What "
        "hangs together is one finding, with the changes folded under it. What concerns the fabric as a "
        "whole is "
        "announced by a window only with the fabric in its scope, or with where the master stands or a cable "
        "away. A "
        "host that goes or comes is none.",
    .matters =
        "Somebody is working where nobody was told, or something fails and looks like it: both end an "
        "exercise.",
    .advice =
        "Stop other work. Ask who is at it; undo it or accept it with `aftershock baseline accept`, and "
        "announce "
        "the next one with `aftershock window open`.",
    .thresholds = {}};

constexpr RuleSpec kErrorsSinceChange{
    .id = "errors-since-change",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A port has more errors since a change than before.",
    .looks_at =
        "Minutes with errors out of those in which the port's counters could be read, before and after: the "
        "exact "
        "conditional test of two Poisson rates, one-sided. Minutes that were saturated, cleared or unread "
        "count on "
        "neither side.",
    .matters =
        "A cable that was touched, bent or left dirty shows by errors long before it fails, and often still "
        "below "
        "every fixed threshold.",
    .advice = "Reseat or clean the cable at this port; compare with the other links that the change touched.",
    .thresholds = kErrorsThresholds};

constexpr RuleSpec kEventsSinceChange{
    .id = "events-since-change",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "Events go on after a change is declared done.",
    .looks_at =
        "Events of adapters, interfaces and the subnet manager after a window closed, by subject and kind. "
        "While "
        "it verifies they are a note.",
    .matters =
        "A fabric that was left in order is quiet; one that is not tells so by ports that come and go.",
    .advice = "Look at what the events name, and at the subnet manager's log of the same time.",
    .thresholds = kEventsThresholds};

constexpr RuleSpec kBaselineMissing{
    .id = "baseline-missing",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "There is no baseline to compare with.",
    .looks_at =
        "Whether a state is kept that was seen in full, had no critical finding and stayed the same long "
        "enough: "
        "switches, links between them, their LIDs, the master subnet manager; hosts may come and go.",
    .matters = "Without a known good state no change can be told.",
    .advice =
        "Wait, mend what is critical or incomplete, or accept the present state with `aftershock baseline "
        "accept`.",
    .thresholds = kBaselineThresholds};

std::span<const RuleSpec* const> ChangeRules() {
  static constexpr std::array<const RuleSpec*, 19> kRules{&kLinkMoved,
                                                          &kLinkSlower,
                                                          &kNodeNew,
                                                          &kLidChanged,
                                                          &kFirmwareChanged,
                                                          &kSmChanged,
                                                          &kPartitionChanged,
                                                          &kMulticastChanged,
                                                          &kHostSettingsChanged,
                                                          &kMemberLeft,
                                                          &kRedundancyLost,
                                                          &kRoutingChanged,
                                                          &kRoutingEngineFallback,
                                                          &kRouteThroughExcluded,
                                                          &kNotRestored,
                                                          &kUnannouncedChange,
                                                          &kErrorsSinceChange,
                                                          &kEventsSinceChange,
                                                          &kBaselineMissing};
  return kRules;
}

}  // namespace aftershock::rules

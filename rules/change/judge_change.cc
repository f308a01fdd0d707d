#include "rules/change/judge_change.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "model/report.h"
#include "rules/accept.h"
#include "rules/change/fold_change.h"
#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/change/timing.h"
#include "rules/fabric/table.h"
#include "rules/windows/explain.h"

namespace aftershock::rules {
namespace {

using FindChanges = std::vector<Change> (*)(const ChangeView&);
constexpr FindChanges kComparisons[] = {FindNodeChanges, FindCableChanges,    FindManagementChanges,
                                        FindHostChanges, FindSettingsChanges, FindLostRedundancy};

// What two planes, or two looks, tell of the same subject is one finding.
void JoinSame(std::vector<Change>& changes) {
  std::unordered_map<std::string, std::size_t> by_key;
  std::vector<Change> joined;
  for (Change& change : changes) {
    const auto [it, is_new] = by_key.try_emplace(Key(change.finding), joined.size());
    if (is_new) {
      joined.push_back(std::move(change));
      continue;
    }
    Change& first = joined[it->second];
    if (first.finding.summary != change.finding.summary) {
      first.finding.summary += "; " + change.finding.summary;
      first.before += "; " + change.before;
      first.now += "; " + change.now;
    }
    first.finding.severity = std::max(first.finding.severity, change.finding.severity);
    first.touches.insert(first.touches.end(), change.touches.begin(), change.touches.end());
    first.causes.insert(first.causes.end(), change.causes.begin(), change.causes.end());
    first.grave = first.grave || change.grave;
    first.managed = first.managed || change.managed;
  }
  changes = std::move(joined);
}

// What was expected to come back is told once.
void FoldUnrestored(std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (change.finding.rule != kNotRestored.id) continue;
    for (Change& gone : changes) {
      const bool lost = gone.finding.rule == kSwitchLost.id || gone.finding.rule == kNodeLost.id ||
                        gone.finding.rule == kLinkLost.id;
      if (!lost || gone.finding.subject != change.finding.subject) continue;
      gone.causes.insert(gone.causes.begin(), Key(change.finding));
      gone.finding.window = change.finding.window;
    }
  }
}

std::vector<Change> Collect(const ChangeView& view, ChangeState& state) {
  std::vector<Change> changes = FindUnrestored(view, state.restored);
  for (const FindChanges find : kComparisons) std::ranges::move(find(view), std::back_inserter(changes));
  std::ranges::move(FindRoutingChanges(view, state.moved), std::back_inserter(changes));
  std::ranges::move(FindRoutesThroughExcluded(view, state.taken), std::back_inserter(changes));
  std::erase_if(changes, [&](const Change& c) { return !view.settings().Enabled(c.finding.rule); });
  JoinSame(changes);
  FoldUnrestored(changes);
  return changes;
}

Change NoBaseline(const ChangeState& state, const ChangeFacts& facts, const Settings& settings) {
  const double age = ToSeconds(state.stable_for.value_or(Duration{}));
  const double needed = settings.Threshold(kBaselineMissing, "stable_seconds");
  const std::string_view waits = facts.critical    ? "; a critical finding stands in its way"
                                 : !facts.complete ? "; not everything that is watched was seen"
                                                   : "";
  Change change;
  change.before = "none";
  change.now = fmt::format("{} old", DurationText(age));
  change.finding = Found(settings, kBaselineMissing, Subject::Fabric(),
                         fmt::format("Nothing to compare with so far: baseline is {} old, needs {}{}",
                                     DurationText(age), DurationText(needed), waits),
                         {{"age", age, "s"}, {"needed", needed, "s"}});
  return change;
}

void AddEvidence(Change& change) {
  auto& evidence = change.finding.evidence;
  std::vector<Evidence> first{{"in the baseline", change.before, ""}, {"now", change.now, ""}};
  if (change.finding.since) first.push_back({"first seen", FormatTime(*change.finding.since), ""});
  evidence.insert(evidence.begin(), first.begin(), first.end());
}

// What the rules of windows and of the configuration say of each finding.
void Excuse(const ChangeFacts& facts, const Context& context, std::vector<Change>& changes) {
  std::vector<Finding> findings;
  for (Change& change : changes) findings.push_back(std::move(change.finding));
  if (!context.settings->accept.empty()) {
    Accept(
        context.settings->accept, context.now, [&](const Finding& f) { return NamesIn(facts, f); }, findings);
  }
  Explain(findings, facts.windows, facts.baseline, context.now, facts.this_host, facts.now);
  for (std::size_t i = 0; i < changes.size(); ++i) changes[i].finding = std::move(findings[i]);
}

// A change that waits to be undone or accepted must not become the new normal by waiting; what only came, or
// is new at a node, may.
bool StandsInTheWay(const Finding& f) {
  if (f.Excused() || f.rule == kBaselineMissing.id) return false;
  return Weight(f) != Verdict::kOk || f.rule == kNodeLost.id;
}

}  // namespace

ChangeJudgement JudgeChange(ChangeState state, const ChangeFacts& facts, const Context& context) {
  ChangeJudgement judgement;
  ChangeState& after = judgement.state;
  after = std::move(state);
  const Settings& settings = *context.settings;
  const Duration elapsed = Elapsed(after, facts.at);
  after.last = facts.at;

  std::optional<ChangeView> view;
  std::vector<Change> changes;
  if (facts.baseline != nullptr) changes = Collect(view.emplace(facts, context), after);
  if (settings.Enabled(kErrorsSinceChange.id)) {
    std::ranges::move(FindErrorsSinceChange(facts, settings), std::back_inserter(changes));
  }
  if (settings.Enabled(kEventsSinceChange.id)) {
    std::ranges::move(FindEventsSinceChange(facts, settings), std::back_inserter(changes));
  }
  TimeChanges(after, facts, context.now, elapsed, changes);
  Excuse(facts, context, changes);
  FoldChanges(facts.findings, changes);
  if (view && facts.knows_windows && settings.Enabled(kUnannouncedChange.id)) {
    std::vector<Change> told = FindUnannounced(changes, *view);
    Excuse({.now = facts.now, .baseline = facts.baseline, .this_host = facts.this_host}, context, told);
    std::ranges::move(told, std::back_inserter(changes));
    FoldChanges(facts.findings, changes);
  }

  std::vector<Finding>& findings = judgement.findings;
  for (Change& change : changes) {
    AddEvidence(change);
    findings.push_back(std::move(change.finding));
  }
  const bool critical = facts.critical || Judge(findings) == Verdict::kCritical;
  const Duration needed = std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(settings.Threshold(kBaselineMissing, "stable_seconds")));
  const bool stable = TimeCandidate(after, facts, critical, context.now, elapsed, needed);
  judgement.fit = stable && std::ranges::none_of(findings, StandsInTheWay);
  if (facts.baseline == nullptr && settings.Enabled(kBaselineMissing.id)) {
    Change none = NoBaseline(after, facts, settings);
    none.finding.since = context.now;
    AddEvidence(none);
    findings.push_back(std::move(none.finding));
  }
  SortFindings(findings);
  return judgement;
}

}  // namespace aftershock::rules

#include "rules/judge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "model/report.h"
#include "rules/accept.h"
#include "rules/change.h"
#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"
#include "rules/fold.h"
#include "rules/memory.h"
#include "rules/pairs.h"

namespace aftershock::rules {
namespace {

struct FabricRule {
  const RuleSpec* spec;
  std::vector<Finding> (*find)(const View&);
};

constexpr std::array kFabricRules{
    FabricRule{&kSweepIncomplete, FindIncompleteSweep},
    FabricRule{&kNodeUnresponsive, FindUnresponsiveNodes},
    FabricRule{&kSmMissing, FindMissingSm},
    FabricRule{&kGuidDuplicate, FindDuplicateGuids},
    FabricRule{&kLidDuplicate, FindDuplicateLids},
    FabricRule{&kLidInvalid, FindInvalidLids},
    FabricRule{&kSwitchLost, FindLostSwitches},
    FabricRule{&kNodeLost, FindLostNodes},
    FabricRule{&kLinkLost, FindLostLinks},
    FabricRule{&kPortNotActive, FindInactivePorts},
    FabricRule{&kLinkDegraded, FindDegradedLinks},
    FabricRule{&kLinkEndsDisagree, FindDisagreeingEnds},
    FabricRule{&kLinkSlowerThanSiblings, FindSlowSiblings},
    FabricRule{&kLinkFlapping, FindFlappingLinks},
    FabricRule{&kLinkErrors, FindLinkErrors},
    FabricRule{&kTransmitDiscards, FindDiscards},
    FabricRule{&kCounterSaturated, FindSaturatedCounters},
    FabricRule{&kCounterReset, FindClearedCounters},
};

constexpr auto kAllRules = [] {
  std::array<const RuleSpec*, kFabricRules.size()> all{};
  std::ranges::transform(kFabricRules, all.begin(), &FabricRule::spec);
  return all;
}();

// Sets `since`, and forgets the findings that are gone; after a partial sweep, which may not have got to
// them, none.
void KeepSince(FabricState& state, const FabricSnapshot& snapshot, WallTime now,
               std::vector<Finding>& findings) {
  std::unordered_map<std::string, WallTime> standing;
  standing.reserve(findings.size());
  for (Finding& finding : findings) {
    std::string key = Key(finding);
    const auto known = state.since.find(key);
    finding.since = known == state.since.end() ? now : known->second;
    standing.emplace(std::move(key), *finding.since);
  }
  if (!snapshot.sweep.complete) standing.merge(state.since);
  state.since = std::move(standing);
}

}  // namespace

FabricJudgement JudgeFabric(FabricState state, const FabricSnapshot& snapshot, const Context& context) {
  FabricJudgement judgement;
  judgement.state = std::move(state);
  FabricState& after = judgement.state;
  const Settings& settings = *context.settings;

  RememberPorts(after, snapshot, settings);
  RememberNodes(after, snapshot);
  const View view(snapshot, after, settings, context.now);
  RememberPairs(after, view);
  after.sweep = snapshot.sweep.number;
  after.started = snapshot.sweep.started_steady;

  std::vector<Finding>& findings = judgement.findings;
  for (const FabricRule& rule : kFabricRules) {
    if (!view.Enabled(*rule.spec)) continue;
    std::ranges::move(rule.find(view), std::back_inserter(findings));
  }
  Fold(view, findings);
  Accept(view, settings.accept, findings);
  KeepSince(after, snapshot, context.now, findings);
  SortFindings(findings);
  judgement.verdict = Judge(findings);
  return judgement;
}

std::span<const RuleSpec* const> AllRules() {
  return kAllRules;
}

const RuleSpec* FindRule(std::string_view id) {
  const auto* it = std::ranges::find(kAllRules, id, &RuleSpec::id);
  return it == kAllRules.end() ? nullptr : *it;
}

}  // namespace aftershock::rules

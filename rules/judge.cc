#include "rules/judge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "model/report.h"
#include "rules/accept.h"
#include "rules/change.h"
#include "rules/change/table.h"
#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"
#include "rules/fleet/silent.h"
#include "rules/fold.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/memory.h"
#include "rules/pairs.h"
#include "rules/pairs/rules.h"
#include "rules/routing/memory_trees.h"
#include "rules/routing/rules.h"
#include "rules/routing/rules_trees.h"
#include "rules/routing/table.h"
#include "rules/routing/table_trees.h"
#include "rules/sm/memory.h"
#include "rules/sm/rules.h"
#include "rules/sm/table.h"
#include "rules/windows/clock_jumped.h"
#include "rules/windows/journal_failing.h"
#include "rules/windows/windows_unknown.h"

namespace aftershock::rules {
namespace {

struct FabricRule {
  const RuleSpec* spec;
  std::vector<Finding> (*find)(const View&);
};

constexpr std::array kFabricRules{
    FabricRule{&kSweepIncomplete, FindIncompleteSweep},
    FabricRule{&kNodeUnresponsive, FindUnresponsiveNodes},
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
    FabricRule{&kSmMissing, FindMissingSm},
    FabricRule{&kSmSeveral, FindSeveralSms},
    FabricRule{&kSmStuck, FindStuckSm},
    FabricRule{&kSmNoStandby, FindNoStandby},
    FabricRule{&kSmStandbyUnfit, FindUnfitStandbys},
    FabricRule{&kSmLidSplit, FindSplitSmLids},
    FabricRule{&kSaSlow, FindSlowSa},
    FabricRule{&kIpoibGroupMissing, FindMissingGroup},
    FabricRule{&kIpoibGroupParameters, FindUnfitGroup},
    FabricRule{&kRoutingUnread, FindUnreadTables},
    FabricRule{&kRouteMissing, FindMissingRoutes},
    FabricRule{&kRouteDeadEnd, FindDeadEnds},
    FabricRule{&kRouteLoop, FindRouteLoops},
    FabricRule{&kRouteWrongExit, FindWrongExits},
    FabricRule{&kCreditLoop, FindCreditLoops},
    FabricRule{&kMulticastBroken, FindBrokenMulticast},
    FabricRule{&kPartitionDiffers, FindDifferentPartitions},
    FabricRule{&kSl2VlDiffers, FindDifferentLanes},
    FabricRule{&kRouteUnbalanced, FindUnbalancedRoutes},
};

// Facts that hosts show as well: their rows are among the hosts'.
constexpr std::array kSharedRules{FabricRule{&kSaSilent, FindSilentSa},
                                  FabricRule{&kIpoibNotMember, FindLostMemberships}};

}  // namespace

FabricJudgement JudgeFabric(FabricState state, const FabricSnapshot& snapshot, const Context& context) {
  FabricJudgement judgement;
  judgement.state = std::move(state);
  FabricState& after = judgement.state;
  const Settings& settings = *context.settings;

  RememberPorts(after, snapshot, settings);
  RememberNodes(after, snapshot);
  RememberSubnet(after, snapshot, settings);
  const View view(snapshot, after, settings, context.now);
  RememberPairs(after, view);
  RememberRouting(after, snapshot, settings);
  RememberTrees(after, view);
  after.sweep = snapshot.sweep.number;
  after.started = snapshot.sweep.started_steady;

  std::vector<Finding>& findings = judgement.findings;
  const auto ask = [&](const FabricRule& rule) {
    if (view.Enabled(*rule.spec)) std::ranges::move(rule.find(view), std::back_inserter(findings));
  };
  std::ranges::for_each(kFabricRules, ask);
  std::ranges::for_each(kSharedRules, ask);
  Fold(view, findings);
  Accept(view, settings.accept, findings);
  // A partial sweep may not have got to what stood before it.
  KeepSince(after.since, snapshot.sweep.complete, context.now, findings);
  SortFindings(findings);
  judgement.verdict = Judge(findings);
  judgement.routing = after.routing.facts;
  return judgement;
}

std::span<const RuleSpec* const> AllRules() {
  static const std::vector<const RuleSpec*> kAll = [] {
    std::vector<const RuleSpec*> all;
    std::ranges::transform(kFabricRules, std::back_inserter(all), &FabricRule::spec);
    std::ranges::transform(HostRules(), std::back_inserter(all), &HostRule::spec);
    std::ranges::transform(PairRules(), std::back_inserter(all), &PairRule::spec);
    std::ranges::copy(ChangeRules(), std::back_inserter(all));
    all.push_back(&kJournalFailing);
    all.push_back(&kClockJumped);
    all.push_back(&kHostSilent);
    all.push_back(&kWindowsUnknown);
    return all;
  }();
  return kAll;
}

const RuleSpec* FindRule(std::string_view id) {
  const auto all = AllRules();
  const auto it = std::ranges::find(all, id, &RuleSpec::id);
  return it == all.end() ? nullptr : *it;
}

}  // namespace aftershock::rules

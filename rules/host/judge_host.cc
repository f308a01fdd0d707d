#include "rules/host/judge_host.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "model/report.h"
#include "rules/accept.h"
#include "rules/found.h"
#include "rules/host/fold.h"
#include "rules/host/memory.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

constexpr std::array kHostRules{
    HostRule{&kHostNotVisible, FindUnseenParts},
    HostRule{&kHcaMissing, FindMissingAdapters},
    HostRule{&kHcaRemoved, FindRemovedAdapters},
    HostRule{&kHcaEventBurst, FindEventBursts},
    HostRule{&kHostPortDown, FindPortsDown},
    HostRule{&kPortCounters, FindPortCounters},
    HostRule{&kSaSilent, FindSilentSubnet},
    HostRule{&kIpoibSmNotMaster, FindOtherSm},
    HostRule{&kIpoibSmStale, FindStaleSm},
    HostRule{&kIpoibNoCarrier, FindMissingCarrier},
    HostRule{&kIpoibNotMember, FindMissingMembership},
    HostRule{&kIpoibRateBelowGroup, FindSlowForGroup},
    HostRule{&kIpoibMtuMismatch, FindMtuMismatch},
    HostRule{&kIpoibSettingsChanged, FindChangedSettings},
    HostRule{&kIpoibTxStalled, FindStalledQueues},
    HostRule{&kIpoibNeighbourStale, FindStaleNeighbours},
    HostRule{&kIpoibFlapping, FindFlappingInterfaces},
    HostRule{&kBondDegraded, FindDegradedBonds},
    HostRule{&kBondOneSwitch, FindBondsAtOneSwitch},
    HostRule{&kBondStandbyDead, FindDeadStandbys},
    HostRule{&kBondSettings, FindBondsWithoutMonitoring},
};

// By the words that the finding uses, too: "ib0", "mlx5_0", "mlx5_0:1", the host's name.
std::vector<std::string> NamesIn(const HostView& view, const Finding& finding) {
  const Subject& subject = finding.subject;
  std::vector<std::string> names{ToString(subject)};
  if (!subject.name.empty()) names.push_back(subject.name);
  if (subject.kind == SubjectKind::kThisHost) names.push_back(view.snapshot().hostname);
  for (const auto& [name, hca] : view.state().hcas) {
    if (subject.guid == Guid{} || hca.node_guid != subject.guid) continue;
    names.push_back(name);
    if (subject.kind == SubjectKind::kLink) names.push_back(ToString(HcaPortName{name, subject.port}));
  }
  return names;
}

}  // namespace

std::span<const HostRule> HostRules() {
  return kHostRules;
}

HostJudgement JudgeHost(HostState state, const HostSnapshot& snapshot, const Context& context) {
  HostJudgement judgement;
  judgement.state = std::move(state);
  HostState& after = judgement.state;
  RememberHost(after, snapshot, *context.settings);
  const HostView view(snapshot, after, *context.settings, context.now);

  std::vector<Suspect> suspects;
  for (const HostRule& rule : kHostRules) {
    if (view.Enabled(*rule.spec)) std::ranges::move(rule.find(view), std::back_inserter(suspects));
  }
  std::vector<Finding>& findings = judgement.findings;
  findings = Settled(after, std::move(suspects));
  FoldHost(view, findings);
  Accept(
      context.settings->accept, context.now, [&](const Finding& finding) { return NamesIn(view, finding); },
      findings);
  KeepSince(after.since, true, context.now, findings);
  SortFindings(findings);
  judgement.verdict = Judge(findings);
  return judgement;
}

}  // namespace aftershock::rules

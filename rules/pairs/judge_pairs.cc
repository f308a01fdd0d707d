#include "rules/pairs/judge_pairs.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "rules/accept.h"
#include "rules/pairs/assess.h"
#include "rules/pairs/heard.h"
#include "rules/pairs/hosts.h"
#include "rules/pairs/members.h"
#include "rules/pairs/pair_view.h"
#include "rules/pairs/rules.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kPairRules{
    PairRule{&kPairLost, FindLostPairs},
    PairRule{&kPairDegraded, FindDegradedPairs},
    PairRule{&kPairBothIntermittent, FindBothIntermittent},
    PairRule{&kPairIntermittent, FindIntermittent},
    PairRule{&kPairUnseen, FindUnseen},
    PairRule{&kPairMemberUnknown, FindUnknownMembers},
    PairRule{&kPairMemberRestarted, FindRestarted},
    PairRule{&kPairCorrelated, FindCorrelated},
    PairRule{&kPairSharedRisk, FindSharedRisks},
    PairRule{&kPairFirmwareDiffers, FindDifferentFirmware},
    PairRule{&kPairMemberReplaced, FindReplacedMembers},
    PairRule{&kPairUneven, FindUnevenHosts},
    PairRule{&kPairStandbyUnproven, FindUnprovenStandbys},
};

void Befall(MemberMemory& member, MemberState state, SteadyTime at) {
  const bool known_before = member.state != MemberState::kUnknown || member.swept;
  if (state != member.state && known_before) {
    if (state == MemberState::kDead) member.mishaps[static_cast<std::size_t>(Mishap::kDied)] = at;
    if (state == MemberState::kIntermittent) member.mishaps[static_cast<std::size_t>(Mishap::kFaltered)] = at;
  }
  member.state = state;
}

// How every asked switch stands, by plane.
std::map<std::string, std::map<Guid, Standpoint>> AllStandpoints(const PairState& state,
                                                                 const Settings& settings) {
  std::map<Guid, MemberState> before;
  for (const auto& [name, members] : state.members) {
    for (const MemberMemory& member : members) before[member.guid] = member.state;
  }
  std::map<std::string, std::map<Guid, Standpoint>> all;
  for (const auto& [plane, asked] : state.asked) all[plane] = Standpoints(asked, before, settings);
  return all;
}

Standpoint StandpointOf(const std::map<std::string, std::map<Guid, Standpoint>>& all,
                        const MemberMemory& member) {
  if (const auto plane = all.find(member.plane); plane != all.end()) {
    const auto it = plane->second.find(member.guid);
    if (it != plane->second.end()) return it->second;
  }
  Standpoint unseen;
  unseen.because = member.plane.empty() ? "no fabric that is seen has it" : "it was not asked so far";
  return unseen;
}

// As the last sweep saw it, where nobody asks.
Standpoint AsSwept(const PairFacts& facts, const MemberMemory& member) {
  const auto plane = std::ranges::find(facts.planes, member.plane, &PlaneFacts::plane);
  const bool seen = plane != facts.planes.end() && plane->snapshot != nullptr;
  const Node* node = seen ? plane->snapshot->FindNode(member.guid) : nullptr;
  Standpoint stands;
  if (node != nullptr && !Missing(node->answer)) {
    stands.state = MemberState::kLive;
  } else {
    stands.because = "the sweep did not see it";
  }
  return stands;
}

PairsReport ReportOf(PairState& state, const PairFacts& facts, const Settings& settings) {
  PairsReport report;
  report.asked = state.asked_at;
  report.asking = facts.asking;
  const auto standpoints = AllStandpoints(state, settings);
  for (const PairGroup& group : settings.pairs) {
    PairReport& pair = report.pairs.emplace_back();
    pair.name = group.name;
    pair.must_live = group.must_live;
    auto& members = state.members.at(group.name);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const Standpoint stands =
          facts.asking ? StandpointOf(standpoints, members[i]) : AsSwept(facts, members[i]);
      Befall(members[i], stands.state, facts.at);
      pair.members.push_back({group.members[i].text, members[i].name, members[i].guid, stands.state,
                              stands.asked, stands.answered, stands.broken_routes, stands.because});
    }
  }
  report.hosts_short = CountShortHosts(state);
  return report;
}

std::vector<std::string> NamesIn(const PairState& state, const Finding& finding) {
  std::vector<std::string> names{ToString(finding.subject), finding.subject.name};
  const auto members = state.members.find(finding.subject.name);
  if (members == state.members.end()) return names;
  for (const MemberMemory& member : members->second) names.push_back(member.name);
  return names;
}

}  // namespace

std::span<const PairRule> PairRules() {
  return kPairRules;
}

PairJudgement JudgePairs(PairState state, const PairFacts& facts, const Context& context) {
  const Settings& settings = *context.settings;
  PairJudgement judgement;
  judgement.state = std::move(state);
  PairState& after = judgement.state;
  std::erase_if(after.members, [&](const auto& known) {
    return std::ranges::count(settings.pairs, known.first, &PairGroup::name) == 0;
  });
  RememberRounds(after, facts.rounds, settings);
  if (RememberSweeps(after, facts, settings)) RememberHosts(after, facts);
  judgement.report = ReportOf(after, facts, settings);
  const PairView view(facts, after, judgement.report, settings, context.now);
  for (const PairRule& rule : kPairRules) {
    if (!view.Enabled(*rule.spec)) continue;
    std::ranges::move(rule.find(view), std::back_inserter(judgement.findings));
  }
  const auto names = [&](const Finding& finding) { return NamesIn(after, finding); };
  Accept(settings.accept, context.now, names, judgement.findings);
  KeepSince(after.since, /*complete=*/true, context.now, judgement.findings);
  return judgement;
}

std::vector<Guid> SwitchesToAsk(const PairState& state, const std::string& plane) {
  std::vector<Guid> guids;
  for (const auto& [name, members] : state.members) {
    for (const MemberMemory& member : members) {
      if (member.guid != Guid{} && member.plane == plane) guids.push_back(member.guid);
    }
  }
  return guids;
}

}  // namespace aftershock::rules

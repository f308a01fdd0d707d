#include "rules/pairs/pair_view.h"

#include <algorithm>

#include <fmt/format.h>

namespace aftershock::rules {

PairView::PairView(const PairFacts& facts, const PairState& state, const PairsReport& report,
                   const Settings& settings, WallTime wall)
    : facts_(facts), state_(state), settings_(settings), wall_(wall) {
  for (std::size_t g = 0; g < settings.pairs.size(); ++g) {
    const PairGroup& group = settings.pairs[g];
    GroupSeen& seen = groups_.emplace_back(GroupSeen{&group, &report.pairs[g], {}});
    const auto& memories = state.members.at(group.name);
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      MemberSeen member{&group.members[i], &memories[i], &report.pairs[g].members[i], nullptr, nullptr};
      const auto plane = std::ranges::find(facts.planes, memories[i].plane, &PlaneFacts::plane);
      if (plane != facts.planes.end() && plane->snapshot != nullptr) {
        member.snapshot = plane->snapshot;
        const Node* node = plane->snapshot->FindNode(memories[i].guid);
        if (node != nullptr && !Missing(node->answer)) member.node = node;
      }
      seen.members.push_back(member);
    }
  }
}

bool PairView::AllRead() const {
  return !facts_.planes.empty() && std::ranges::all_of(facts_.planes, [](const PlaneFacts& plane) {
    return plane.snapshot != nullptr && plane.snapshot->sweep.complete;
  });
}

Finding PairView::Found(const RuleSpec& rule, const GroupSeen& group, std::string summary,
                        std::vector<Evidence> evidence) const {
  return rules::Found(settings_, rule, Subject::Pair(group.configured->name), std::move(summary),
                      std::move(evidence));
}

std::string NameOf(const MemberSeen& member) {
  return member.report->name;
}

std::vector<std::string> NamesOf(const std::vector<const MemberSeen*>& members) {
  std::vector<std::string> names;
  for (const MemberSeen* member : members) names.push_back(NameOf(*member));
  return names;
}

}  // namespace aftershock::rules

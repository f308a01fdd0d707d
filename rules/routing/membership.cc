// ipoib-not-member from the fabric's side: what the SA says of the ports of adapters, agents or none.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/table.h"
#include "rules/routing/map.h"
#include "rules/routing/rules_trees.h"

namespace aftershock::rules {
namespace {

struct Lost {
  const Node* node;
  const Port* port;
  Spell out;
};

bool IsAdapterPort(const Node& node, const Port& port) {
  return node.type == NodeType::kAdapter && !node.IsAggregationNode() && !node.duplicate &&
         !Missing(node.answer) && !Missing(port.info_answer) && Carries(port);
}

Finding LostAlone(const View& view, const Lost& lost) {
  Finding finding = view.Found(
      kIpoibNotMember, SubjectOf(*lost.node, *lost.port),
      fmt::format("{} was a member of the IPoIB broadcast group, and the SA no longer knows it as one",
                  NameWithPeer(view, *lost.node, *lost.port)),
      {{"out for", ToSeconds(lost.out.last - lost.out.first), "s"}});
  finding.severity = std::min(finding.severity, Severity::kWarning);
  return finding;
}

Finding LostTogether(const View& view, const std::vector<Lost>& lost, std::size_t members) {
  std::vector<std::string> names;
  for (const Lost& l : lost) names.push_back(NameOf(*l.node, *l.port));
  return view.Found(
      kIpoibNotMember, Subject::Fabric(),
      fmt::format(
          "The SA no longer knows {} ports as members of the IPoIB broadcast group, which they were: {}",
          lost.size(), Listed(names)),
      {{"ports out", static_cast<std::int64_t>(lost.size()), ""},
       {"members left", static_cast<std::int64_t>(members), ""}});
}

Finding NeverIn(const View& view, const Node& node, const Port& port, std::size_t members,
                std::size_t asked) {
  Finding finding =
      view.Found(kIpoibNotMember, SubjectOf(node, port),
                 fmt::format("{} is no member of the IPoIB broadcast group, as {} of {} ports are",
                             NameWithPeer(view, node, port), members, asked),
                 {});
  finding.severity = Severity::kNote;
  return finding;
}

// Those that others at other hosts were lost with, within the time.
std::vector<Lost> Together(const View& view, const std::vector<Lost>& lost) {
  const double within = view.Threshold(kIpoibNotMember, "together_seconds");
  const double enough = view.Threshold(kIpoibNotMember, "together_hosts");
  std::vector<Lost> together;
  for (std::size_t first = 0, last = 0, done = 0; first < lost.size(); ++first) {  // sorted by time
    std::set<const Node*> hosts;
    for (last = first; last < lost.size(); ++last) {
      if (ToSeconds(lost[last].out.first - lost[first].out.first) > within) break;
      hosts.insert(lost[last].node);
    }
    if (static_cast<double>(hosts.size()) < enough) continue;
    for (done = std::max(done, first); done < last; ++done) together.push_back(lost[done]);
  }
  return together;
}

}  // namespace

std::vector<Finding> FindLostMemberships(const View& view) {
  const FabricSnapshot& snapshot = view.snapshot();
  if (snapshot.sa.group_missing) return {};  // ipoib-group-missing's
  const double settle = view.Threshold(kIpoibNotMember, "confirm_seconds");
  std::vector<Lost> lost;
  std::vector<std::pair<const Node*, const Port*>> never;
  std::size_t members = 0;
  for (const Node& node : snapshot.nodes) {
    for (const Port& port : node.ports) {
      if (!port.membership.member || !IsAdapterPort(node, port)) continue;
      if (*port.membership.member) {
        ++members;
        continue;
      }
      const auto memory = view.state().trees.memberships.find(KeyOf(node, port));
      if (memory == view.state().trees.memberships.end() || !memory->second.was) {
        never.emplace_back(&node, &port);
      } else if (memory->second.out) {
        const Spell& out = *memory->second.out;
        if (out.last_sweep != out.first_sweep && ToSeconds(out.last - out.first) >= settle)
          lost.push_back({&node, &port, out});
      }
    }
  }
  std::ranges::stable_sort(lost, {}, [](const Lost& l) { return l.out.first; });

  std::vector<Finding> findings;
  const std::vector<Lost> together = Together(view, lost);
  if (!together.empty()) findings.push_back(LostTogether(view, together, members));
  for (const Lost& l : lost) {
    const bool told = std::ranges::any_of(together, [&](const Lost& t) { return t.port == l.port; });
    if (!told) findings.push_back(LostAlone(view, l));
  }
  const std::size_t asked = members + never.size() + lost.size();
  const bool most = static_cast<double>(asked) >= view.Threshold(kIpoibNotMember, "peers") &&
                    static_cast<double>(members) >=
                        view.Threshold(kIpoibNotMember, "peers_share") * static_cast<double>(asked);
  if (!most) return findings;
  for (const auto& [node, port] : never) findings.push_back(NeverIn(view, *node, *port, members, asked));
  return findings;
}

}  // namespace aftershock::rules

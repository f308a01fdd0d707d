#include "rules/whatif/paths.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace aftershock::whatif {
namespace {

constexpr Index kEverywhere = kNone;

// The switches of an island on which a host has legs, whatever is gone.
std::vector<Index> OwnLeaves(const Network& network, Index host, Index island) {
  std::set<Index> own;
  for (const Index leg : network.hosts[host].legs) {
    const Index sw = network.legs[leg].sw;
    if (network.switches[sw].island == island) own.insert(sw);
  }
  return {own.begin(), own.end()};
}

std::uint32_t Total(const std::vector<FlowEnd>& ends) {
  std::uint32_t total = 0;
  for (const FlowEnd& end : ends) total += end.amount;
  return total;
}

std::uint32_t ToTargets(const Towards& towards, Index host, Paths& paths) {
  std::optional<std::uint32_t> least;
  const auto take = [&](std::uint32_t count) { least = std::min(least.value_or(count), count); };
  for (const Index sw : towards.switches) take(paths.ToSwitch(host, sw));
  for (const Index target : towards.hosts) {
    if (target != host) take(paths.ToHost(host, target));
  }
  return least.value_or(0);
}

}  // namespace

std::vector<FlowEnd> Paths::Ends(Index host, Index island) const {
  std::map<Index, std::uint32_t> amounts;
  for (const Index leg : network_.hosts[host].legs) {
    const Index sw = network_.legs[leg].sw;
    if (gone_.LegGone(network_, leg)) continue;
    if (island == kEverywhere || network_.switches[sw].island == island) ++amounts[sw];
  }
  std::vector<FlowEnd> ends;
  for (const auto& [sw, amount] : amounts) ends.push_back({sw, amount});
  return ends;
}

FlowGraph& Paths::Graph(std::uint32_t limit) {
  const auto at = graphs_.find(limit);
  return at != graphs_.end() ? at->second
                             : graphs_.emplace(limit, FlowGraph(network_, gone_, limit)).first->second;
}

const std::vector<Paths::Class>& Paths::LeafClasses(std::uint32_t limit, Index island) {
  const auto [at, added] = classes_.try_emplace({limit, island});
  if (!added) return at->second;
  std::vector<Index> leaves;
  for (Index sw = 0; sw < network_.switches.size(); ++sw) {
    const Switch& s = network_.switches[sw];
    if (s.island == island && !s.legs.empty() && gone_.switches[sw] == 0) leaves.push_back(sw);
  }
  at->second = Classes(Graph(limit), leaves);
  return at->second;
}

Paths::Minimum Paths::ToOtherLeaves(Index host, Index island) {
  const std::vector<FlowEnd> ends = Ends(host, island);
  const std::vector<Index> own = OwnLeaves(network_, host, island);
  std::vector<Index> key{island};
  key.insert(key.end(), own.begin(), own.end());
  for (const FlowEnd& end : ends) key.insert(key.end(), {kNone, end.sw, end.amount});
  const auto at = known_.find(key);
  if (at != known_.end()) return at->second;
  return known_[std::move(key)] = Search(ends, own, island);
}

Paths::Minimum Paths::Search(const std::vector<FlowEnd>& ends, const std::vector<Index>& own, Index island) {
  // Without a leg nothing is reached, and one path's classes tell how much that is.
  const std::uint32_t limit = std::max(Total(ends), 1u);
  const std::vector<Class>& classes = LeafClasses(limit, island);
  std::optional<std::uint32_t> all, reached;
  std::uint32_t lost = 0;
  const auto search = [&](const auto& counts) {
    for (const Class& leaves : classes) {
      const auto count = std::ranges::count_if(leaves, counts);
      if (count == 0) continue;
      const FlowEnd to{*std::ranges::find_if(leaves, counts), limit};
      const std::uint32_t flow = Graph(limit).Flow(ends, {&to, 1});
      all = std::min(all.value_or(flow), flow);
      if (flow > 0) reached = std::min(reached.value_or(flow), flow);
      if (flow == 0) lost += static_cast<std::uint32_t>(count);
    }
  };
  search([&](Index sw) { return !std::ranges::binary_search(own, sw); });
  if (!all) search([](Index) { return true; });
  return {all.value_or(0), reached.value_or(0), lost};
}

std::uint32_t Paths::ToSwitch(Index host, Index sw) {
  const std::vector<FlowEnd> ends = Ends(host, network_.switches[sw].island);
  const FlowEnd to{sw, Total(ends)};
  if (ends.empty() || gone_.switches[sw] != 0) return 0;
  return Graph(to.amount).Flow(ends, {&to, 1});
}

std::uint32_t Paths::ToHost(Index host, Index target) {
  const std::vector<FlowEnd> ends = Ends(host, kEverywhere), to = Ends(target, kEverywhere);
  if (ends.empty() || to.empty()) return 0;
  return Graph(std::min(Total(ends), Total(to))).Flow(ends, to);
}

std::optional<PlanPaths> CountPaths(const Network& network, Index host, const Towards& towards, Paths& before,
                                    Paths& after) {
  PlanPaths paths;
  if (!towards.Empty()) {
    if (towards.switches.empty() && std::ranges::all_of(towards.hosts, [&](Index h) { return h == host; }))
      return std::nullopt;
    paths.before = ToTargets(towards, host, before);
    paths.after = paths.after_reached = ToTargets(towards, host, after);
    return paths;
  }
  std::set<Index> islands;
  for (const Index leg : network.hosts[host].legs)
    islands.insert(network.switches[network.legs[leg].sw].island);
  for (const Index island : islands) {
    const Paths::Minimum then = before.ToOtherLeaves(host, island), now = after.ToOtherLeaves(host, island);
    paths.before += then.all;
    paths.after += now.all;
    paths.after_reached += now.reached;
    paths.leaves_lost += now.lost;
  }
  return paths;
}

}  // namespace aftershock::whatif

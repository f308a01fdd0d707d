#include "rules/routing/up_down.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "rules/whatif/network.h"
#include "rules/whatif/tiers.h"

namespace aftershock::rules {
namespace {

using Index = RoutingMap::Index;

// By switch of the map; empty: there are no clear tiers.
std::vector<std::uint32_t> ClearTiers(const RoutingMap& map) {
  const std::array planes{whatif::PlaneView{"", &map.snapshot()}};
  const whatif::Network network = whatif::MakeNetwork(planes);
  const whatif::Tiers tiers(network);
  std::unordered_map<const Node*, std::uint32_t> of_node;
  for (whatif::Index i = 0; i < network.switches.size(); ++i) of_node[network.switches[i].node] = tiers.Of(i);
  std::vector<std::uint32_t> tier(map.switches().size());
  for (Index i = 0; i < tier.size(); ++i) {
    const auto it = of_node.find(map.switches()[i].node);
    if (it != of_node.end()) tier[i] = it->second;
  }
  if (tier.empty() || std::ranges::max(tier) < 2) return {};
  for (Index i = 0; i < tier.size(); ++i) {
    for (const RoutingMap::Exit& exit : map.switches()[i].exits) {
      if (exit.leads == RoutingMap::Leads::kSwitch && tier[exit.to] == tier[i]) return {};
    }
  }
  return tier;
}

}  // namespace

std::optional<bool> GoesUpAndDown(const RoutingMap& map, const DependencyGraph& graph) {
  const bool known = std::ranges::all_of(
      map.switches(), [](const RoutingMap::Switch& sw) { return sw.table != nullptr && !sw.adaptive; });
  if (!known) return std::nullopt;
  const std::vector<std::uint32_t> tier = ClearTiers(map);
  if (tier.empty()) return std::nullopt;
  for (Index i = 0; i < tier.size(); ++i) {
    const auto& exits = map.switches()[i].exits;
    for (std::size_t port = 1; port < exits.size(); ++port) {
      if (exits[port].leads != RoutingMap::Leads::kSwitch || tier[exits[port].to] > tier[i]) continue;
      const auto& beyond = map.switches()[exits[port].to].exits;
      for (std::size_t next = 1; next < beyond.size(); ++next) {
        if (beyond[next].leads != RoutingMap::Leads::kSwitch || tier[beyond[next].to] < tier[exits[port].to])
          continue;
        if (graph.Has({i, static_cast<std::uint8_t>(port), 0}, static_cast<std::uint8_t>(next), 0))
          return false;
      }
    }
  }
  return true;
}

}  // namespace aftershock::rules

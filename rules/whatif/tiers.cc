#include "rules/whatif/tiers.h"

#include <algorithm>
#include <deque>
#include <numeric>

namespace aftershock::whatif {
namespace {

// A switch with less than a quarter of the usual number of hosts may be no leaf.
constexpr std::size_t kFew = 4;

std::size_t Median(std::vector<std::size_t> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

std::vector<std::uint8_t> Tiers::Leaves() const {
  const auto& switches = network_.switches;
  std::vector<std::size_t> hosts, cables;
  for (const Switch& sw : switches) {
    if (!sw.legs.empty()) hosts.push_back(sw.legs.size());
  }
  const std::size_t usual = Median(hosts);
  const auto few = [&](const Switch& sw) { return sw.legs.size() * kFew <= usual; };
  for (const Switch& sw : switches) {
    if (!sw.legs.empty() && !few(sw)) cables.push_back(sw.cables.size());
  }
  const std::size_t usual_cables = Median(cables);
  std::vector<std::uint8_t> leaf(switches.size());
  for (Index i = 0; i < switches.size(); ++i) {
    const Switch& sw = switches[i];
    if (sw.legs.empty()) continue;
    const auto to_leaves = std::ranges::count_if(sw.cables, [&](Index cable) {
      const Switch& far = switches[network_.Other(cable, i)];
      return !far.legs.empty() && !few(far);
    });
    const bool above = 2 * static_cast<std::size_t>(to_leaves) > sw.cables.size() ||
                       2 * sw.cables.size() >= 3 * std::max<std::size_t>(usual_cables, 1);
    leaf[i] = few(sw) && above ? 0 : 1;
  }
  return leaf;
}

Tiers::Tiers(const Network& network)
    : network_(network), tier_(network.switches.size()), up_(network.switches.size()) {
  const std::vector<std::uint8_t> leaf = Leaves();
  std::deque<Index> next;
  for (Index i = 0; i < leaf.size(); ++i) {
    if (leaf[i] == 0) continue;
    tier_[i] = 1;
    next.push_back(i);
  }
  while (!next.empty()) {
    const Index at = next.front();
    next.pop_front();
    for (const Index cable : network.switches[at].cables) {
      const Index far = network.Other(cable, at);
      if (tier_[far] != 0) continue;
      tier_[far] = tier_[at] + 1;
      next.push_back(far);
    }
  }
  for (Index i = 0; i < tier_.size(); ++i) {
    for (const Index cable : network.switches[i].cables) {
      if (tier_[i] != 0 && tier_[network.Other(cable, i)] == tier_[i] + 1) up_[i].push_back(cable);
    }
  }
  from_top_.resize(tier_.size());
  std::iota(from_top_.begin(), from_top_.end(), Index{0});
  std::ranges::stable_sort(from_top_, std::greater(), [&](Index i) { return tier_[i]; });
}

std::span<const Index> Tiers::Out(Index sw) const {
  if (!up_[sw].empty()) return up_[sw];
  if (tier_[sw] == 1) return network_.switches[sw].cables;
  return {};
}

const std::vector<double>& Tiers::CountPaths(const Exclusion& gone) {
  paths_.assign(tier_.size(), 0);
  for (const Index sw : from_top_) {
    if (gone.switches[sw] != 0) continue;
    if (up_[sw].empty()) paths_[sw] = 1;
    for (const Index cable : up_[sw]) {
      if (gone.cables[cable] == 0) paths_[sw] += paths_[network_.Other(cable, sw)];
    }
  }
  return paths_;
}

}  // namespace aftershock::whatif

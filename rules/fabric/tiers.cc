#include "rules/fabric/tiers.h"

#include <algorithm>
#include <deque>

namespace aftershock::rules {

Tiers::Tiers(const FabricSnapshot& snapshot, std::span<const Link> links)
    : snapshot_(snapshot), tier_(snapshot.nodes.size(), kNone) {
  const auto index = [&](const Node* node) { return static_cast<std::size_t>(node - snapshot.nodes.data()); };
  std::vector<std::vector<std::size_t>> neighbours(snapshot.nodes.size());
  std::deque<std::size_t> next;
  for (std::size_t i = 0; i < tier_.size(); ++i) {
    if (!snapshot.nodes[i].IsSwitch()) tier_[i] = kAdapter;
  }
  for (const Link& link : links) {
    const std::size_t a = index(link.a_node), b = index(link.b_node);
    if (link.a_node->IsSwitch() && link.b_node->IsSwitch()) {
      neighbours[a].push_back(b);
      neighbours[b].push_back(a);
    } else if (link.a_node->IsSwitch() && !link.b_node->IsAggregationNode() && tier_[a] == kNone) {
      tier_[a] = kLeaf;
      next.push_back(a);
    }
  }
  while (!next.empty()) {
    const std::size_t at = next.front();
    next.pop_front();
    for (const std::size_t far : neighbours[at]) {
      if (tier_[far] != kNone) continue;
      tier_[far] = tier_[at] + 1;
      next.push_back(far);
    }
  }
}

int Tiers::Of(const Node& node) const {
  return tier_[static_cast<std::size_t>(&node - snapshot_.nodes.data())];
}

TierPair Tiers::Of(const Link& link) const {
  const auto end = [&](const Node& node) { return TierEnd{Of(node), node.vendor_id, node.device_id}; };
  const TierEnd a = end(*link.a_node), b = end(*link.b_node);
  return {std::min(a, b), std::max(a, b)};
}

}  // namespace aftershock::rules

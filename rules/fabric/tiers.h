// The tiers of a fabric: adapters, leaf switches (those with a host), and the others by their distance from
// the leaves.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "rules/view.h"

namespace aftershock::rules {

// One end of a comparison: the tier and what kind of device stands there.
struct TierEnd {
  int tier = 0;
  std::uint32_t vendor_id = 0;
  std::uint16_t device_id = 0;
  friend auto operator<=>(const TierEnd&, const TierEnd&) = default;
};
struct TierPair {
  TierEnd lower, upper;
  friend auto operator<=>(const TierPair&, const TierPair&) = default;
};

class Tiers {
 public:
  static constexpr int kAdapter = 0, kLeaf = 1, kNone = -1;  // kNone: a switch that no link joins to a leaf

  // Both must outlive the object.
  Tiers(const FabricSnapshot& snapshot, std::span<const Link> links);
  TierPair Of(const Link& link) const;
  int Of(const Node& node) const;

 private:
  const FabricSnapshot& snapshot_;
  std::vector<int> tier_;  // by index of the node
};

}  // namespace aftershock::rules

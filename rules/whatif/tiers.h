// The tiers of a fabric, and the up-paths of its switches counted as CorrOpt counts them (Zhuo et al.,
// SIGCOMM 2017): a switch at the top has one, any other the sum of those its up-cables lead to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/whatif/network.h"

namespace aftershock::whatif {

// Leaves are the switches with hosts, but for those that hold a few among their cables to leaves: a spine
// with a management node on it. Tier 1 are the leaves, any other switch is one above its lowest neighbour; 0:
// no cable joins it to a leaf.
class Tiers {
 public:
  explicit Tiers(const Network& network);

  std::uint32_t Of(Index sw) const { return tier_[sw]; }
  // Cables to the next tier up.
  std::span<const Index> Up(Index sw) const { return up_[sw]; }
  // The cables that carry what a switch cannot deliver itself: its up-cables; of a leaf without, those to its
  // peers.
  std::span<const Index> Out(Index sw) const;

  // Up-paths of every switch with `gone` taken away; 0 for what is gone. O(cables).
  const std::vector<double>& CountPaths(const Exclusion& gone);

 private:
  std::vector<std::uint8_t> Leaves() const;

  const Network& network_;
  std::vector<std::uint32_t> tier_;
  std::vector<std::vector<Index>> up_;
  std::vector<Index> from_top_;
  std::vector<double> paths_;
};

}  // namespace aftershock::whatif

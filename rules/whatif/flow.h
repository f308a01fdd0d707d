// Link-disjoint paths between switches: maximum flow over cables that each carry one path, up to a limit.
//
// A limit of k allows a sparse graph: k spanning forests, each of what the earlier ones left over, have every
// cut of up to k cables that the whole has (Nagamochi and Ibaraki, 1992).
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "rules/whatif/network.h"

namespace aftershock::whatif {

// Where flow begins or ends: a switch, and how much of it.
struct FlowEnd {
  Index sw;
  std::uint32_t amount;
};

class FlowGraph {
 public:
  FlowGraph(const Network& network, const Exclusion& gone, std::uint32_t limit);

  // The largest number of link-disjoint paths from `from` to `to`, at most the limit.
  std::uint32_t Flow(std::span<const FlowEnd> from, std::span<const FlowEnd> to);
  // After a flow below the limit: the switches that a smallest cut leaves on the side of `from`.
  bool OnSourceSide(Index sw) const { return seen_[sw] == stamp_; }
  std::uint32_t limit() const { return limit_; }

 private:
  struct Arc {
    Index from, to, edge;
    std::int8_t sign;  // of the edge's flow in the direction of the arc
  };
  bool Augment();
  void Undo();

  std::uint32_t limit_;
  std::vector<std::size_t> first_;  // arcs of a switch: [first_[sw], first_[sw + 1])
  std::vector<Arc> arcs_;
  std::vector<std::int8_t> flow_;  // of each edge: -1, 0, 1
  std::vector<Index> touched_;
  std::vector<std::uint32_t> seen_, source_, sink_;
  std::uint32_t stamp_ = 0;
  std::vector<Index> queue_;
  std::vector<std::size_t> came_;  // the arc by which a switch was reached
};

// Switches between which there are at least `limit` link-disjoint paths are of one class: any of them has the
// same number of paths, up to the limit, from anywhere else.
std::vector<std::vector<Index>> Classes(FlowGraph& graph, std::span<const Index> among);

}  // namespace aftershock::whatif

// Link-disjoint paths of hosts, before and after.
//
// A path leads from a host by one of its legs over cables to a leaf, which is any switch with a host on it.
// Of the leaves of an island that a host has no leg on, the one with fewest paths counts; where there is
// none, its own leaves count. Islands are summed: two planes are two ways. A leaf that is taken away counts
// no more; one that stays and cannot be reached counts as 0, and is left out of `after_reached`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/plan.h"
#include "rules/whatif/flow.h"
#include "rules/whatif/network.h"

namespace aftershock::whatif {

// What paths are to lead to, in place of the other leaves.
struct Towards {
  std::vector<Index> switches, hosts;
  bool Empty() const { return switches.empty() && hosts.empty(); }
};

// The paths of one state of the fabric. Hosts on the same leaves share one answer, and so do leaves between
// which there are more paths than a host has legs.
class Paths {
 public:
  struct Minimum {
    std::uint32_t all = 0, reached = 0, lost = 0;
  };

  // Both must outlive the object.
  Paths(const Network& network, const Exclusion& gone) : network_(network), gone_(gone) {}

  Minimum ToOtherLeaves(Index host, Index island);
  std::uint32_t ToSwitch(Index host, Index sw);
  std::uint32_t ToHost(Index host, Index target);

 private:
  using Class = std::vector<Index>;

  std::vector<FlowEnd> Ends(Index host, Index island) const;
  FlowGraph& Graph(std::uint32_t limit);
  const std::vector<Class>& LeafClasses(std::uint32_t limit, Index island);
  Minimum Search(const std::vector<FlowEnd>& ends, const std::vector<Index>& own, Index island);

  const Network& network_;
  const Exclusion& gone_;
  std::map<std::uint32_t, FlowGraph> graphs_;                              // by limit
  std::map<std::pair<std::uint32_t, Index>, std::vector<Class>> classes_;  // by limit and island
  std::map<std::vector<Index>, Minimum> known_;
};

// nullopt: the host is all that the paths are to lead to.
std::optional<PlanPaths> CountPaths(const Network& network, Index host, const Towards& towards, Paths& before,
                                    Paths& after);

}  // namespace aftershock::whatif

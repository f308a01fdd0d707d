// Every way of a fabric, judged: for each LID the tables are followed from each switch that somebody sends
// from, once per switch and LID.
//
// Sources are the Active ports of adapters and routers, and the switch on whose port 0 the master subnet
// manager runs. So a switch that only forwards is judged as far as somebody's packets reach it, and an entry
// that nobody's packets come to is no fault: up/down routing and fat-tree routing leave spine to spine
// unrouted on purpose.
//
// Pure. Time: switches times LIDs. Memory: four octets for each pair of a switch and an owner of LIDs once
// one way is missing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "rules/routing/dependency.h"
#include "rules/routing/map.h"
#include "rules/routing/way.h"

namespace aftershock::rules {

// Destinations by number: the ends of the map, then its switches.
using Target = std::uint32_t;
inline constexpr std::size_t kSomeTargets = 8;

// What goes wrong at one place: how many ways from a port to a LID it cuts, and to whom.
struct Cut {
  std::uint64_t ways = 0;
  std::uint32_t targets = 0;
  std::vector<Target> some;  // the first kSomeTargets of them

  void Add(Target target, std::uint64_t more);

 private:
  std::optional<Target> last_;
};

struct ExitKey {
  RoutingMap::Index sw = 0;
  std::uint8_t port = 0;
  friend auto operator<=>(const ExitKey&, const ExitKey&) = default;
};

struct LoopCut {
  std::vector<ExitKey> cycle;  // from its lowest exit on
  Cut cut;
};

struct WalkResult {
  std::map<ExitKey, Cut> dead_ends, wrong_exits;
  std::map<ExitKey, LoopCut> loops;  // by the lowest exit on them
  // Ways from ports to LIDs that a switch has no entry for, by switch and target; empty: there are none.
  std::vector<std::uint32_t> missing;
  std::size_t targets = 0;  // columns of `missing`
  // Ways that lead to a switch whose table is not known.
  std::uint64_t unknown = 0;
  // From switches to other switches, where the master SM is not: ways that are in no table, of how many.
  std::uint64_t unrouted = 0, between_switches = 0;

  bool Clean() const { return dead_ends.empty() && wrong_exits.empty() && loops.empty() && missing.empty(); }
};

// Adds to `graph` what waits for what on ways to adapters and routers; those that loop are left out, and so
// are those to switches: subnet management is too little traffic to fill the buffers of a whole cycle.
WalkResult WalkAll(const RoutingMap& map, DependencyGraph& graph);

}  // namespace aftershock::rules

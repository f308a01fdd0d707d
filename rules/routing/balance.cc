// route-unbalanced.
#include "rules/routing/balance.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "rules/fabric/confirmed.h"
#include "rules/routing/rules_trees.h"
#include "rules/routing/table_trees.h"

namespace aftershock::rules {
namespace {

using Index = RoutingMap::Index;

// The switches that a switch is cabled to.
using Neighbours = std::vector<Index>;

std::vector<Neighbours> NeighboursOf(const RoutingMap& map) {
  std::vector<Neighbours> all(map.switches().size());
  for (Index i = 0; i < all.size(); ++i) {
    std::set<Index> near;
    for (const RoutingMap::Exit& exit : map.switches()[i].exits) {
      if (exit.leads == RoutingMap::Leads::kSwitch && exit.to != i) near.insert(exit.to);
    }
    all[i].assign(near.begin(), near.end());
  }
  return all;
}

struct Limits {
  double times, least;
};

class SwitchBalance {
 public:
  SwitchBalance(const RoutingMap& map, const std::vector<Neighbours>& neighbours, Limits limits, Index self)
      : map_(map), neighbours_(neighbours), limits_(limits), self_(self), sw_(map.switches()[self]) {}

  std::optional<UnevenExit> Worst() {
    CountWays();
    std::map<Index, std::vector<std::uint8_t>> parallel;  // exits by where they lead
    for (std::size_t port = 1; port < sw_.exits.size(); ++port) {
      const RoutingMap::Exit& exit = sw_.exits[port];
      if (exit.leads == RoutingMap::Leads::kSwitch && exit.to != self_)
        parallel[exit.to].push_back(static_cast<std::uint8_t>(port));
    }
    std::map<Neighbours, std::vector<std::uint8_t>> equivalent;
    for (const auto& [to, ports] : parallel) {
      Weigh(ports, true);
      // What is at the far switch itself has no other way.
      if (map_.switches()[to].ends.empty())
        equivalent[neighbours_[to]].insert(equivalent[neighbours_[to]].end(), ports.begin(), ports.end());
    }
    for (const auto& [near, ports] : equivalent) Weigh(ports, false);
    return worst_;
  }

 private:
  void CountWays() {
    ways_.assign(256, 0);
    for (const RoutingMap::End& end : map_.ends()) {
      if (!end.active || end.sw == self_) continue;
      for (unsigned lid = end.lid; lid < unsigned{end.lid} + end.lids && lid < kFirstMulticastLid; ++lid)
        ++ways_[sw_.table->ExitOf(Lid{static_cast<std::uint16_t>(lid)})];
    }
  }

  void Weigh(const std::vector<std::uint8_t>& ports, bool parallel) {
    if (ports.size() < 2) return;
    std::vector<std::uint32_t> sorted;
    for (const std::uint8_t port : ports) sorted.push_back(ways_[port]);
    std::ranges::sort(sorted);
    const std::uint32_t most = sorted.back();
    // Of the others: the middle one, the larger of two.
    const std::uint32_t usual = sorted[(sorted.size() - 1) / 2];
    if (most < limits_.least || most < limits_.times * usual) return;
    if (worst_ && most <= worst_->ways) return;
    const auto port = *std::ranges::find(ports, most, [&](std::uint8_t p) { return ways_[p]; });
    worst_ = UnevenExit{
        sw_.node, sw_.node->FindPort(port), most, usual, static_cast<std::uint32_t>(ports.size() - 1),
        parallel};
  }

  const RoutingMap& map_;
  const std::vector<Neighbours>& neighbours_;
  Limits limits_;
  Index self_;
  const RoutingMap::Switch& sw_;
  std::vector<std::uint32_t> ways_;
  std::optional<UnevenExit> worst_;
};

std::string TwinsText(const UnevenExit& exit) {
  const std::string_view where = exit.parallel ? "the same switch" : "switches like it";
  if (exit.twins == 1) return fmt::format("the other link to {} carries {}", where, exit.usual);
  return fmt::format("the {} other links to {} carry {} each at the median", exit.twins, where, exit.usual);
}

}  // namespace

std::vector<UnevenExit> UnevenExits(const View& view) {
  const RoutingMap map(view.snapshot());
  std::vector<UnevenExit> uneven;
  const std::vector<Neighbours> neighbours = NeighboursOf(map);
  const Limits limits{view.Threshold(kRouteUnbalanced, "times"),
                      view.Threshold(kRouteUnbalanced, "min_ways")};
  for (Index i = 0; i < map.switches().size(); ++i) {
    const RoutingMap::Switch& sw = map.switches()[i];
    if (sw.table == nullptr || sw.adaptive) continue;
    const auto worst = SwitchBalance(map, neighbours, limits, i).Worst();
    if (worst && worst->port != nullptr) uneven.push_back(*worst);
  }
  return uneven;
}

std::vector<Finding> FindUnbalancedRoutes(const View& view) {
  std::vector<Finding> findings;
  // Those of this sweep have just been remembered.
  const bool any = !view.state().trees.unbalanced.empty();
  for (const UnevenExit& exit : any ? UnevenExits(view) : std::vector<UnevenExit>{}) {
    Finding finding =
        view.Found(kRouteUnbalanced, SubjectOf(*exit.node, *exit.port),
                   fmt::format("{} carries the ways to {} LIDs, and {}",
                               NameWithPeer(view, *exit.node, *exit.port), exit.ways, TwinsText(exit)),
                   {{"ways", std::int64_t{exit.ways}, "LIDs"}, {"twins", std::int64_t{exit.usual}, "LIDs"}});
    const Spell* spell = FindSpell(view.state().trees.unbalanced, *exit.node, *exit.port);
    if (spell == nullptr) {
      finding.severity = Severity::kNote;
    } else {
      LowerUnlessConfirmed(view, kRouteUnbalanced, *spell, finding);
    }
    findings.push_back(std::move(finding));
  }
  const auto adaptive = std::ranges::count_if(
      view.snapshot().nodes, [](const Node& node) { return node.tables.adaptive.value_or(false); });
  if (adaptive > 0) {
    Finding finding = view.Found(
        kRouteUnbalanced, Subject::Fabric(),
        fmt::format("{} of the switches route adaptively and are not judged: they choose among exits by load",
                    adaptive),
        {{"adaptive switches", static_cast<std::int64_t>(adaptive), ""}});
    finding.severity = Severity::kNote;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace aftershock::rules

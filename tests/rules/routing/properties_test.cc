// Against walkers and closures that are too slow to be wrong.
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <map>

#include "route_fabric.h"
#include "rules/routing/credits.h"
#include "rules/routing/walk.h"

namespace aftershock::tests {
namespace {

template <typename Property>
bool Holds(const char* name, Property property) {
  return rc::check(name, property);
}

// Two to six switches with up to six cables between each other, hosts, and some broken ports.
FabricSnapshot AnyFabric() {
  FabricBuilder fabric;
  const int switches = *rc::gen::inRange(2, 7);
  const int hosts = *rc::gen::inRange(1, 7);
  std::vector<Guid> host_guids, switch_guids;
  std::vector<int> used(static_cast<std::size_t>(switches), 0);
  for (int h = 0; h < hosts; ++h) host_guids.push_back(fabric.AddHost("h" + std::to_string(h), 2));
  for (int s = 0; s < switches; ++s) switch_guids.push_back(fabric.AddSwitch("s" + std::to_string(s), 16));
  const auto any_switch = [&] { return static_cast<std::size_t>(*rc::gen::inRange(0, switches)); };
  for (const Guid host : host_guids) {
    for (int port = 1; port <= *rc::gen::inRange(1, 3); ++port) {
      const auto s = any_switch();
      if (used[s] < 16) fabric.Connect(host, port, switch_guids[s], ++used[s]);
    }
  }
  for (int cables = *rc::gen::inRange(1, 12); cables > 0; --cables) {
    const auto a = any_switch(), b = any_switch();
    if (a == b || used[a] >= 16 || used[b] >= 16) continue;
    const int a_port = ++used[a], b_port = ++used[b];
    fabric.Connect(switch_guids[a], a_port, switch_guids[b], b_port);
    if (*rc::gen::inRange(0, 10) == 0) fabric.At(switch_guids[a], a_port).info->state = PortState::kInit;
  }
  auto snapshot = fabric.Build();
  SpreadLids(snapshot, *rc::gen::inRange(0, 3));
  return snapshot;
}

void Spoil(Routed& routed) {
  std::vector<std::string> switches;
  for (const Node& node : routed.snapshot.nodes) {
    if (node.IsSwitch()) switches.push_back(node.name);
  }
  for (int changes = *rc::gen::inRange(0, 30); changes > 0; --changes) {
    const auto exit =
        *rc::gen::weightedOneOf<int>({{6, rc::gen::inRange(0, 17)}, {1, rc::gen::element(0xff, 200)}});
    routed.Set(*rc::gen::elementOf(switches), static_cast<Lid>(*rc::gen::inRange(1, 60)), exit);
  }
  if (*rc::gen::inRange(0, 4) == 0) routed.At(*rc::gen::elementOf(switches)).tables.linear.unstable = true;
}

Routed AnyRouted() {
  Routed routed = RouteMinHop(AnyFabric(), *rc::gen::arbitrary<bool>());
  Spoil(routed);
  return routed;
}

std::uint64_t WaysOf(const std::map<rules::ExitKey, rules::Cut>& cuts) {
  std::uint64_t ways = 0;
  for (const auto& [key, cut] : cuts) ways += cut.ways;
  return ways;
}

TEST_CASE("The walk counts the same ways as one that goes pair by pair", "[routing][property]") {
  CHECK(Holds("walk", [] {
    const Routed routed = AnyRouted();
    const rules::RoutingMap map(routed.snapshot);
    rules::DependencyGraph graph(map);
    const rules::WalkResult walk = rules::WalkAll(map, graph);
    std::map<std::string, std::uint64_t> expected, found;
    for (std::size_t lid = 0; lid < map.LidEnd(); ++lid) {
      const auto owner = map.OwnerOf(static_cast<Lid>(lid));
      if (owner.kind == rules::RoutingMap::Owns::kNobody) continue;
      for (rules::RoutingMap::Index e = 0; e < map.ends().size(); ++e) {
        const auto& end = map.ends()[e];
        if (!end.active || (owner.kind == rules::RoutingMap::Owns::kEnd && owner.index == e)) continue;
        // Nobody but who manages the subnet needs a way to a switch itself.
        const bool needed = owner.kind == rules::RoutingMap::Owns::kEnd || end.sw == map.SmLeaf();
        const auto name = [&](std::string outcome) {
          return outcome == "missing" && !needed ? "not needed" : outcome;
        };
        ++expected[name(NaiveOutcome(routed.snapshot, *end.node, *end.port, static_cast<Lid>(lid)))];
        const auto way = rules::Follow(map, end.sw, end.sw_port, static_cast<Lid>(lid));
        ++found[name(std::string(rules::ToString(way.outcome)))];
      }
    }
    RC_ASSERT(found == expected);
    std::uint64_t loops = 0, missing = 0;
    for (const auto& [key, loop] : walk.loops) loops += loop.cut.ways;
    for (const std::uint32_t ways : walk.missing) missing += ways;
    RC_ASSERT(WaysOf(walk.dead_ends) == expected["dead-end"]);
    RC_ASSERT(WaysOf(walk.wrong_exits) == expected["wrong-exit"]);
    RC_ASSERT(loops == expected["loop"]);
    RC_ASSERT(missing == expected["missing"]);
    RC_ASSERT(walk.unknown == expected["unknown"]);
  }));
}

TEST_CASE("The channels on cycles are those that a closure over all pairs finds", "[routing][property]") {
  CHECK(Holds("cycles", [] {
    const Routed routed = AnyRouted();
    const rules::RoutingMap map(routed.snapshot);
    rules::DependencyGraph graph(map);
    rules::WalkAll(map, graph);
    std::set<Exit> found;
    for (const rules::Knot& knot : graph.Knots()) {
      RC_ASSERT(!knot.cycle.empty());
      for (const rules::Channel& c : knot.channels)
        found.emplace(static_cast<std::uint64_t>(map.switches()[c.sw].node->guid), c.port);
      for (std::size_t i = 0; i < knot.cycle.size(); ++i) {
        const auto& next = knot.cycle[(i + 1) % knot.cycle.size()];
        RC_ASSERT(map.switches()[knot.cycle[i].sw].ExitBy(knot.cycle[i].port).to == next.sw);
        RC_ASSERT(graph.Has(knot.cycle[i], next.port, 0));
      }
    }
    RC_ASSERT(found == NaiveLooped(routed.snapshot));
  }));
}

TEST_CASE("The shortest ways of a whole fabric never go wrong", "[routing][property]") {
  CHECK(Holds("healthy", [] {
    auto snapshot = FatTree(*rc::gen::inRange(1, 4), *rc::gen::inRange(1, 5)).Build();
    SpreadLids(snapshot, *rc::gen::inRange(0, 4));
    const Routed routed = *rc::gen::arbitrary<bool>() ? RouteMinHop(snapshot, true)
                                                      : RouteUpDown(snapshot, {"spine0", "spine1"});
    const rules::RoutingMap map(routed.snapshot);
    rules::DependencyGraph graph(map);
    RC_ASSERT(rules::WalkAll(map, graph).Clean());
    RC_ASSERT(graph.Knots().empty());
  }));
}

TEST_CASE("One entry that is changed at random is found, unless nobody's packets come to it or they arrive",
          "[routing][property]") {
  CHECK(Holds("one entry", [] {
    auto routed = RouteMinHop(FatTree(2, 3).Build(), true);
    std::vector<std::string> leaves{"leaf0", "leaf1", "leaf2", "leaf3"};
    const auto leaf = *rc::gen::elementOf(leaves);
    const Lid lid = routed.LidOf("host" + std::to_string(*rc::gen::inRange(0, 6)), *rc::gen::inRange(1, 3));
    routed.Set(leaf, lid, *rc::gen::element(0, 1, 2, 3, 200, 0xff));
    bool arrives = true;
    for (const Node& node : routed.snapshot.nodes) {
      for (const Port& port : node.ports) {
        if (node.IsSwitch() || port.info->lid == lid) continue;
        arrives = arrives && NaiveOutcome(routed.snapshot, node, port, lid) == "arrives";
      }
    }
    const rules::RoutingMap map(routed.snapshot);
    rules::DependencyGraph graph(map);
    RC_ASSERT(rules::WalkAll(map, graph).Clean() == arrives);
  }));
}

}  // namespace
}  // namespace aftershock::tests

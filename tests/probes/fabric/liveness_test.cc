#include "probes/fabric/liveness.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace aftershock::fabric {
namespace {

using namespace std::chrono_literals;

// A probe at the first host's first port, and members that it asks.
struct LivenessWorld : TreeWorld {
  std::optional<LivenessProbe> liveness;
  std::vector<LivenessTarget> targets;
  std::vector<Guid> members;

  explicit LivenessWorld(const fake::FatTreeShape& shape = {}) : TreeWorld(shape) {}

  LivenessRound Ask(std::vector<const fake::FakeNode*> switches) {
    if (!liveness) {
      std::vector<Doorway> doorways{{"mlx5_0:1", net.Local().guid, 1, &net}};
      for (const auto* node : switches) members.push_back(node->guid);
      targets = PlanLiveness(*Sweep(), members, doorways, {});
      liveness.emplace("mlx5_0:1", doorways, clock, LivenessOptions{});
    }
    return liveness->Ask(targets, {});
  }
};

const SwitchRound& Of(const LivenessRound& round, const fake::FakeNode& node) {
  const auto it = std::ranges::find(round.switches, node.guid, &SwitchRound::guid);
  REQUIRE(it != round.switches.end());
  return *it;
}

bool All(const SwitchRound& asked, Heard heard) {
  return std::ranges::all_of(asked.routes, [&](const RouteRound& r) { return r.heard == heard; });
}

TEST_CASE("A live member answers by both routes, for one MAD each", "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  const auto before = spine.requests;
  const LivenessRound round = world.Ask({});
  CHECK(Of(round, spine).routes.size() == 2);
  CHECK(All(Of(round, spine), Heard::kAnswered));
  CHECK(spine.requests - before == 2);
  CHECK(Of(round, spine).neighbours.empty());
}

TEST_CASE("The switches on the way are asked besides, once", "[probes][liveness][unit]") {
  LivenessWorld world;
  const LivenessRound round = world.Ask({world.tree.spines[0]});
  CHECK(All(Of(round, *world.tree.leaves[0]), Heard::kAnswered));
  const SwitchRound& member = Of(round, *world.tree.spines[0]);
  REQUIRE(member.routes.size() == 2);
  for (const RouteRound& by : member.routes) {
    for (const Guid guid : by.route.via) {
      const auto it = std::ranges::find(round.switches, guid, &SwitchRound::guid);
      REQUIRE(it != round.switches.end());
      CHECK(it->routes.size() == 1);
      CHECK(All(*it, Heard::kAnswered));
    }
  }
}

TEST_CASE("Of a switched off member nothing is heard, and its neighbours say their ports are down",
          "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  world.net.UnplugAll(spine);
  const SwitchRound asked = Of(world.Ask({}), spine);
  CHECK(All(asked, Heard::kNothing));
  REQUIRE_FALSE(asked.neighbours.empty());
  for (const NeighbourPort& port : asked.neighbours) CHECK(port.says == NeighbourPort::Says::kDown);
}

TEST_CASE("Of a member whose agent hangs the neighbours say that it has a signal",
          "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  spine.misbehaviours.push_back({});
  const SwitchRound asked = Of(world.Ask({}), spine);
  CHECK(All(asked, Heard::kNothing));
  for (const NeighbourPort& port : asked.neighbours) CHECK(port.says == NeighbourPort::Says::kLinked);
}

TEST_CASE("Hosts tell that a member lives whose uplinks were cut", "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& leaf = *world.tree.leaves[3];
  world.Ask({&leaf});
  for (fake::FakePort& port : leaf.ports) {
    if (port.peer.node != nullptr && port.peer.node->IsSwitch()) world.net.Unplug(leaf, port.num);
  }
  const SwitchRound asked = Of(world.Ask({}), leaf);
  CHECK(All(asked, Heard::kNothing));
  CHECK(std::ranges::count(asked.neighbours, NeighbourPort::Says::kDown, &NeighbourPort::says) == 2);
  CHECK(std::ranges::count(asked.neighbours, NeighbourPort::Says::kLinked, &NeighbourPort::says) == 4);
}

TEST_CASE("While our own port is down every question is void", "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  world.net.Unplug(*world.tree.hosts[0], 1);
  const LivenessRound round = world.Ask({});
  CHECK(All(Of(round, spine), Heard::kVoid));
  CHECK(All(Of(round, *world.tree.leaves[0]), Heard::kVoid));
}

TEST_CASE("What is missed while our own port goes down is void, too", "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  int asked = 0;
  world.net.before_request = [&](const mad::RequestMad&) {
    if (++asked == 2) world.net.Unplug(*world.tree.hosts[0], 1);
  };
  CHECK(All(Of(world.Ask({}), spine), Heard::kVoid));
}

TEST_CASE("An answer after its time is late, and one after the patience is none",
          "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  world.net.latency = 300ms;
  CHECK(All(Of(world.Ask({}), spine), Heard::kLate));
  world.net.latency = 3s;
  // Our own port's answer is late as well, and nothing can be said.
  CHECK(All(Of(world.Ask({}), spine), Heard::kVoid));
}

TEST_CASE("Somebody else at the end of a route is a stranger", "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  spine.guid = Guid{0x77};
  world.Ask({});
  const LivenessRound one = world.Ask({});
  const auto it =
      std::ranges::find_if(one.switches, [](const SwitchRound& s) { return s.routes.size() == 2; });
  REQUIRE(it != one.switches.end());
  CHECK(std::ranges::count(it->routes, Heard::kStranger, &RouteRound::heard) == 1);
}

TEST_CASE("A member that a sweep lost is asked by the routes it had", "[probes][liveness][unit]") {
  LivenessWorld world;
  auto& spine = *world.tree.spines[0];
  world.Ask({&spine});
  world.net.UnplugAll(spine);
  const auto doorways = world.liveness->doorways();
  world.targets = PlanLiveness(*world.Sweep(), world.members, doorways, world.targets);
  CHECK(Of(world.Ask({}), spine).routes.size() == 2);
}

TEST_CASE("Nothing but Get leaves the probe, and never more than four at once", "[probes][liveness][unit]") {
  LivenessWorld world({.spines = 8, .leaf_pairs = 2, .hosts_per_pair = 2});
  std::vector<const fake::FakeNode*> all(world.tree.spines.begin(), world.tree.spines.end());
  world.Ask(all);
  world.net.peak_in_flight = {};
  world.net.UnplugAll(*world.tree.spines[3]);
  world.Ask({});
  CHECK(world.net.peak_in_flight[0] <= LivenessProbe::kAtOnce);
  CHECK(world.net.methods.size() == 1);
}

}  // namespace
}  // namespace aftershock::fabric

#include "probes/fabric/routes.h"

#include <catch2/catch.hpp>
#include <set>

#include "world.h"

namespace aftershock::fabric {
namespace {

std::uint32_t IndexOf(const FabricSnapshot& snapshot, const fake::FakeNode& node) {
  return static_cast<std::uint32_t>(&NodeOf(snapshot, node) - snapshot.nodes.data());
}

std::vector<Start> StartsAt(const FabricSnapshot& snapshot, const fake::FakeNode& host,
                            std::initializer_list<std::uint8_t> ports) {
  std::vector<Start> starts;
  for (const std::uint8_t port : ports) {
    const auto start = FindStart(snapshot, "mlx5_0:" + std::to_string(port), host.ports.at(port).guid);
    if (start) starts.push_back(*start);
  }
  return starts;
}

// Every link of a route but the first, by the ends it leaves.
std::set<PortKey> LinksOf(const FabricSnapshot& snapshot, const Start& start, const LivenessRoute& route,
                          bool own) {
  std::set<PortKey> links;
  const Node* at = &snapshot.nodes[start.node];
  for (std::size_t i = 0; i < route.exits.size(); ++i) {
    const Port* port = at->FindPort(route.exits[i]);
    const Node* next = snapshot.PeerNode(*port);
    if (i > 0 || own) {
      links.insert({at->guid, port->num});
      links.insert({next->guid, port->peer->port});
    }
    at = next;
  }
  return links;
}

TEST_CASE("Two routes to a spine share no link beyond our own cable", "[probes][liveness][unit]") {
  TreeWorld world;
  const auto snapshot = world.Sweep();
  const auto starts = StartsAt(*snapshot, *world.tree.hosts[0], {1});
  const auto routes = DisjointRoutes(*snapshot, starts, IndexOf(*snapshot, *world.tree.spines[0]), 2);
  REQUIRE(routes.size() == 2);
  CHECK(routes[0].exits.size() == 2);
  CHECK(routes[0].via == std::vector<Guid>{world.tree.leaves[0]->guid});
  const auto first = LinksOf(*snapshot, starts[0], routes[0], false);
  for (const PortKey& link : LinksOf(*snapshot, starts[0], routes[1], false)) CHECK(first.count(link) == 0);
}

TEST_CASE("With two ports of our own the routes share no link at all", "[probes][liveness][unit]") {
  TreeWorld world;
  const auto snapshot = world.Sweep();
  const auto starts = StartsAt(*snapshot, *world.tree.hosts[0], {1, 2});
  REQUIRE(starts.size() == 2);
  for (const fake::FakeNode* target : {world.tree.leaves[0], world.tree.spines[1]}) {
    const auto routes = DisjointRoutes(*snapshot, starts, IndexOf(*snapshot, *target), 2);
    REQUIRE(routes.size() == 2);
    CHECK(routes[0].entrance != routes[1].entrance);
    const auto first =
        LinksOf(*snapshot, starts[0], routes[0].entrance == "mlx5_0:1" ? routes[0] : routes[1], true);
    const auto second =
        LinksOf(*snapshot, starts[1], routes[0].entrance == "mlx5_0:1" ? routes[1] : routes[0], true);
    for (const PortKey& link : second) CHECK(first.count(link) == 0);
  }
}

TEST_CASE("The switch at our own cable has one route by one port", "[probes][liveness][unit]") {
  TreeWorld world;
  const auto snapshot = world.Sweep();
  const auto starts = StartsAt(*snapshot, *world.tree.hosts[0], {1});
  const auto routes = DisjointRoutes(*snapshot, starts, IndexOf(*snapshot, *world.tree.leaves[0]), 2);
  REQUIRE(routes.size() == 1);
  CHECK(routes[0].exits == std::vector<std::uint8_t>{1});
  CHECK(routes[0].via.empty());
}

TEST_CASE("A tree with one spine has one route to the far leaf", "[probes][liveness][unit]") {
  TreeWorld world({.spines = 1, .leaf_pairs = 1, .hosts_per_pair = 2});
  const auto snapshot = world.Sweep();
  const auto starts = StartsAt(*snapshot, *world.tree.hosts[0], {1});
  CHECK(DisjointRoutes(*snapshot, starts, IndexOf(*snapshot, *world.tree.leaves[1]), 2).size() == 1);
}

TEST_CASE("No route leads over a cable without a signal or through a silent switch",
          "[probes][liveness][unit]") {
  TreeWorld world;
  world.tree.spines[0]->misbehaviours.push_back({});
  const auto snapshot = world.Sweep();
  const auto starts = StartsAt(*snapshot, *world.tree.hosts[0], {1});
  for (const auto& route : DisjointRoutes(*snapshot, starts, IndexOf(*snapshot, *world.tree.leaves[2]), 2)) {
    CHECK(std::ranges::count(route.via, world.tree.spines[0]->guid) == 0);
  }
}

TEST_CASE("A leaf's neighbours are its spines, and hosts by their other port", "[probes][liveness][unit]") {
  TreeWorld world;
  const auto snapshot = world.Sweep();
  const auto starts = StartsAt(*snapshot, *world.tree.hosts[0], {1});
  const Guid leaf = world.tree.leaves[3]->guid;
  const auto neighbours = Neighbours(*snapshot, starts, IndexOf(*snapshot, *world.tree.leaves[3]), 4);
  CHECK(neighbours.size() == 6);
  for (const Neighbour& neighbour : neighbours) {
    CHECK(std::ranges::count(neighbour.route.via, leaf) == 0);
    const Node* node = snapshot->FindNode(neighbour.key.node);
    REQUIRE(node != nullptr);
    CHECK(snapshot->PeerNode(*node->FindPort(neighbour.key.port))->guid == leaf);
  }
}

}  // namespace
}  // namespace aftershock::fabric

#include "rules/routing/up_down.h"

#include <catch2/catch.hpp>

#include <memory>

#include "build_fabric.h"
#include "rules/routing/walk.h"

namespace aftershock::tests {
namespace {

// FatTree(2): hosts are 1 to 8, spines 9 and 10, leaves 11 to 14 with hosts at 1 to 4, spines at 5 and 6; a
// spine's port is the leaf's number and 1. Every way goes by spine0.
struct World {
  FabricBuilder fabric = FatTree(2);
  std::map<Guid, LinearTable> tables;

  World() {
    for (std::uint64_t sw = 9; sw <= 14; ++sw) tables[Guid{sw}].exit.assign(64, LinearTable::kNoExit);
    for (std::uint64_t host = 1; host <= 8; ++host) {
      for (const int side : {1, 2}) {
        const std::uint64_t leaf = 11 + 2 * ((host - 1) / 4) + static_cast<std::uint64_t>(side) - 1;
        const Lid lid = fabric.At(Guid{host}, side).info->lid;
        for (std::uint64_t at = 11; at <= 14; ++at) Exit(Guid{at}, lid, at == leaf ? (host - 1) % 4 + 1 : 5);
        for (std::uint64_t spine = 9; spine <= 10; ++spine) Exit(Guid{spine}, lid, leaf - 10);
      }
    }
  }
  void Exit(Guid sw, Lid lid, std::uint64_t port) {
    tables[sw].exit[static_cast<std::size_t>(lid)] = static_cast<std::uint8_t>(port);
  }
  std::optional<bool> Judge() {
    FabricSnapshot snapshot = fabric.Build();
    for (Node& node : snapshot.nodes) {
      if (node.IsSwitch())
        node.tables.linear = {std::make_shared<LinearTable>(tables[node.guid]), Answer::kAnswered, 1,
                              unstable};
    }
    const rules::RoutingMap map(snapshot);
    rules::DependencyGraph graph(map);
    rules::WalkAll(map, graph);
    return rules::GoesUpAndDown(map, graph);
  }
  bool unstable = false;
};

TEST_CASE("Ways over one spine go up and down", "[rules][routing][unit]") {
  CHECK(World().Judge() == true);
}

TEST_CASE("A way that turns up again at a leaf does not go up and down", "[rules][routing][unit]") {
  World world;
  const Lid lid = world.fabric.At(Guid{8}, 2).info->lid;  // at leaf3
  world.Exit(Guid{9}, lid, 2);                            // spine0 sends it to leaf1, which goes by spine1
  world.Exit(Guid{12}, lid, 6);
  CHECK(world.Judge() == false);
}

TEST_CASE("Without clear tiers or without all tables nothing is said of up and down",
          "[rules][routing][unit]") {
  World peers;
  peers.fabric.Pull(Guid{11}, 6);
  peers.fabric.Pull(Guid{12}, 6);
  peers.fabric.Connect(Guid{11}, 6, Guid{12}, 6);
  CHECK(peers.Judge() == std::nullopt);

  World unread;
  unread.unstable = true;
  CHECK(unread.Judge() == std::nullopt);
}

}  // namespace
}  // namespace aftershock::tests

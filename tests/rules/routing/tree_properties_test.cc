#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <set>

#include "build_fabric.h"
#include "rules/routing/tree.h"

namespace aftershock::tests {
namespace {

constexpr std::uint16_t kMlid = 0xc001;

struct Cable {
  int a, a_port, b, b_port;
};

// Switches joined at random, a host at each, and a spanning tree as the group's.
struct RandomTree {
  int switches = 0;
  FabricBuilder fabric;
  std::vector<Guid> guid;
  std::vector<Cable> tree, others;
  std::vector<PortSet> entry;
  std::vector<int> used;

  RandomTree()
      : switches(*rc::gen::inRange(2, 12)),
        entry(static_cast<std::size_t>(switches)),
        used(static_cast<std::size_t>(switches), 0) {
    for (int i = 0; i < switches; ++i) guid.push_back(fabric.AddSwitch("sw" + std::to_string(i), 40));
    for (int i = 0; i < switches; ++i) {
      const Guid host = fabric.AddHost("host" + std::to_string(i));
      const int port = ++used[At(i)];
      fabric.Connect(host, 1, guid[At(i)], port);
      entry[At(i)].set(At(port));
    }
    for (int i = 1; i < switches; ++i) tree.push_back(Join(i, *rc::gen::inRange(0, i)));
    const int more = *rc::gen::inRange(1, 6);
    for (int i = 0; i < more; ++i) {
      const int a = *rc::gen::inRange(0, switches);
      const int b = (a + *rc::gen::inRange(1, switches)) % switches;
      others.push_back(Join(a, b));
    }
    for (const Cable& cable : tree) Mark(cable);
  }

  static std::size_t At(int i) { return static_cast<std::size_t>(i); }
  Cable Join(int a, int b) {
    const Cable cable{a, ++used[At(a)], b, ++used[At(b)]};
    fabric.Connect(guid[At(a)], cable.a_port, guid[At(b)], cable.b_port);
    return cable;
  }
  void Mark(const Cable& cable) {
    entry[At(cable.a)].set(At(cable.a_port));
    entry[At(cable.b)].set(At(cable.b_port));
  }
  FabricSnapshot Build() const {
    FabricSnapshot snapshot = fabric.Build();
    for (Node& node : snapshot.nodes) {
      if (!node.IsSwitch()) continue;
      const auto i = static_cast<std::size_t>(std::ranges::find(guid, node.guid) - guid.begin());
      MulticastTable table;
      if (entry[i].any()) table.groups[kMlid] = entry[i];
      node.tables.multicast = {std::make_shared<MulticastTable>(table), Answer::kAnswered, 1, false};
    }
    snapshot.sa.group = GroupRecord{0, 4, 3, 0, 0xffff, Lid{kMlid}};
    return snapshot;
  }
};

std::size_t CountMissed(const rules::GroupTree& tree) {
  return static_cast<std::size_t>(
      std::ranges::count_if(tree.members, [&](const rules::TreeMember& m) { return tree.Misses(m); }));
}

// A packet that takes these exits does come back to where it began, and never turns round in a cable.
void CheckLoop(const FabricSnapshot& snapshot, const std::vector<rules::TreeHop>& loop) {
  for (std::size_t i = 0; i < loop.size(); ++i) {
    const rules::TreeHop& hop = loop[i];
    const rules::TreeHop& next = loop[(i + 1) % loop.size()];
    RC_ASSERT(hop.node->tables.multicast.table->groups.at(kMlid).test(hop.exit));
    const Port* port = hop.node->FindPort(hop.exit);
    RC_ASSERT(snapshot.PeerNode(*port) == next.node);
    RC_ASSERT(port->peer->port != next.exit);
  }
}

TEST_CASE("A random multicast tree is whole; short of a bit it misses, with one more cable it loops",
          "[rules][routing][property]") {
  CHECK(rc::check("trees", [] {
    RandomTree world;
    {
      const FabricSnapshot snapshot = world.Build();
      const auto whole = rules::TreeOf(snapshot);
      RC_ASSERT(whole.has_value());
      RC_ASSERT(whole->loop.empty());
      RC_ASSERT(CountMissed(*whole) == 0u);
    }
    RandomTree cut = world;
    const Cable& gone = cut.tree[*rc::gen::inRange<std::size_t>(0, cut.tree.size())];
    if (*rc::gen::arbitrary<bool>()) {
      cut.entry[RandomTree::At(gone.a)].reset(RandomTree::At(gone.a_port));
    } else {
      cut.entry[RandomTree::At(gone.b)].reset(RandomTree::At(gone.b_port));
    }
    {
      const FabricSnapshot snapshot = cut.Build();
      const auto tree = rules::TreeOf(snapshot);
      RC_ASSERT(tree->loop.empty());
      RC_ASSERT(CountMissed(*tree) > 0u);
      RC_ASSERT(CountMissed(*tree) <= tree->members.size() / 2);
    }
    const Cable& more = world.others[*rc::gen::inRange<std::size_t>(0, world.others.size())];
    const bool one_way = *rc::gen::arbitrary<bool>();
    world.entry[RandomTree::At(more.a)].set(RandomTree::At(more.a_port));
    if (!one_way) world.entry[RandomTree::At(more.b)].set(RandomTree::At(more.b_port));
    const FabricSnapshot snapshot = world.Build();
    const auto looped = rules::TreeOf(snapshot);
    RC_ASSERT(!looped->loop.empty());
    RC_ASSERT(CountMissed(*looped) == 0u);
    CheckLoop(snapshot, looped->loop);
  }));
}

}  // namespace
}  // namespace aftershock::tests

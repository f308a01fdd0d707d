#include "tree_world.h"

#include <memory>

namespace aftershock::tests {

TreeWorld::TreeWorld() : fabric(FatTree(2)) {
  sa.lid = Lid{1};
  sa.answer = sa.group_answer = Answer::kAnswered;
  sa.group = GroupRecord{.q_key = 0xb1b, .mtu = 4, .rate = 3, .sl = 0, .p_key = 0xffff, .mlid = Lid{kMlid}};
  for (std::uint64_t leaf = 11; leaf <= 14; ++leaf) {
    for (int port = 1; port <= 5; ++port) Set(Guid{leaf}, port);
    Set(kSpine0, static_cast<int>(leaf) - 10);
  }
  tables[kSpine1];
  EachMembership([](MembershipReading& m) { m = {true, Answer::kAnswered, 0}; });
}

const std::vector<Finding>& TreeWorld::Sweep(Duration later) {
  FabricSnapshot snapshot = fabric.Build();
  snapshot.sa = sa;
  ++sweeps;
  for (Node& node : snapshot.nodes) {
    if (node.IsSwitch()) {
      const auto answer = answers.find(node.guid);
      node.tables.multicast = {std::make_shared<MulticastTable>(tables[node.guid]),
                               answer == answers.end() ? Answer::kAnswered : answer->second, sweeps,
                               unstable};
    }
    for (Port& port : node.ports) {
      const auto asked = asked_in.find({node.guid, port.num});
      if (asked != asked_in.end()) port.membership.answer = Answer::kNotAsked;
      port.membership.sweep = asked == asked_in.end() ? sweeps : asked->second;
    }
  }
  return plane.Sweep(std::move(snapshot), later);
}

std::vector<Finding> TreeWorld::Found(std::string_view rule) {
  Sweep();
  return Of(Sweep(), rule);
}

}  // namespace aftershock::tests

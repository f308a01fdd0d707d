// A fabric in memory and a probe on it, for the sweep's tests.
#pragma once

#include <algorithm>
#include <stop_token>

#include "probes/fabric/sweep.h"
#include "tests/fakes/fat_tree.h"

namespace aftershock::fabric {

struct World {
  fake::FakeClock clock;
  fake::FakeFabric net{clock};
  std::optional<FabricProbe> probe;

  FabricSnapshotPtr Sweep(SweepOptions options = {}) {
    if (!probe) probe.emplace(net, net.Local(), clock, std::move(options));
    FabricSnapshotPtr snapshot = probe->Sweep({});
    clock.Advance(std::chrono::seconds(10));
    return snapshot;
  }
  std::uint64_t SentBy(const FabricSnapshot& snapshot) const {
    std::uint64_t sent = 0;
    for (const MadCount& count : snapshot.sweep.mads) sent += count.sent;
    return sent;
  }
};

// Hosts with two ports on a redundant leaf pair, spines above; the probe sits on the first host.
struct TreeWorld : World {
  fake::FatTree tree;
  explicit TreeWorld(const fake::FatTreeShape& shape = {}) : tree(BuildFatTree(net, shape)) {}
};

inline const Node& NodeOf(const FabricSnapshot& snapshot, const fake::FakeNode& node) {
  const Node* found = snapshot.FindNode(node.guid);
  if (found == nullptr) throw std::runtime_error("not in the snapshot: " + node.description);
  return *found;
}

inline const Port& PortOf(const FabricSnapshot& snapshot, const fake::FakeNode& node, std::uint8_t port) {
  return *NodeOf(snapshot, node).FindPort(port);
}

inline std::size_t CountCables(const FabricSnapshot& snapshot) {
  std::size_t ends = 0;
  for (const Node& node : snapshot.nodes) {
    ends += static_cast<std::size_t>(
        std::ranges::count_if(node.ports, [](const Port& port) { return port.peer.has_value(); }));
  }
  return ends / 2;
}

}  // namespace aftershock::fabric

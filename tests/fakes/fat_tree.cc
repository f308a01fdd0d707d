#include "tests/fakes/fat_tree.h"

#include <fmt/format.h>

namespace aftershock::fake {
namespace {

constexpr std::uint64_t kSwitchGuids = 0xb8cef60300000100, kHostGuids = 0x0c42a10300000100, kGuidStep = 0x100;

std::uint8_t Port(unsigned num) {
  return static_cast<std::uint8_t>(num);
}

}  // namespace

FatTree BuildFatTree(FakeFabric& fabric, const FatTreeShape& shape) {
  FatTree tree;
  std::uint64_t next_switch = kSwitchGuids, next_host = kHostGuids;
  const unsigned leaves = shape.leaf_pairs * 2u, uplinks = shape.spines * shape.cables_per_spine * 1u;
  for (unsigned i = 0; i < leaves; ++i, next_switch += kGuidStep) {
    tree.leaves.push_back(&fabric.AddSwitch(Guid{next_switch}, Port(shape.hosts_per_pair + uplinks),
                                            fmt::format("leaf{:02}", i + 1)));
  }
  for (unsigned i = 0; i < shape.spines; ++i, next_switch += kGuidStep) {
    tree.spines.push_back(&fabric.AddSwitch(Guid{next_switch}, Port(leaves * shape.cables_per_spine),
                                            fmt::format("spine{:02}", i + 1)));
    for (unsigned leaf = 0; leaf < leaves; ++leaf) {
      for (unsigned cable = 0; cable < shape.cables_per_spine; ++cable) {
        fabric.Cable(*tree.leaves[leaf], Port(shape.hosts_per_pair + i * shape.cables_per_spine + cable + 1),
                     *tree.spines[i], Port(leaf * shape.cables_per_spine + cable + 1), kWidth4x, shape.speed);
      }
    }
  }
  for (unsigned pair = 0; pair < shape.leaf_pairs; ++pair) {
    for (unsigned slot = 0; slot < shape.hosts_per_pair; ++slot, next_host += kGuidStep) {
      const auto name = fmt::format("host{:03} HCA-1", tree.hosts.size() + 1);
      FakeNode& host = fabric.AddAdapter(Guid{next_host}, shape.host_ports, name);
      tree.hosts.push_back(&host);
      for (unsigned port = 1; port <= shape.host_ports; ++port) {
        fabric.Cable(host, Port(port), *tree.leaves[2 * pair + (port - 1) % 2], Port(slot + 1), kWidth4x,
                     shape.speed);
      }
    }
  }
  fabric.AttachAt(*tree.hosts.front(), 1);
  fabric.RunSm(*tree.hosts.front(), 1);
  return tree;
}

}  // namespace aftershock::fake

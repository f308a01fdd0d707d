// A two-level fat tree of redundant leaf pairs: hosts have two ports, each on another leaf of a pair.
#pragma once

#include <vector>

#include "tests/fakes/fake_fabric.h"

namespace aftershock::fake {

struct FatTreeShape {
  std::uint8_t spines = 2;
  std::uint8_t leaf_pairs = 2;
  std::uint8_t hosts_per_pair = 4;
  std::uint8_t cables_per_spine = 1;  // from every leaf
  std::uint8_t host_ports = 2;        // 1: all on the first leaf of the pair
  LinkSpeed speed = LinkSpeed::kHdr;
};

struct FatTree {
  std::vector<FakeNode*> spines, leaves, hosts;
};

// Attached at port 1 of the first host, where the SM runs too. Leaf and spine GUIDs count from
// 0xb8cef60300000100 in steps of 0x100, hosts' from 0x0c42a10300000100; "leaf01", "spine01", "host001 HCA-1".
FatTree BuildFatTree(FakeFabric& fabric, const FatTreeShape& shape = {});

}  // namespace aftershock::fake

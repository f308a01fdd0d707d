// A fat-tree of two pairs of leaves with the tables beside its routes: every port of a host is a member of
// the broadcast group, whose tree goes over spine0.
#pragma once

#include <map>

#include "build_fabric.h"

namespace aftershock::tests {

// Hosts are 1 to 8, spines 9 and 10, leaves 11 to 14: ports 1 to 4 to hosts, 5 and 6 to the spines.
struct TreeWorld {
  static constexpr Guid kSpine0{9}, kSpine1{10}, kLeaf0{11}, kLeaf1{12}, kLeaf3{14};
  static constexpr std::uint16_t kMlid = 0xc000;

  TreeWorld();

  void Set(Guid sw, int port) { tables[sw].groups[kMlid].set(static_cast<std::size_t>(port)); }
  void Clear(Guid sw, int port) { tables[sw].groups[kMlid].reset(static_cast<std::size_t>(port)); }
  // Of the SA's answers; all of them are asked in every sweep, but for those in `asked_in`.
  void EachMembership(const auto& use) {
    for (std::uint64_t host = 1; host <= 8; ++host) {
      for (const int port : {1, 2}) use(fabric.At(Guid{host}, port).membership);
    }
  }
  const std::vector<Finding>& Sweep(Duration later = std::chrono::seconds(10));
  // Swept twice: what stands is confirmed.
  std::vector<Finding> Found(std::string_view rule);

  FabricBuilder fabric;
  std::map<Guid, MulticastTable> tables;
  std::map<Guid, Answer> answers;             // of tables that are not answered
  std::map<PortKey, std::uint32_t> asked_in;  // memberships that were asked in an earlier sweep
  bool unstable = false;
  SaView sa;
  Plane plane;
  std::uint32_t sweeps = 0;
};

}  // namespace aftershock::tests

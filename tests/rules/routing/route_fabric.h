// Forwarding tables for small fabrics, as simple engines write them, and an independent walker over them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "build_fabric.h"
#include "model/routing.h"

namespace aftershock::tests {

// A fabric with tables: a snapshot whose parts a test may change.
struct Routed {
  FabricSnapshot snapshot;

  Node& At(const std::string& name);
  Lid LidOf(const std::string& name, int port = 0);
  // One entry; the table becomes another one.
  void Set(const std::string& sw, Lid lid, int exit);
  int ExitOf(const std::string& sw, Lid lid);
  // As after another reading, in which every table was read again and is the same.
  void ReadAgain(std::uint32_t sweep);
};

// Ports of adapters get 2^lmc LIDs each, from 16 on; nothing else changes.
void SpreadLids(FabricSnapshot& snapshot, int lmc);

// The shortest way; among several exits the first, or one after the other by LID.
Routed RouteMinHop(FabricSnapshot snapshot, bool balanced = false);
// The shortest way that never goes up again once it went down; `roots` are at the top.
Routed RouteUpDown(FabricSnapshot snapshot, const std::vector<std::string>& roots);

// `switches` in a ring with hosts at each: switch "s0" has its hosts "h0", "h0b", … at ports 1 …, the way to
// s1 at port 7 and the way back at port 8.
FabricSnapshot Ring(int switches, int hosts_each = 1);
// rows x columns, "s0-0", a host each.
FabricSnapshot Torus(int rows, int columns);

// How a packet from this port to this LID ends, found by going from port to port.
std::string NaiveOutcome(const FabricSnapshot& snapshot, const Node& from, const Port& port, Lid to);

using Exit = std::pair<std::uint64_t, int>;  // GUID of the switch, and port
// Every channel that waits for itself, by trying every pair of ports.
std::set<Exit> NaiveLooped(const FabricSnapshot& snapshot);

}  // namespace aftershock::tests

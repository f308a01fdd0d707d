// Ways to a switch over the fabric that a sweep saw: as many as wanted that share no link, and ways to its
// neighbours that do not lead through it.
//
// Only switches pass directed routes on. A cable counts while both ends have a signal and the node behind it
// answered. Threading: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/fabric.h"
#include "model/liveness.h"

namespace aftershock::fabric {

// A port of ours to begin at. `port` 0: we are on the switch itself.
struct Start {
  std::string entrance;
  std::uint32_t node = 0;  // of FabricSnapshot::nodes
  std::uint8_t port = 0;
};

// Where the entrance with this port GUID stands in the snapshot; nullopt: it has no signal, or is not there.
std::optional<Start> FindStart(const FabricSnapshot& snapshot, const std::string& entrance, Guid port_guid);

// Up to `wanted` routes, the shortest first, that share no link at all, where several starts allow that; else
// none beyond our own cable. Fewer where the topology has no more; none where no cable leads there.
std::vector<LivenessRoute> DisjointRoutes(const FabricSnapshot& snapshot, const std::vector<Start>& starts,
                                          std::uint32_t target, std::size_t wanted);

// A port that is cabled to the target, and a way to its node that avoids the target.
struct Neighbour {
  PortKey key;
  LivenessRoute route;
};
// Switches before adapters, at most `most` of each.
std::vector<Neighbour> Neighbours(const FabricSnapshot& snapshot, const std::vector<Start>& starts,
                                  std::uint32_t target, std::size_t most);

}  // namespace aftershock::fabric

// The fabric as a graph: switches, the cables between them, and hosts with their legs. Made once of the
// planes' snapshots; what is taken away is told apart by an Exclusion, so that thousands of failures share
// one graph.
//
// Only cables with a signal count. Aggregation nodes and routers are neither hosts nor ways; adapters do not
// forward.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/fabric.h"

namespace aftershock::whatif {

using Index = std::uint32_t;
inline constexpr Index kNone = 0xffffffff;

struct PlaneView {
  std::string name;
  const FabricSnapshot* snapshot;  // must outlive what is made of it
};

struct Cable {  // between two switches
  Index a = 0, b = 0;
  PortKey a_port, b_port;
  double rate = 0;  // bits per second, of the slower end; 0: not known
};

struct Leg {
  Index host = 0, sw = 0;
  PortKey host_port, switch_port;
  std::string adapter;
  double rate = 0;
};

struct Switch {
  const Node* node = nullptr;
  std::string name;
  Index plane = 0;
  Index island = 0;  // switches that are joined have the same; of the whole fabric
  std::vector<Index> cables;
  std::vector<Index> legs;
};

struct Host {
  std::string name;
  std::vector<Index> legs;
};

// A port on which a subnet manager runs, or could: at a switch, or at the end of a leg.
struct SmPlace {
  std::string name;
  Index plane = 0;
  Index sw = kNone, leg = kNone;
  bool master = false;
};

struct Network {
  std::vector<PlaneView> planes;
  std::vector<Switch> switches;
  std::vector<Cable> cables;
  std::vector<Leg> legs;
  std::vector<Host> hosts;
  std::vector<SmPlace> sms;
  std::vector<std::string> gaps;  // what the snapshots could not see
  std::uint32_t aggregation_nodes = 0, routers = 0, unattached = 0;

  Index Other(Index cable, Index sw) const {
    return cables[cable].a == sw ? cables[cable].b : cables[cable].a;
  }
};

Network MakeNetwork(std::span<const PlaneView> planes);

// A switch that two of the planes have: they are not separate planes. nullptr: none.
const Node* SharedSwitch(std::span<const PlaneView> planes);

// What is gone. Flags by index.
struct Exclusion {
  std::vector<std::uint8_t> switches, cables, legs;

  explicit Exclusion(const Network& network)
      : switches(network.switches.size()), cables(network.cables.size()), legs(network.legs.size()) {}
  bool CableGone(const Network& network, Index cable) const {
    const Cable& c = network.cables[cable];
    return cables[cable] != 0 || switches[c.a] != 0 || switches[c.b] != 0;
  }
  bool LegGone(const Network& network, Index leg) const {
    return legs[leg] != 0 || switches[network.legs[leg].sw] != 0;
  }
};

}  // namespace aftershock::whatif

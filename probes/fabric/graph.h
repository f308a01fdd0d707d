// The fabric while it is being read: the nodes found so far, each with what the probe must remember about it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/fabric.h"
#include "probes/mad/request.h"

namespace aftershock::fabric {

// Register values as last read (data counters in words), for telling a reset from progress.
struct RegisterTrack {
  std::array<std::uint64_t, kCounterCount> last{};
  std::uint32_t sweep = 0;  // that read them; 0: never
};

struct WorkNode {
  Node node;  // peers are indices into Graph::nodes
  mad::DirectedRoute route;
  std::vector<RegisterTrack> tracks;  // beside node.ports
  std::vector<std::uint8_t> waiting;  // ports whose counters wait for ClassPortInfo
  bool pma_asked = false;             // ClassPortInfo is under way
  bool given_up = false;  // two requests in a row got no answer: nothing more is asked in this pass
  std::uint8_t failures_in_row = 0;
  std::uint8_t silent_sweeps = 0;      // sweeps in a row without an answer; saturates
  bool tables_due = false;             // one did not stand still, or was not answered: to be read again
  std::uint8_t adaptive_silences = 0;  // AdaptiveRoutingInfo got no answer so often
  bool sl_to_vl_by_pair = false;       // its SL-to-VL tables depend on the port that a packet comes in by
  std::uint32_t partitions_sweep = 0;  // that read its P_Key tables last
  bool no_rcv_details = false;         // the PMA said that it does not know the attribute
  bool no_discard_details = false;

  std::size_t IndexOf(const Port& port) const { return static_cast<std::size_t>(&port - node.ports.data()); }
};

struct End {
  std::uint32_t node = 0;
  std::uint8_t port = 0;
  friend bool operator==(const End&, const End&) = default;
};

class Graph {
 public:
  std::vector<WorkNode> nodes;

  // REQUIRES: PlausibleNode(info)
  std::uint32_t Add(const NodeInfo& info, const mad::DirectedRoute& route);
  std::uint32_t Add(WorkNode node);
  const std::vector<std::uint32_t>& FindAll(Guid guid) const;
  Port* At(End end) { return nodes[end.node].node.FindPort(end.port); }
  WorkNode& operator[](std::uint32_t index) { return nodes[index]; }

  void Connect(End a, End b);
  // Takes the cable away from both ends.
  void Disconnect(End end);

 private:
  std::unordered_map<Guid, std::vector<std::uint32_t>> by_guid_;
};

// A NodeInfo that can be worked with: a known type, 1 to 254 ports, and one of them answered.
bool PlausibleNode(const NodeInfo& info);
// The node of `graph` that `node` was in an earlier pass; by GUID, and by route where the GUID is seen twice.
std::optional<std::uint32_t> SameNode(const Graph& graph, const WorkNode& node);

// A port of the node that has a link uses more than one data VL.
bool SeveralVls(const Node& node);

}  // namespace aftershock::fabric

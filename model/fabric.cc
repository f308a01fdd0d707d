#include "model/fabric.h"

#include <algorithm>

#include <fmt/format.h>

namespace aftershock {

std::string_view ToString(MadClass mad_class) {
  switch (mad_class) {
    case MadClass::kSmp:
      return "smp";
    case MadClass::kPma:
      return "pma";
    case MadClass::kSa:
      return "sa";
  }
  return "smp";
}

const Port* Node::FindPort(std::uint8_t num) const {
  const auto it = std::ranges::lower_bound(ports, num, {}, &Port::num);
  return it != ports.end() && it->num == num ? &*it : nullptr;
}

Port* Node::FindPort(std::uint8_t num) {
  return const_cast<Port*>(std::as_const(*this).FindPort(num));
}

bool Node::IsAggregationNode() const {
  return type == NodeType::kAdapter && description.find("Aggregation Node") != std::string::npos;
}

std::string LocalPort::Name() const {
  return fmt::format("{}:{}", device, port);
}

const Node* FabricSnapshot::FindNode(Guid guid) const {
  const auto it = std::ranges::lower_bound(nodes, guid, {}, &Node::guid);
  return it != nodes.end() && it->guid == guid ? &*it : nullptr;
}

const Node* FabricSnapshot::PeerNode(const Port& port) const {
  return port.peer && port.peer->node < nodes.size() ? &nodes[port.peer->node] : nullptr;
}

const Port* FabricSnapshot::PeerPort(const Port& port) const {
  const Node* node = PeerNode(port);
  return node ? node->FindPort(port.peer->port) : nullptr;
}

bool IsFirstEnd(const FabricSnapshot& snapshot, const Node& node, const Port& port) {
  const auto index = static_cast<std::uint32_t>(&node - snapshot.nodes.data());
  return std::pair(index, port.num) <= std::pair(port.peer->node, port.peer->port);
}

std::string ShortName(std::string_view description) {
  // "MF0;<name>:<model>/U1" is how managed switches describe themselves.
  const auto start = description.find(';');
  const auto end = description.rfind(':');
  if (!description.starts_with("MF0;") || end == std::string_view::npos || end <= start + 1) {
    return std::string(description);
  }
  return std::string(description.substr(start + 1, end - start - 1));
}

Coverage CountCoverage(const FabricSnapshot& snapshot) {
  Coverage c;
  for (const Node& node : snapshot.nodes) {
    ++c.nodes_expected;
    ++(Missing(node.answer) ? c.nodes_unanswered : c.nodes_answered);
    for (const Port& port : node.ports) {
      // A cable that leads to something silent: a node we cannot even name.
      if (port.Linked() && !port.peer && Missing(port.peer_answer)) {
        ++c.nodes_expected;
        ++c.nodes_unanswered;
      }
      const bool expected = port.Linked() || (port.num != 0 && Missing(port.info_answer));
      if (!expected) continue;
      ++c.ports_expected;
      const bool missing = Missing(port.info_answer) || Missing(port.counters_answer);
      ++(missing ? c.ports_unanswered : c.ports_answered);
      if (port.counters_answer == Answer::kUnsupported) ++c.not_applicable;
    }
  }
  return c;
}

}  // namespace aftershock

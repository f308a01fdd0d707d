#include "probes/fabric/graph.h"

#include <algorithm>

namespace aftershock::fabric {

bool PlausibleNode(const NodeInfo& info) {
  const bool known =
      info.type == NodeType::kAdapter || info.type == NodeType::kSwitch || info.type == NodeType::kRouter;
  const bool arrival =
      info.local_port <= info.num_ports && (info.local_port != 0 || info.type == NodeType::kSwitch);
  return known && info.num_ports >= 1 && info.num_ports <= 254 && arrival;
}

std::uint32_t Graph::Add(const NodeInfo& info, const mad::DirectedRoute& route) {
  WorkNode work;
  work.route = route;
  Node& node = work.node;
  node.guid = info.node_guid;
  node.system_image_guid = info.system_image_guid;
  node.type = info.type;
  node.num_ports = info.num_ports;
  node.vendor_id = info.vendor_id;
  node.device_id = info.device_id;
  node.revision = info.revision;
  node.answer = Answer::kAnswered;
  node.route.assign(route.exits().begin(), route.exits().end());
  const int first = node.IsSwitch() ? 0 : 1;
  node.ports.resize(static_cast<std::size_t>(info.num_ports + 1 - first));
  for (std::size_t i = 0; i < node.ports.size(); ++i) {
    node.ports[i].num = static_cast<std::uint8_t>(first + static_cast<int>(i));
    if (node.IsSwitch()) node.ports[i].guid = info.port_guid;
  }
  work.tracks.resize(node.ports.size());
  return Add(std::move(work));
}

std::uint32_t Graph::Add(WorkNode node) {
  const auto index = static_cast<std::uint32_t>(nodes.size());
  auto& same = by_guid_[node.node.guid];
  same.push_back(index);
  nodes.push_back(std::move(node));
  if (same.size() > 1) {
    for (const std::uint32_t i : same) nodes[i].node.duplicate = true;
  }
  return index;
}

const std::vector<std::uint32_t>& Graph::FindAll(Guid guid) const {
  static const std::vector<std::uint32_t> kNone;
  const auto it = by_guid_.find(guid);
  return it == by_guid_.end() ? kNone : it->second;
}

void Graph::Connect(End a, End b) {
  Disconnect(a);
  Disconnect(b);
  At(a)->peer = Peer{b.node, b.port};
  At(b)->peer = Peer{a.node, a.port};
}

void Graph::Disconnect(End end) {
  Port* port = At(end);
  if (!port->peer) return;
  Port* other = At({port->peer->node, port->peer->port});
  if (other->peer == Peer{end.node, end.port}) other->peer.reset();
  port->peer.reset();
}

std::optional<std::uint32_t> SameNode(const Graph& graph, const WorkNode& node) {
  const auto& all = graph.FindAll(node.node.guid);
  if (all.size() == 1) return all.front();
  const auto it = std::ranges::find_if(
      all, [&](std::uint32_t i) { return graph.nodes[i].node.route == node.node.route; });
  if (it == all.end()) return std::nullopt;
  return *it;
}

bool SeveralVls(const Node& node) {
  return std::ranges::any_of(
      node.ports, [](const Port& port) { return port.Linked() && port.info->operational_vls > 1; });
}

}  // namespace aftershock::fabric

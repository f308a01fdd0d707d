#include "probes/fabric/discovery.h"

#include <algorithm>
#include <utility>

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

constexpr std::uint8_t kSilentRoads = 2;   // cables that lead to nobody prove that nobody is there
constexpr std::size_t kMaxNodes = 0xbfff;  // unicast LIDs of a subnet, IBA 4.1.3

bool SameDevice(const Node& node, const NodeInfo& info) {
  return node.type == info.type && node.num_ports == info.num_ports && node.device_id == info.device_id &&
         node.vendor_id == info.vendor_id && node.system_image_guid == info.system_image_guid;
}

}  // namespace

void Discovery::Start() {
  if (before_ != nullptr) silent_roads_.resize(before_->nodes.size());
  // There is no node yet whose account this could go to.
  ask_.SmpOwn(mad::Attribute::kNodeInfo, [this](const mad::Outcome& o) { OnOwnNode(o); });
}

void Discovery::OnOwnNode(const mad::Outcome& outcome) {
  if (!outcome.ok()) return;
  const NodeInfo info = mad::DecodeNodeInfo(outcome.data);
  if (!PlausibleNode(info)) return;
  const std::uint32_t own = graph_.Add(info, {});
  CarryOver(own);
  own_ = {own, info.local_port};
  if (!graph_[own].node.IsSwitch()) graph_.At({own, info.local_port})->guid = info.port_guid;
  Expand(own, info.local_port);
}

void Discovery::Expand(std::uint32_t node, std::uint8_t arrival) {
  AskDescription(node);
  if (graph_[node].node.IsSwitch()) {
    AskSwitchInfo(node);
    AskPort({node, 0});  // its capability mask is needed to read the others
  } else {
    AskPort({node, arrival});
    AskPortsOfBefore(node, arrival);
  }
}

// Ports of an adapter that a cable of this plane led to: without the cable only this tells that they are
// down.
void Discovery::AskPortsOfBefore(std::uint32_t node, std::uint8_t arrival) {
  const auto earlier = before_ == nullptr ? std::nullopt : SameNode(*before_, graph_.nodes[node]);
  if (!earlier) return;
  for (const Port& old : before_->nodes[*earlier].node.ports) {
    if (old.num == arrival || !old.info || graph_.At({node, old.num}) == nullptr) continue;
    graph_.At({node, old.num})->guid = old.guid;
    AskPort({node, old.num});
  }
}

void Discovery::OnPort(End end, const Before&) {
  const Node& node = graph_[end.node].node;
  if (node.IsSwitch() && end.port == 0) {
    for (int p = 1; p <= node.num_ports; ++p) AskPort({end.node, static_cast<std::uint8_t>(p)});
    return;
  }
  const Port& port = *graph_.At(end);
  if (Missing(port.info_answer) || !port.Linked()) return;
  // Adapters forward no directed routes, and ours only by the port we sit at.
  if (!port.peer && (node.IsSwitch() || end == own_)) Probe(end);
  counters_.Read(end);
}

std::optional<End> Discovery::WhatWasAt(End end) const {
  const auto earlier = before_ == nullptr ? std::nullopt : SameNode(*before_, graph_.nodes[end.node]);
  const Port* port = earlier ? before_->nodes[*earlier].node.FindPort(end.port) : nullptr;
  if (port == nullptr || !port->peer) return std::nullopt;
  return End{port->peer->node, port->peer->port};
}

void Discovery::Probe(End end) {
  if (graph_[end.node].route.hops >= mad::kMaxHops) {
    graph_.At(end)->peer_answer = Answer::kUnreachable;
  } else if (const auto was = WhatWasAt(end); !was) {
    ask_.SmpThrough(end, mad::Attribute::kNodeInfo, [this, end](const mad::Outcome& o) { OnPeer(end, o); });
  } else if (silent_roads_[was->node] >= kSilentRoads) {
    graph_.At(end)->peer_answer = Answer::kTimeout;
  } else {
    ask_.SmpWhereWas(was->node, end, mad::Attribute::kNodeInfo,
                     [this, end](const mad::Outcome& o) { OnPeer(end, o); });
  }
}

// A dead switch of 36 cables is asked over two of them.
void Discovery::NoteSilentRoad(End end) {
  const auto was = WhatWasAt(end);
  if (!was || ++silent_roads_[was->node] < kSilentRoads) return;
  ask_.GiveUpWhereWas(was->node);
}

void Discovery::OnPeer(End end, const mad::Outcome& outcome) {
  Port& port = *graph_.At(end);
  port.peer_answer = outcome.answer;
  if (outcome.answer == Answer::kTimeout && outcome.tries > 0) NoteSilentRoad(end);
  if (!outcome.ok()) return;
  const NodeInfo info = mad::DecodeNodeInfo(outcome.data);
  if (!PlausibleNode(info) || info.local_port == 0) {
    port.peer_answer = Answer::kError;
  } else if (graph_.FindAll(info.node_guid).empty()) {
    NewNode(end, info);
    if (!overrun_) ask_.Account(static_cast<std::uint32_t>(graph_.nodes.size() - 1), outcome);
  } else if (!ConnectToKnown(end, info)) {
    Doubt(end, info);
  }
}

bool Discovery::ConnectToKnown(End end, const NodeInfo& info) {
  for (const std::uint32_t index : graph_.FindAll(info.node_guid)) {
    if (!SameDevice(graph_[index].node, info)) continue;
    const End other{index, info.local_port};
    Port& port = *graph_.At(other);
    if (port.peer == Peer{end.node, end.port}) return true;
    const bool free = !port.peer && (!port.info || port.Linked());
    if (!free) continue;
    graph_.Connect(end, other);
    if (!graph_[index].node.IsSwitch() && !port.info) {
      port.guid = info.port_guid;
      AskPort(other);
    }
    return true;
  }
  return false;
}

void Discovery::Doubt(End end, const NodeInfo& info) {
  const End other{graph_.FindAll(info.node_guid).front(), info.local_port};
  const Port* port = SameDevice(graph_[other.node].node, info) ? graph_.At(other) : nullptr;
  if (port == nullptr) return NewNode(end, info);
  if (!port->peer) {
    // Down when it was read, and a cable now: it came up meanwhile, or this is another node.
    ask_.Smp(other.node, mad::Attribute::kPortInfo, other.port,
             [this, end, other, info](const mad::Outcome& o) {
               ask_.Account(other.node, o);
               const bool up = o.ok() && mad::DecodePortInfo(o.data).phys_state == PhysState::kLinkUp;
               if (!up) return NewNode(end, info);
               graph_.At(other)->info.reset();
               graph_.Connect(end, other);
               AskPort(other);
             });
    return;
  }
  const End first{port->peer->node, port->peer->port};
  ask_.SmpThrough(first, mad::Attribute::kNodeInfo, [this, end, other, first, info](const mad::Outcome& o) {
    if (!o.ok()) {
      graph_.At(end)->peer_answer = o.answer;  // neither moved nor two: not known
      return;
    }
    const NodeInfo still = mad::DecodeNodeInfo(o.data);
    if (still.node_guid == info.node_guid && still.local_port == info.local_port) return NewNode(end, info);
    graph_.Connect(end, other);  // the cable has moved while we looked
    OnPeer(first, o);
  });
}

void Discovery::NewNode(End from, const NodeInfo& info) {
  if (graph_.nodes.size() >= kMaxNodes) {
    overrun_ = true;
    return;
  }
  const std::uint32_t node = graph_.Add(info, graph_[from.node].route.Through(from.port));
  CarryOver(node);
  const End arrival{node, info.local_port};
  if (!graph_[node].node.IsSwitch()) graph_.At(arrival)->guid = info.port_guid;
  graph_.Connect(from, arrival);
  Expand(node, info.local_port);
}

void Discovery::CarryOver(std::uint32_t index) {
  WorkNode& now = graph_[index];
  const auto earlier = before_ == nullptr ? std::nullopt : SameNode(*before_, now);
  if (!earlier) return;
  WorkNode& then = (*before_)[*earlier];
  if (then.node.ports.size() != now.node.ports.size()) return;
  now.node.description = then.node.description;
  now.node.name = then.node.name;
  now.node.pma = then.node.pma;
  now.node.pma_answer = then.node.pma_answer;
  now.node.tables = then.node.tables;
  now.tables_due = then.tables_due;
  now.adaptive_silences = then.adaptive_silences;
  now.sl_to_vl_by_pair = then.sl_to_vl_by_pair;
  now.partitions_sweep = then.partitions_sweep;
  now.no_rcv_details = then.no_rcv_details;
  now.no_discard_details = then.no_discard_details;
  now.tracks = std::move(then.tracks);
  then.tracks = std::vector<RegisterTrack>(then.node.ports.size());
  for (std::size_t i = 0; i < now.node.ports.size(); ++i) {
    Port& port = now.node.ports[i];
    Port& old = then.node.ports[i];
    port.counters = old.counters;
    port.partitions = old.partitions;
    port.membership = old.membership;
    if (now.tracks[i].sweep != ask_.sweep()) continue;
    port.counters_answer = old.counters_answer;  // read by this sweep's first pass
    port.counters_read = old.counters_read;
    port.restarted = old.restarted;
  }
}

void Discovery::ProbeSilentAgain() {
  for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
    for (const Port& port : graph_[i].node.ports) {
      const bool nobody = port.Linked() && !port.peer && port.peer_answer == Answer::kTimeout;
      if (nobody) Probe({i, port.num});
      if (port.info_answer == Answer::kTimeout) AskPort({i, port.num});
    }
  }
}

std::uint32_t Discovery::Adopt(std::uint32_t old_index, Answer answer) {
  WorkNode copy = (*before_)[old_index];
  copy.node.answer = answer;
  for (Port& port : copy.node.ports) {
    port.peer.reset();
    if (port.Linked()) port.info_answer = port.counters_answer = answer;
  }
  return graph_.Add(std::move(copy));
}

void Discovery::AdoptSilent() {
  const auto answered = static_cast<std::uint32_t>(graph_.nodes.size());
  for (std::uint32_t i = 0; before_ != nullptr && i < answered; ++i) {
    for (std::size_t p = 0; p < graph_[i].node.ports.size(); ++p) {
      const Port& port = graph_[i].node.ports[p];
      const End from{i, port.num};
      const auto was = WhatWasAt(from);
      if (!port.Linked() || port.peer || !Missing(port.peer_answer) || !was) continue;
      const auto known = SameNode(graph_, (*before_)[was->node]);
      const End other{known ? *known : Adopt(was->node, Answer::kTimeout), was->port};
      // A node that tells another number of ports than it did may have none of that number.
      if (graph_.At(other) == nullptr) continue;
      if (!graph_.At(other)->peer) graph_.Connect(from, other);
      if (!known) AdoptBehind(other.node, was->node);
    }
  }
}

// What only a silent node leads to cannot be asked either.
void Discovery::AdoptBehind(std::uint32_t node, std::uint32_t old_index) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{node, old_index}};
  while (!open.empty()) {
    const auto [now, then] = open.back();
    open.pop_back();
    for (const Port& old : (*before_)[then].node.ports) {
      if (!old.peer || graph_.At({now, old.num})->peer) continue;
      const std::uint32_t behind = old.peer->node;
      const auto known = SameNode(graph_, (*before_)[behind]);
      if (known && !Missing(graph_[*known].node.answer)) continue;  // its own end of the cable knows better
      const End other{known ? *known : Adopt(behind, Answer::kUnreachable), old.peer->port};
      graph_.Connect({now, old.num}, other);
      if (!known) open.emplace_back(other.node, behind);
    }
  }
}

void Discovery::AdoptUnreached() {
  if (before_ == nullptr) return;
  const auto known = static_cast<std::uint32_t>(before_->nodes.size());
  std::vector<std::uint32_t> now(known);
  for (std::uint32_t i = 0; i < known; ++i) {
    const auto found = SameNode(graph_, (*before_)[i]);
    now[i] = found ? *found : Adopt(i, Answer::kUnreachable);
  }
  for (std::uint32_t i = 0; i < known; ++i) {
    for (const Port& old : (*before_)[i].node.ports) {
      if (!old.peer) continue;
      const End a{now[i], old.num}, b{now[old.peer->node], old.peer->port};
      if (!graph_.At(a) || !graph_.At(b) || graph_.At(a)->peer || graph_.At(b)->peer) continue;
      graph_.Connect(a, b);
    }
  }
}

}  // namespace aftershock::fabric

#include "rules/routing/map.h"

#include <algorithm>

namespace aftershock::rules {
namespace {

constexpr unsigned kMaxLmc = 7;

bool Read(const Port& port) {
  return port.info.has_value() && !Missing(port.info_answer);
}

}  // namespace

const RoutingMap::Exit RoutingMap::kNoExit{};

bool Carries(const Port& port) {
  return port.Linked() &&
         (port.info->state == PortState::kActive || port.info->state == PortState::kActiveDefer);
}

const LinearTable* RoutingMap::TableOf(const Node& node) {
  const TableReading<LinearTable>& reading = node.tables.linear;
  const bool known = !Missing(node.answer) && !Missing(reading.answer) &&
                     reading.answer != Answer::kUnsupported && !reading.unstable;
  return known ? reading.table.get() : nullptr;
}

RoutingMap::RoutingMap(const FabricSnapshot& snapshot)
    : snapshot_(snapshot), switch_of_(snapshot.nodes.size(), kNone), ends_of_(snapshot.nodes.size()) {
  AddSwitches();
  AddEnds();
  AddExits();
}

void RoutingMap::AddSwitches() {
  for (Index i = 0; i < snapshot_.nodes.size(); ++i) {
    const Node& node = snapshot_.nodes[i];
    if (!node.IsSwitch()) continue;
    const auto index = static_cast<Index>(switches_.size());
    switch_of_[i] = index;
    Switch& sw = switches_.emplace_back();
    sw.node = &node;
    sw.table = TableOf(node);
    sw.adaptive = node.tables.adaptive.value_or(false);
    const Port* own = node.FindPort(0);
    if (own != nullptr && Read(*own) && !Missing(node.answer)) Own(*own, {Owns::kSwitch, index});
  }
}

void RoutingMap::AddEnds() {
  for (Index i = 0; i < snapshot_.nodes.size(); ++i) {
    const Node& node = snapshot_.nodes[i];
    if (node.IsSwitch()) continue;
    ends_of_[i].resize(node.ports.empty() ? 0 : std::size_t{node.ports.back().num} + 1, kNone);
    for (const Port& port : node.ports) {
      if (!port.peer || port.peer->node >= switch_of_.size() || switch_of_[port.peer->node] == kNone)
        continue;
      const auto index = static_cast<Index>(ends_.size());
      if (port.num < ends_of_[i].size()) ends_of_[i][port.num] = index;
      End& end = ends_.emplace_back();
      end.node = &node;
      end.port = &port;
      end.sw = switch_of_[port.peer->node];
      end.sw_port = port.peer->port;
      const Port* far = switches_[end.sw].node->FindPort(end.sw_port);
      const bool far_carries = far == nullptr || !Read(*far) || Carries(*far);
      if (Missing(node.answer) || !Read(port) || !Carries(port) || !far_carries) continue;
      if (!IsUnicast(port.info->lid)) continue;
      switches_[end.sw].ends.push_back(index);
      end.active = true;
      end.lid = static_cast<std::uint16_t>(port.info->lid);
      end.lids = static_cast<std::uint16_t>(1u << std::min<unsigned>(port.info->lmc, kMaxLmc));
      Own(port, {Owns::kEnd, index});
    }
  }
}

void RoutingMap::AddExits() {
  for (Switch& sw : switches_) {
    if (sw.node->ports.empty()) continue;
    sw.exits.resize(std::size_t{sw.node->ports.back().num} + 1);
    for (const Port& port : sw.node->ports) {
      if (port.num < sw.exits.size()) sw.exits[port.num] = ExitOf(*sw.node, port);
    }
    sw.exits[0] = {Leads::kSelf, 0, static_cast<Index>(&sw - switches_.data())};
  }
  // A cable that only its far end told of.
  for (Index i = 0; i < ends_.size(); ++i) {
    std::vector<Exit>& exits = switches_[ends_[i].sw].exits;
    if (ends_[i].sw_port >= exits.size()) continue;
    Exit& exit = exits[ends_[i].sw_port];
    if (exit.leads == Leads::kUnknown) exit = {Leads::kEnd, ends_[i].port->num, i};
  }
}

RoutingMap::Exit RoutingMap::ExitOf(const Node& node, const Port& port) const {
  if (Missing(node.answer) || !Read(port)) return {Leads::kUnknown, 0, kNone};
  if (!Carries(port)) return {Leads::kNowhere, 0, kNone};
  if (!port.peer || port.peer->node >= switch_of_.size()) return {Leads::kUnknown, 0, kNone};
  const Index sw = switch_of_[port.peer->node];
  if (sw != kNone) return {Leads::kSwitch, port.peer->port, sw};
  const std::vector<Index>& by_port = ends_of_[port.peer->node];
  const Index end = port.peer->port < by_port.size() ? by_port[port.peer->port] : kNone;
  if (end == kNone) return {Leads::kUnknown, 0, kNone};
  return {Leads::kEnd, port.peer->port, end};
}

void RoutingMap::Own(const Port& port, Owner owner) {
  if (!IsUnicast(port.info->lid)) return;
  // Port 0 has no LMC but an enhanced one; what the device says is what is routed.
  const std::size_t first = static_cast<std::uint16_t>(port.info->lid);
  const std::size_t end =
      std::min<std::size_t>(first + (1u << std::min<unsigned>(port.info->lmc, kMaxLmc)), kFirstMulticastLid);
  if (owners_.size() < end) owners_.resize(end);
  for (std::size_t lid = first; lid < end; ++lid) {
    owners_[lid] = owners_[lid].kind == Owns::kNobody ? owner : Owner{Owns::kShared, kNone};
  }
}

RoutingMap::Owner RoutingMap::OwnerOf(Lid lid) const {
  const auto index = static_cast<std::size_t>(lid);
  return index < owners_.size() ? owners_[index] : Owner{};
}

RoutingMap::Index RoutingMap::SmSwitch() const {
  const Owner owner = OwnerOf(snapshot_.sm.lid);
  return owner.kind == Owns::kSwitch ? owner.index : kNone;
}

RoutingMap::Index RoutingMap::SmLeaf() const {
  const Owner owner = OwnerOf(snapshot_.sm.lid);
  return owner.kind == Owns::kEnd ? ends_[owner.index].sw : SmSwitch();
}

}  // namespace aftershock::rules

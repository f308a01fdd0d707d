#include "rules/sm/managers.h"

#include <algorithm>
#include <tuple>

#include "rules/view.h"

namespace aftershock::rules {
namespace {

bool IsDisabled(const FabricSnapshot& snapshot, const PortKey& key) {
  const Node* node = snapshot.FindNode(key.node);
  const Port* port = node == nullptr ? nullptr : node->FindPort(key.port);
  return port != nullptr && port->info && (port->info->capability_mask & kCapIsSmDisabled) != 0;
}

// The node whose port has this GUID: port 0 of a switch, or a port of another.
std::pair<const Node*, PortKey> OwnerOf(const FabricSnapshot& snapshot, Guid port_guid) {
  for (const Node& node : snapshot.nodes) {
    for (const Port& port : node.ports) {
      if (port.guid == port_guid && port_guid != Guid{} && (port.num == 0 || !node.IsSwitch())) {
        return {&node, {node.guid, port.num}};
      }
    }
  }
  return {nullptr, {}};
}

void AddAtSmLid(const FabricSnapshot& snapshot, std::vector<Manager>& managers) {
  const SmView& sm = snapshot.sm;
  if (sm.answer != Answer::kAnswered || !sm.info) return;
  const auto known = std::ranges::find(managers, sm.info->guid, &Manager::guid);
  if (known != managers.end()) {
    known->at_lid = sm.info;
    return;
  }
  const auto [node, key] = OwnerOf(snapshot, sm.info->guid);
  Manager manager{.guid = sm.info->guid, .key = key, .node = node, .lid = sm.lid, .answer = sm.answer};
  manager.at_lid = sm.info;
  managers.push_back(std::move(manager));
}

bool HasActivePort(const Node& node) {
  return std::ranges::any_of(
      node.ports, [](const Port& port) { return port.Linked() && port.info->state == PortState::kActive; });
}

}  // namespace

const SmInfo* Manager::Said() const {
  if (info) return &*info;
  return at_lid ? &*at_lid : nullptr;
}

bool Manager::EverIs(SmState state) const {
  return (info && info->state == state) || (at_lid && at_lid->state == state);
}

bool Manager::AlwaysIs(SmState state) const {
  return Said() != nullptr && (!info || info->state == state) && (!at_lid || at_lid->state == state);
}

std::string Manager::Name() const {
  return node == nullptr ? ToString(guid) : NameOf(*node);
}

std::vector<Manager> ManagersOf(const FabricSnapshot& snapshot) {
  std::vector<Manager> managers;
  for (const SmSeen& seen : snapshot.sms) {
    if (IsDisabled(snapshot, seen.port)) continue;
    const bool answered = seen.answer == Answer::kAnswered && seen.info;
    Manager manager{.guid = answered ? seen.info->guid : seen.port_guid,
                    .key = seen.port,
                    .node = snapshot.FindNode(seen.port.node),
                    .lid = seen.lid,
                    .answer = seen.answer};
    if (answered) manager.info = seen.info;
    managers.push_back(std::move(manager));
  }
  AddAtSmLid(snapshot, managers);
  // One manager behind two ports, or a GUID that is seen twice: the one that answers speaks for both.
  std::ranges::sort(managers, {},
                    [](const Manager& m) { return std::tuple(m.guid, m.Said() == nullptr, m.key); });
  const auto same = [](const Manager& a, const Manager& b) { return a.guid == b.guid; };
  managers.erase(std::unique(managers.begin(), managers.end(), same), managers.end());
  return managers;
}

const Manager* OnlyMaster(const std::vector<Manager>& managers) {
  const Manager* only = nullptr;
  for (const Manager& manager : managers) {
    if (!manager.EverIs(SmState::kMaster)) continue;
    if (only != nullptr) return nullptr;
    only = &manager;
  }
  return only;
}

std::vector<AddressedPort> AddressedPorts(const FabricSnapshot& snapshot) {
  std::vector<AddressedPort> ports;
  for (const Node& node : snapshot.nodes) {
    if (Missing(node.answer) || node.duplicate || node.IsAggregationNode()) continue;
    if (node.IsSwitch()) {
      const Port* port = node.FindPort(0);
      if (port != nullptr && port->info && HasActivePort(node)) ports.push_back({&node, port});
      continue;
    }
    for (const Port& port : node.ports) {
      if (port.Linked() && port.info->state == PortState::kActive) ports.push_back({&node, &port});
    }
  }
  return ports;
}

}  // namespace aftershock::rules

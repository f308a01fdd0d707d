#include "rules/host/memory.h"

#include <algorithm>
#include <set>

namespace aftershock::rules {
namespace {

bool Follows(const HostState& state, const HostSnapshot& snapshot) {
  return snapshot.number > state.look && snapshot.taken_steady >= state.taken;
}

// What another process saw, on another clock.
void BeginProcess(HostState& state) {
  HostState fresh;
  fresh.hcas = std::move(state.hcas);
  fresh.since = std::move(state.since);
  for (auto& [name, hca] : fresh.hcas) hca.this_process = hca.here = false;
  state = std::move(fresh);
}

bool HasInfiniBandPort(const Hca& hca) {
  return std::ranges::any_of(hca.ports, &HostPort::IsInfiniBand);
}

void RememberAdapters(HostState& state, const HostSnapshot& snapshot) {
  if (!snapshot.Saw(HostPart::kAdapters)) return;
  for (auto& [name, memory] : state.hcas) memory.here = false;
  for (const Hca& hca : snapshot.hcas) {
    // Renamed, as udev does: the GUID is who it is.
    std::erase_if(state.hcas, [&](const auto& entry) {
      const auto& [name, memory] = entry;
      return memory.node_guid != Guid{} && memory.node_guid == hca.node_guid && !snapshot.FindHca(name);
    });
    if (!HasInfiniBandPort(hca) && !state.hcas.contains(hca.name)) continue;
    HcaMemory& memory = state.hcas[hca.name];
    memory.here = memory.this_process = true;
    if (hca.node_guid != Guid{}) memory.node_guid = hca.node_guid;
    if (!hca.pci_address.empty()) memory.pci_address = hca.pci_address;
  }
  std::erase_if(state.ports, [&](const auto& entry) { return snapshot.FindPort(entry.first) == nullptr; });
}

// A new leg over the port of one that is gone is that leg by another name.
void ForgetRenamed(BondMemory& memory, const Bond& bond, const HcaPortName& port) {
  const auto renamed = std::ranges::find_if(memory.legs, [&](const auto& entry) {
    return entry.second == port &&
           std::ranges::find(bond.legs, entry.first, &BondLeg::name) == bond.legs.end();
  });
  if (renamed != memory.legs.end()) memory.legs.erase(renamed);
}

void RememberBonds(HostState& state, const HostSnapshot& snapshot) {
  if (!snapshot.Saw(HostPart::kInterfaces)) return;
  for (const Bond& bond : snapshot.bonds) {
    BondMemory& memory = state.bonds[bond.name];
    for (const BondLeg& leg : bond.legs) {
      const IpoibLink* link = snapshot.FindLink(leg.index);
      std::optional<HcaPortName>& port = memory.legs[leg.name];
      if (link == nullptr || !link->hca_port) continue;
      const bool is_new = !port;
      port = link->hca_port;
      if (is_new) ForgetRenamed(memory, bond, *link->hca_port);
    }
    memory.switches = std::max(memory.switches, LiveSwitches(snapshot, bond).value_or(0));
  }
}

void RememberGroups(HostState& state, const HostSnapshot& snapshot) {
  for (const Membership& membership : snapshot.memberships) {
    if (membership.record) state.groups[membership.group] = *membership.record;
  }
  if (!snapshot.Saw(HostPart::kInterfaces)) return;
  std::set<Gid> used;
  for (const IpoibLink& link : snapshot.links) {
    if (link.broadcast_group) used.insert(*link.broadcast_group);
  }
  std::erase_if(state.groups, [&](const auto& entry) { return !used.contains(entry.first); });
}

}  // namespace

NewEvents EventsSince(const HostState& state, const HostSnapshot& snapshot) {
  NewEvents found;
  for (const HostEvent& event : snapshot.events) {
    if (event.sequence > state.events) found.events.push_back(&event);
  }
  const std::uint64_t first =
      found.events.empty() ? snapshot.events_seen + 1 : found.events.front()->sequence;
  found.lost = first > state.events + 1;
  return found;
}

void RememberHost(HostState& state, const HostSnapshot& snapshot, const Settings& settings) {
  if (!Follows(state, snapshot)) BeginProcess(state);
  RememberAdapters(state, snapshot);
  RememberSmWays(state, snapshot);
  RememberLinks(state, snapshot, settings);
  RememberBonds(state, snapshot);
  RememberGroups(state, snapshot);
  RememberRegisters(state, snapshot, settings);
  state.look = snapshot.number;
  state.taken = snapshot.taken_steady;
  state.events = std::max(state.events, snapshot.events_seen);
}

}  // namespace aftershock::rules

#include "rules/host/own_ports.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "rules/host/memory.h"
#include "rules/memory.h"

namespace aftershock::rules {
namespace {

// As sysfs writes rates (drivers/infiniband/core/sysfs.c, rate_show), in Mb/s of one lane.
constexpr std::array kSysfsRates{std::pair{LinkSpeed::kSdr, 2500},   std::pair{LinkSpeed::kDdr, 5000},
                                 std::pair{LinkSpeed::kQdr, 10000},  std::pair{LinkSpeed::kFdr, 14000},
                                 std::pair{LinkSpeed::kEdr, 25000},  std::pair{LinkSpeed::kHdr, 50000},
                                 std::pair{LinkSpeed::kNdr, 100000}, std::pair{LinkSpeed::kXdr, 200000}};
// 4x first: it is the most common, and a rate may be had in several ways that carry about as many bits.
constexpr std::array<std::uint8_t, 5> kWidthCodes{2, 1, 16, 4, 8};

void SetRate(PortInfo& info, std::uint32_t rate_mbps) {
  for (const std::uint8_t width : kWidthCodes) {
    for (const auto& [speed, lane] : kSysfsRates) {
      if (static_cast<std::uint32_t>(lane * WidthLanes(width)) != rate_mbps) continue;
      info.width_active = width;
      info.speed_active = speed;
      return;
    }
  }
}

Guid GuidOf(const Hca& hca, const HostSnapshot& snapshot) {
  const bool own = std::ranges::count(snapshot.hcas, hca.node_guid, &Hca::node_guid) == 1;
  if (hca.node_guid != Guid{} && own) return hca.node_guid;
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : hca.name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return Guid{hash};
}

Port MakePort(const HostPort& own, const HostPortMemory* memory) {
  Port port;
  port.num = own.num;
  port.guid = own.guid;
  PortInfo info;
  info.state = own.state;
  info.phys_state = own.phys_state;
  if (own.phys_state == PhysState::kNoChange && own.state == PortState::kActive) {
    info.phys_state = PhysState::kLinkUp;
  }
  if (own.rate_mbps) SetRate(info, *own.rate_mbps);
  port.info = info;
  const bool known = info.phys_state != PhysState::kNoChange;
  port.info_answer = known ? Answer::kAnswered : Answer::kNotAsked;
  port.counters_answer = own.counters_answer;
  if (memory != nullptr) {
    port.counters = memory->counted;
    port.restarted = memory->restarted;
  }
  return port;
}

// Makes room for the port that a cable ends at, unless it is one of ours.
void AddFarEnd(std::map<Guid, Node>& nodes, const Uplink& uplink) {
  Node& node = nodes[uplink.node];
  if (node.guid == Guid{}) {
    node.guid = uplink.node;
    node.type = uplink.type;
    node.description = uplink.description;
    node.name = ShortName(uplink.description);
  }
  if (node.FindPort(uplink.port) != nullptr) return;
  Port port;
  port.num = uplink.port;
  node.ports.insert(std::ranges::lower_bound(node.ports, port.num, {}, &Port::num), port);
}

const Uplink* UplinkOf(const HostPort& port) {
  return port.uplink && *port.uplink && (*port.uplink)->node != Guid{} ? &**port.uplink : nullptr;
}

void Connect(FabricSnapshot& fabric, const std::map<PortKey, Uplink>& cables) {
  for (Node& node : fabric.nodes) {
    for (Port& port : node.ports) {
      const auto cable = cables.find({node.guid, port.num});
      if (cable == cables.end()) continue;
      const auto far = std::ranges::lower_bound(fabric.nodes, cable->second.node, {}, &Node::guid);
      port.peer = Peer{static_cast<std::uint32_t>(far - fabric.nodes.begin()), cable->second.port};
    }
  }
}

// True when every counter that had counted stands lower: the device began anew.
bool Restarted(const CounterValues& before, const CounterValues& after) {
  int counting = 0, smaller = 0;
  for (const CounterSpec& spec : Counters()) {
    if (before.Get(spec.id).value_or(0) == 0 || !after.Has(spec.id)) continue;
    ++counting;
    smaller += after[spec.id] < before[spec.id] ? 1 : 0;
  }
  return counting > 0 && smaller == counting;
}

bool Full(const CounterValues& registers, const CounterSpec& spec) {
  if (registers.Saturated(spec.id)) return true;
  // sysfs reads the error counters from the narrow registers even where there are wider ones.
  const bool narrow = spec.group != CounterGroup::kTraffic && spec.narrow_bits > 0;
  return narrow && registers[spec.id] == (std::uint64_t{1} << spec.narrow_bits) - 1;
}

void TakeRegisters(HostPortMemory& memory, const HostPort& port) {
  memory.restarted = false;
  if (port.counters_answer != Answer::kAnswered) return;
  const CounterValues before = std::exchange(memory.registers, port.counters);
  memory.restarted = Restarted(before, port.counters);
  for (const CounterSpec& spec : Counters()) {
    if (!port.counters.Has(spec.id)) continue;
    memory.counted.Take(spec.id, port.counters[spec.id], before.Get(spec.id).value_or(0),
                        Full(port.counters, spec));
  }
}

}  // namespace

OwnPorts OwnPortsOf(const HostSnapshot& snapshot, const HostState& state) {
  OwnPorts own;
  std::map<Guid, Node> nodes;
  std::map<PortKey, Uplink> cables;
  for (const Hca& hca : snapshot.hcas) {
    const Guid guid = GuidOf(hca, snapshot);
    if (!own.hcas.emplace(guid, hca.name).second) continue;
    Node& node = nodes[guid];
    node.guid = guid;
    node.type = NodeType::kAdapter;
    node.name = hca.name;
    node.answer = Answer::kAnswered;
    for (const HostPort& port : hca.ports) {
      if (!port.IsInfiniBand() || node.FindPort(port.num) != nullptr) continue;
      const auto memory = state.ports.find({hca.name, port.num});
      const auto place = std::ranges::lower_bound(node.ports, port.num, {}, &Port::num);
      node.ports.insert(place, MakePort(port, memory == state.ports.end() ? nullptr : &memory->second));
      if (const Uplink* uplink = UplinkOf(port)) cables.emplace(PortKey{guid, port.num}, *uplink);
    }
  }
  for (const auto& [key, uplink] : cables) AddFarEnd(nodes, uplink);
  for (auto& [guid, node] : nodes) own.fabric.nodes.push_back(std::move(node));
  Connect(own.fabric, cables);
  SweepReport& sweep = own.fabric.sweep;
  sweep.number = snapshot.number;
  sweep.started_steady = snapshot.taken_steady;
  sweep.started = snapshot.taken;
  sweep.complete = snapshot.Saw(HostPart::kAdapters);
  return own;
}

void RememberRegisters(HostState& state, const HostSnapshot& snapshot, const Settings& settings) {
  if (!snapshot.Saw(HostPart::kAdapters)) return;
  for (auto& [name, memory] : state.ports) {
    if (const HostPort* port = snapshot.FindPort(name)) TakeRegisters(memory, *port);
  }
  const OwnPorts own = OwnPortsOf(snapshot, state);
  RememberPorts(state.own_ports, own.fabric, settings);
  // Of an adapter that went: what it counted ended with it.
  std::erase_if(state.own_ports.ports, [&](const auto& entry) {
    const Node* node = own.fabric.FindNode(entry.first.node);
    return node == nullptr || node->FindPort(entry.first.port) == nullptr;
  });
  state.own_ports.sweep = snapshot.number;
  state.own_ports.started = snapshot.taken_steady;
}

}  // namespace aftershock::rules

#include "build_fabric.h"

#include <algorithm>

namespace aftershock::tests {
namespace {

PortInfo ActiveEdr(Lid lid) {
  PortInfo info;
  info.lid = lid;
  info.sm_lid = Lid{1};
  info.width_active = 2;
  info.width_supported = info.width_enabled = 3;
  info.speed_active = LinkSpeed::kEdr;
  for (const LinkSpeed s :
       {LinkSpeed::kSdr, LinkSpeed::kDdr, LinkSpeed::kQdr, LinkSpeed::kFdr, LinkSpeed::kEdr}) {
    info.speed_supported.Add(s);
    info.speed_enabled.Add(s);
  }
  info.state = PortState::kActive;
  info.phys_state = PhysState::kLinkUp;
  info.mtu_supported = info.mtu_active = 5;
  return info;
}

void TakeSignalAway(Port& port) {
  port.info->phys_state = PhysState::kPolling;
  port.info->state = PortState::kDown;
  port.peer.reset();
}

Port MakePort(int num, Guid node, Lid lid) {
  Port port;
  port.num = static_cast<std::uint8_t>(num);
  port.guid = static_cast<Guid>(static_cast<std::uint64_t>(node) * 1000 + static_cast<unsigned>(num));
  port.info = ActiveEdr(lid);
  port.info_answer = port.counters_answer = Answer::kAnswered;
  for (const CounterSpec& spec : Counters()) port.counters.Set(spec.id, 0);
  if (num != 0) TakeSignalAway(port);
  return port;
}

}  // namespace

FabricBuilder::FabricBuilder() {
  sweep_.complete = sweep_.full = true;
  sm_ = {Lid{1}, Answer::kAnswered, SmInfo{Guid{1}, 1, 0, SmState::kMaster}};
}

Guid FabricBuilder::Add(const std::string& name, NodeType type, int ports) {
  const Guid guid{nodes_.size() + 1};
  Node& node = nodes_[guid];
  node.guid = guid;
  node.type = type;
  node.num_ports = static_cast<std::uint8_t>(ports);
  node.name = node.description = name;
  node.vendor_id = 0x2c9;
  node.device_id = type == NodeType::kSwitch ? 0xcf08 : 0x1017;
  node.answer = node.description_answer = node.pma_answer = Answer::kAnswered;
  node.switch_answer = type == NodeType::kSwitch ? Answer::kAnswered : Answer::kNotAsked;
  node.requests = 10;
  if (nodes_.size() > 1) node.route = {static_cast<std::uint8_t>(nodes_.size() % 250)};
  const bool is_switch = type == NodeType::kSwitch;
  const Lid switch_lid{next_lid_};
  if (is_switch) ++next_lid_;
  for (int num = is_switch ? 0 : 1; num <= ports; ++num) {
    node.ports.push_back(MakePort(num, guid, is_switch ? switch_lid : Lid{next_lid_++}));
  }
  return guid;
}

Guid FabricBuilder::AddSwitch(const std::string& name, int ports) {
  return Add(name, NodeType::kSwitch, ports);
}
Guid FabricBuilder::AddHost(const std::string& name, int ports) {
  return Add(name, NodeType::kAdapter, ports);
}

Node& FabricBuilder::At(Guid guid) {
  return nodes_.at(guid);
}
Port& FabricBuilder::At(Guid guid, int port) {
  return *At(guid).FindPort(static_cast<std::uint8_t>(port));
}

void FabricBuilder::Connect(Guid a, int a_port, Guid b, int b_port) {
  for (Port* port : {&At(a, a_port), &At(b, b_port)}) {
    port->info->phys_state = PhysState::kLinkUp;
    port->info->state = PortState::kActive;
  }
  cables_.push_back({{a, static_cast<std::uint8_t>(a_port)}, {b, static_cast<std::uint8_t>(b_port)}});
}

void FabricBuilder::Pull(Guid guid, int port) {
  const PortKey key{guid, static_cast<std::uint8_t>(port)};
  std::erase_if(cables_, [&](const Cable& cable) {
    if (cable.a != key && cable.b != key) return false;
    TakeSignalAway(At(cable.a.node, cable.a.port));
    TakeSignalAway(At(cable.b.node, cable.b.port));
    return true;
  });
}

void FabricBuilder::Remove(Guid guid) {
  for (const Port& port : At(guid).ports) Pull(guid, port.num);
  nodes_.erase(guid);
}

void FabricBuilder::Silence(Guid guid) {
  std::erase_if(cables_, [&](const Cable& cable) {
    if (cable.a.node != guid && cable.b.node != guid) return false;
    const PortKey& near = cable.a.node == guid ? cable.b : cable.a;
    At(near.node, near.port).peer_answer = Answer::kTimeout;
    return true;
  });
  nodes_.erase(guid);
}

FabricSnapshot FabricBuilder::Build() const {
  FabricSnapshot snapshot;
  snapshot.local = {"mlx5_0", 1, Guid{1001}, Lid{1}, Lid{1}};
  snapshot.sweep = sweep_;
  snapshot.sm = sm_;
  snapshot.sms = sms_;
  snapshot.sa = sa_;
  for (const auto& [guid, node] : nodes_) snapshot.nodes.push_back(node);
  const auto index = [&](Guid guid) {
    return static_cast<std::uint32_t>(std::distance(nodes_.begin(), nodes_.find(guid)));
  };
  for (const Cable& cable : cables_) {
    snapshot.nodes[index(cable.a.node)].FindPort(cable.a.port)->peer =
        Peer{index(cable.b.node), cable.b.port};
    snapshot.nodes[index(cable.b.node)].FindPort(cable.b.port)->peer =
        Peer{index(cable.a.node), cable.a.port};
  }
  snapshot.sweep.coverage = CountCoverage(snapshot);
  return snapshot;
}

FabricBuilder FatTree(int leaf_pairs, int hosts_per_pair) {
  FabricBuilder fabric;
  std::vector<Guid> hosts;
  for (int i = 0; i < leaf_pairs * hosts_per_pair; ++i)
    hosts.push_back(fabric.AddHost("host" + std::to_string(i), 2));
  const int leaf_ports = hosts_per_pair + 2;
  const Guid spines[] = {fabric.AddSwitch("spine0", 2 * leaf_pairs),
                         fabric.AddSwitch("spine1", 2 * leaf_pairs)};
  for (int pair = 0; pair < leaf_pairs; ++pair) {
    for (int side = 0; side < 2; ++side) {
      const int number = 2 * pair + side;
      const Guid leaf = fabric.AddSwitch("leaf" + std::to_string(number), leaf_ports);
      for (int h = 0; h < hosts_per_pair; ++h) {
        fabric.Connect(hosts[static_cast<std::size_t>(pair * hosts_per_pair + h)], side + 1, leaf, h + 1);
      }
      for (int s = 0; s < 2; ++s) fabric.Connect(leaf, hosts_per_pair + 1 + s, spines[s], number + 1);
    }
  }
  return fabric;
}

const std::vector<Finding>& Plane::Sweep(FabricSnapshot snapshot, Duration later) {
  steady_ += later;
  now_ += std::chrono::duration_cast<std::chrono::milliseconds>(later);
  snapshot.sweep.number = ++number_;
  snapshot.sweep.started_steady = steady_;
  for (Node& node : snapshot.nodes) {
    for (Port& port : node.ports) {
      if (port.info_answer == Answer::kAnswered) port.info_sweep = number_;
    }
  }
  auto judgement = rules::JudgeFabric(std::move(state_), snapshot, {now_, &settings_});
  state_ = std::move(judgement.state);
  findings_ = std::move(judgement.findings);
  verdict_ = judgement.verdict;
  return findings_;
}

std::vector<Finding> Of(const std::vector<Finding>& findings, std::string_view rule) {
  std::vector<Finding> some;
  std::ranges::copy_if(findings, std::back_inserter(some), [&](const Finding& f) { return f.rule == rule; });
  return some;
}

std::vector<Finding> Judged(const FabricBuilder& fabric, std::string_view rule) {
  Plane plane;
  return Of(plane.Sweep(fabric.Build()), rule);
}

void Count(Port& port, Counter counter, std::uint64_t more) {
  port.counters.Set(counter, port.counters.Get(counter).value_or(0) + more);
}

}  // namespace aftershock::tests

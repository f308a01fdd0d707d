#include "tests/fakes/fake_fabric.h"

#include <algorithm>
#include <utility>

namespace aftershock::fake {
namespace {

constexpr std::uint64_t kDefaultGidPrefix = 0xfe80000000000000;
constexpr std::uint8_t kMtu4096 = 5, kFourVls = 3;

SpeedSet UpTo(LinkSpeed speed) {
  SpeedSet set;
  for (const SpeedSpec& spec : kSpeeds) {
    if (spec.speed <= speed && spec.speed != LinkSpeed::kFdr10) set.Add(spec.speed);
  }
  return set;
}

// InfiniBand's usual port: 1x and 4x, nothing plugged in.
PortInfo EmptyPort() {
  PortInfo info;
  info.gid_prefix = kDefaultGidPrefix;
  info.capability_mask = kCapExtendedSpeeds | kCapHasMask2;
  info.capability_mask2 = kCap2ExtendedSpeeds2;
  info.width_supported = info.width_enabled = kWidth1x | kWidth4x;
  info.width_active = kWidth4x;
  info.speed_supported = info.speed_enabled = UpTo(LinkSpeed::kHdr);
  info.speed_active = LinkSpeed::kSdr;
  info.state = PortState::kDown;
  info.phys_state = PhysState::kPolling;
  info.mtu_supported = info.mtu_active = kMtu4096;
  info.vl_capability = info.operational_vls = kFourVls;
  return info;
}

void BringUp(FakePort& port, bool up) {
  port.unplugged = !up;
  port.info.state = up ? PortState::kActive : PortState::kDown;
  port.info.phys_state = up ? PhysState::kLinkUp : PhysState::kPolling;
}

std::uint16_t LidsOf(const FakePort& port) {
  return static_cast<std::uint16_t>(1u << port.info.lmc);
}

bool Has(const FakePort& port, Lid lid) {
  const auto base = static_cast<std::uint16_t>(port.info.lid), asked = static_cast<std::uint16_t>(lid);
  return base != 0 && asked >= base && asked - base < LidsOf(port);
}

}  // namespace

void FakeNode::ForgetWhatWasAsked() {
  asked.clear();
  requests = 0;
  peak_in_flight = in_flight;
}

FakeNode& FakeFabric::Add(NodeType type, Guid guid, std::uint8_t ports, std::string description) {
  FakeNode& node = nodes_.emplace_back();
  node.guid = node.system_image_guid = guid;
  node.type = type;
  node.description = std::move(description);
  node.pma.base_version = node.pma.class_version = 1;
  node.pma.capability_mask = kPmaExtendedWidth | kPmaXmitWait;
  node.pma.capability_mask2 = kPmaExtendedErrors;
  node.switch_info = {
      .linear_fdb_cap = 49152, .linear_fdb_top = 0, .multicast_fdb_cap = 16384, .lifetime_value = 18};
  for (unsigned i = 0; i <= ports; ++i) {
    const std::uint64_t offset = type == NodeType::kSwitch ? 0 : i;
    node.ports.push_back({
        .num = static_cast<std::uint8_t>(i),
        .guid = Guid{static_cast<std::uint64_t>(guid) + offset},
        .info = EmptyPort(),
    });
  }
  if (type == NodeType::kSwitch) BringUp(node.At(0), true);
  return node;
}

FakeNode& FakeFabric::AddSwitch(Guid guid, std::uint8_t ports, std::string description) {
  FakeNode& node = Add(NodeType::kSwitch, guid, ports, std::move(description));
  node.device_id = 0xd2f0;
  return node;
}

FakeNode& FakeFabric::AddAdapter(Guid guid, std::uint8_t ports, std::string description) {
  return Add(NodeType::kAdapter, guid, ports, std::move(description));
}

FakeNode& FakeFabric::AddRouter(Guid guid, std::uint8_t ports, std::string description) {
  return Add(NodeType::kRouter, guid, ports, std::move(description));
}

void FakeFabric::Cable(FakeNode& a, std::uint8_t port_a, FakeNode& b, std::uint8_t port_b, std::uint8_t width,
                       LinkSpeed speed) {
  a.At(port_a).peer = {&b, port_b};
  b.At(port_b).peer = {&a, port_a};
  for (FakePort* port : {&a.At(port_a), &b.At(port_b)}) {
    BringUp(*port, true);
    port->info.width_active = width;
    port->info.width_supported = port->info.width_enabled = static_cast<std::uint8_t>(width | kWidth1x);
    port->info.speed_supported = port->info.speed_enabled = UpTo(speed);
    port->info.speed_active = speed;
  }
  reached_stale_ = true;
}

void FakeFabric::Unplug(FakeNode& node, std::uint8_t port) {
  const FakeEnd far = node.At(port).peer;
  BringUp(node.At(port), false);
  node.switch_info.state_change = true;
  reached_stale_ = true;
  if (!far.node) return;
  BringUp(far.node->At(far.port), false);
  far.node->switch_info.state_change = true;
}

void FakeFabric::Plug(FakeNode& node, std::uint8_t port) {
  const FakeEnd far = node.At(port).peer;
  if (!far.node) return;
  BringUp(node.At(port), true);
  BringUp(far.node->At(far.port), true);
  reached_stale_ = true;
}

void FakeFabric::UnplugAll(FakeNode& node) {
  for (FakePort& port : node.ports) {
    if (port.peer.node) Unplug(node, port.num);
  }
}

void FakeFabric::AttachAt(FakeNode& node, std::uint8_t port) {
  local_ = {&node, port};
  reached_stale_ = true;
}

void FakeFabric::RunSm(FakeNode& sm, std::uint8_t sm_port) {
  unsigned next = 1;
  for (const FakeNode& node : nodes_) {
    for (const FakePort& port : node.ports) {
      if (port.info.lid != Lid{}) next = std::max(next, static_cast<unsigned>(port.info.lid) + LidsOf(port));
    }
  }
  const auto for_each_port = [this](const auto& visit) {
    for (FakeNode& node : nodes_) {
      for (FakePort& port : node.ports) {
        if (node.IsSwitch() ? port.num == 0 : port.Carries()) visit(port);
      }
    }
  };
  for_each_port([&](FakePort& port) {
    if (port.info.lid == Lid{}) port.info.lid = static_cast<Lid>(next++);
  });
  sm.sm = SmInfo{.guid = sm.At(sm_port).guid, .activity = 1, .priority = 0, .state = SmState::kMaster};
  sm.sa.emplace();
  for_each_port([&](FakePort& port) {
    port.info.sm_lid = sm.At(sm_port).info.lid;
    const Gid gid{port.info.gid_prefix, static_cast<std::uint64_t>(port.guid)};
    sm.sa->ports.insert(gid);
    sm.sa->lids[gid] = port.info.lid;
  });
  sm.At(sm_port).info.capability_mask |= kCapIsSm;
  Route();
}

void FakeFabric::Route() {
  std::uint16_t top = 0;
  for (FakeNode& to : nodes_) {
    for (const FakePort& port : to.ports) {
      if (port.info.lid == Lid{} || (to.IsSwitch() && port.num != 0)) continue;
      const auto first = static_cast<std::uint16_t>(port.info.lid);
      top = std::max(top, static_cast<std::uint16_t>(first + LidsOf(port) - 1));
      RouteTo(to, port, first);
    }
  }
  for (FakeNode& node : nodes_) {
    if (!node.IsSwitch()) continue;
    node.switch_info.linear_fdb_top = top;
    node.linear.resize(top + 1u, LinearTable::kNoExit);
  }
}

void FakeFabric::RouteTo(FakeNode& to, const FakePort& port, std::uint16_t first) {
  std::map<FakeNode*, std::uint8_t> exits;
  std::deque<FakeNode*> next;
  const auto reach = [&](const FakeEnd& end) {
    if (end.node == nullptr || !end.node->IsSwitch() || !exits.try_emplace(end.node, end.port).second) return;
    next.push_back(end.node);
  };
  if (to.IsSwitch()) {
    reach({&to, 0});
  } else if (port.Carries()) {
    reach(port.peer);
  }
  while (!next.empty()) {
    const FakeNode* at = next.front();
    next.pop_front();
    for (const FakePort& cabled : at->ports) {
      if (cabled.Carries()) reach(cabled.peer);
    }
  }
  for (const auto& [node, exit] : exits) {
    node->linear.resize(std::max<std::size_t>(node->linear.size(), first + LidsOf(port)),
                        LinearTable::kNoExit);
    std::fill_n(node->linear.begin() + first, LidsOf(port), exit);
  }
}

LocalPort FakeFabric::Local() const {
  const FakePort& port = local_.node->At(local_.port);
  return {.device = "fake0",
          .port = local_.port,
          .guid = port.guid,
          .lid = port.info.lid,
          .sm_lid = port.info.sm_lid};
}

FakeNode& FakeFabric::Find(Guid guid) {
  return *std::find_if(nodes_.begin(), nodes_.end(), [&](const FakeNode& node) { return node.guid == guid; });
}

FakeEnd FakeFabric::Walk(std::span<const std::uint8_t> exits) const {
  FakeEnd at = local_;
  for (std::size_t hop = 0; hop < exits.size(); ++hop) {
    const std::uint8_t exit = exits[hop];
    const bool leads_on =
        at.node->IsSwitch() ? hop == 0 || at.node->forwards : hop == 0 && exit == local_.port;
    if (!leads_on || exit == 0 || exit > at.node->num_ports() || !at.node->ports[exit].Carries()) return {};
    at = at.node->ports[exit].peer;
  }
  return at;
}

FakeEnd FakeFabric::ByLid(Lid lid) {
  if (const auto known = lids_.find(lid); known != lids_.end()) {
    if (Has(known->second.node->At(known->second.port), lid)) return known->second;
  }
  for (FakeNode& node : nodes_) {
    for (const FakePort& port : node.ports) {
      if (Has(port, lid)) return lids_[lid] = {&node, port.num};
    }
  }
  return {};
}

bool FakeFabric::Reaches(const FakeEnd& end) {
  if (std::exchange(reached_stale_, false)) {
    reached_ = {local_.node};
    for (std::vector<const FakeNode*> front{local_.node}; !front.empty();) {
      const FakeNode* node = front.back();
      front.pop_back();
      for (const FakePort& port : node->ports) {
        const bool leads_on = node->IsSwitch() || (node == local_.node && port.num == local_.port);
        if (!leads_on || !port.Carries() || !reached_.insert(port.peer.node).second) continue;
        front.push_back(port.peer.node);
      }
    }
  }
  const bool own = end.node == local_.node && end.port == local_.port;
  return own || (reached_.contains(end.node) && (end.port == 0 || end.node->At(end.port).Carries()));
}

FakeEnd FakeFabric::Target(const mad::RequestMad& mad) {
  if (const auto* route = std::get_if<mad::DirectedRoute>(&mad.address())) return Walk(route->exits());
  const FakeEnd end = ByLid(std::get<mad::LidAddress>(mad.address()).lid);
  return end.node && Reaches(end) ? end : FakeEnd{};
}

}  // namespace aftershock::fake

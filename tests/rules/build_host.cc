#include "build_host.h"

#include <algorithm>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

constexpr std::uint64_t kPrefix = 0xfe80000000000000;
constexpr std::uint8_t kMtu4096 = 5, kRate100 = 16;

Hca MakeHca(std::string_view name, std::uint64_t number, Guid uplink) {
  HostPort port;
  port.num = 1;
  port.guid = Guid{0x100 + number};
  port.link_layer = "InfiniBand";
  port.state = PortState::kActive;
  port.phys_state = PhysState::kLinkUp;
  port.lid = Lid{static_cast<std::uint16_t>(10 + number)};
  port.sm_lid = Lid{1};
  port.sm_sl = 0;
  port.rate_mbps = 100000;
  port.gid = Gid{kPrefix, 0x100 + number};
  port.p_keys = {0xffff};
  for (const CounterSpec& spec : Counters()) port.counters.Set(spec.id, 0);
  port.counters_answer = Answer::kAnswered;
  const bool a = uplink == kSwitchA;
  port.uplink = Uplink{uplink, static_cast<std::uint8_t>(7), NodeType::kSwitch, a ? "leafA" : "leafB"};
  Hca hca;
  hca.name = name;
  hca.node_guid = Guid{0x200 + number};
  hca.pci_address = "0000:3" + std::to_string(number) + ":00.0";
  hca.ports = {port};
  return hca;
}

IpoibLink MakeLink(int index, const std::string& name, std::string_view hca, std::uint64_t number,
                   std::uint16_t p_key) {
  IpoibLink link;
  link.index = index;
  link.name = name;
  link.hca_port = HcaPortName{std::string(hca), 1};
  link.p_key = p_key;
  link.mode = IpoibMode::kDatagram;
  link.mtu = 4092;
  link.flags = kFlagUp | kFlagRunning | kFlagLowerUp;
  link.oper_state = OperState::kUp;
  link.carrier = true;
  link.carrier_changes = 2;
  link.address = IpoibAddress{0x80, static_cast<std::uint32_t>(0x48 + index), {kPrefix, 0x100 + number}};
  link.broadcast_group = BroadcastGroup(p_key);
  link.statistics = LinkStatistics{};
  link.backlog = Backlog{};
  return link;
}

Membership MakeMember(const IpoibLink& link) {
  Membership member;
  member.link = link.index;
  member.interface = link.name;
  member.port = *link.hca_port;
  member.p_key = *link.p_key;
  member.group = *link.broadcast_group;
  member.port_gid = link.address->gid;
  member.answer = SaAnswer::kYes;
  member.record = GroupRecord{0xb1b, kMtu4096, kRate100, 0, *link.p_key, Lid{0xc001}};
  return member;
}

template <typename T>
void SetAsked(std::vector<T>& answers, SteadyTime now) {
  for (T& answer : answers) {
    if (!answer.asked && answer.answer != SaAnswer::kNotAsked) answer.asked = now;
  }
}

}  // namespace

HostBuilder::HostBuilder() {
  hostname = "node1";
  hcas = {MakeHca(kHcaA, 1, kSwitchA), MakeHca(kHcaB, 2, kSwitchB)};
  for (const Hca& hca : hcas) {
    pci_functions.push_back({hca.pci_address, 0x15b3, 0x1017, "mlx5_core"});
    sms.push_back(
        {{hca.name, 1}, Lid{1}, 0, SaAnswer::kYes, {}, SmInfo{Guid{1}, 1, 0, SmState::kMaster}, {}});
  }
  links = {MakeLink(10, "ib0", kHcaA, 1, 0xffff), MakeLink(11, "ib1", kHcaB, 2, 0xffff)};
  for (IpoibLink& link : links) {
    link.master = 20;
    memberships.push_back(MakeMember(link));
  }
  Bond bond;
  bond.index = 20;
  bond.name = "bond0";
  bond.mode = kBondActiveBackup;
  bond.miimon = 100;
  bond.arp_interval = 0;
  bond.fail_over_mac = 1;
  bond.active_leg = 10;
  bond.mtu = 4092;
  bond.flags = kFlagUp;
  bond.carrier = true;
  bond.legs = {{10, "ib0", true, MiiStatus::kUp, 0}, {11, "ib1", false, MiiStatus::kUp, 0}};
  bonds = {bond};
  for (std::size_t i = 0; i < kHostPartCount; ++i) {
    if (static_cast<HostPart>(i) != HostPart::kProbes) parts.push_back({static_cast<HostPart>(i), {}});
  }
}

Hca& HostBuilder::HcaNamed(std::string_view name) {
  return *std::ranges::find(hcas, name, &Hca::name);
}
IpoibLink& HostBuilder::Link(std::string_view name) {
  return *std::ranges::find(links, name, &IpoibLink::name);
}
Membership& HostBuilder::Member(std::string_view name) {
  return *std::ranges::find(memberships, name, &Membership::interface);
}
SmAnswer& HostBuilder::Sm(std::string_view hca) {
  return *std::ranges::find_if(sms, [&](const SmAnswer& sm) { return sm.port.device == hca; });
}
PartReport& HostBuilder::Part(HostPart part) {
  return *std::ranges::find(parts, part, &PartReport::part);
}

IpoibLink& HostBuilder::AddChild(std::uint16_t p_key) {
  IpoibLink child = MakeLink(30, "ib0.8001", kHcaA, 1, p_key);
  child.parent = 10;
  memberships.push_back(MakeMember(child));
  links.push_back(child);
  return links.back();
}

void HostBuilder::PullCable(std::string_view hca) {
  HostPort& port = PortOf(hca);
  port.state = PortState::kDown;
  port.phys_state = PhysState::kPolling;
  port.uplink.reset();
  port.rate_mbps.reset();
  for (IpoibLink& link : links) {
    if (link.hca_port->device == hca) link.carrier = false;
  }
  for (Bond& bond : bonds) {
    for (BondLeg& leg : bond.legs) {
      if (FindLink(leg.index)->hca_port->device == hca) leg.mii_status = MiiStatus::kDown;
    }
  }
}

void HostBuilder::Remove(std::string_view hca) {
  std::erase_if(sms, [&](const SmAnswer& sm) { return sm.port.device == hca; });
  std::erase_if(memberships, [&](const Membership& m) { return m.port.device == hca; });
  for (Bond& bond : bonds) {
    std::erase_if(bond.legs,
                  [&](const BondLeg& leg) { return FindLink(leg.index)->hca_port->device == hca; });
    bond.active_leg = bond.legs.empty() ? 0 : bond.legs[0].index;
  }
  std::erase_if(links, [&](const IpoibLink& link) { return link.hca_port->device == hca; });
  std::erase_if(pci_functions, [&](const PciFunction& f) { return f.address == HcaNamed(hca).pci_address; });
  std::erase_if(hcas, [&](const Hca& h) { return h.name == hca; });
}

void HostBuilder::Unbond() {
  bonds.clear();
  for (IpoibLink& link : links) link.master = 0;
}

void HostBuilder::FailOver() {
  TheBond().active_leg = TheBond().active_leg == 10 ? 11 : 10;
  for (BondLeg& leg : TheBond().legs) leg.active = leg.index == TheBond().active_leg;
}

void HostBuilder::Deny(HostPart part, Errc code) {
  Part(part).error = Error{code, "it may not be opened"};
}

HostEvent PortEvent(HostEventKind kind, std::string_view hca, std::uint8_t port) {
  HostEvent event;
  event.kind = kind;
  event.device = hca;
  event.port = port;
  return event;
}

HostEvent InterfaceEvent(HostEventKind kind, std::string_view interface) {
  HostEvent event;
  event.kind = kind;
  event.interface = interface;
  return event;
}

void Monitor::Happens(HostEvent event, Duration before_look) {
  pending_.emplace_back(std::move(event), before_look);
}

const std::vector<Finding>& Monitor::Look(HostSnapshot snapshot, Duration later) {
  steady_ += later;
  wall_ += std::chrono::duration_cast<std::chrono::milliseconds>(later);
  for (auto& [event, before] : pending_) {
    event.sequence = events_.size() + 1;
    event.at = steady_ - before;
    events_.push_back(std::move(event));
  }
  pending_.clear();
  snapshot.number = ++number_;
  snapshot.taken_steady = steady_;
  snapshot.taken = wall_;
  snapshot.events = events_;
  snapshot.events_seen = events_.size();
  SetAsked(snapshot.memberships, steady_);
  SetAsked(snapshot.sms, steady_);
  SetAsked(snapshot.paths, steady_);
  auto judgement = rules::JudgeHost(std::move(state_), snapshot, {wall_, &settings_});
  state_ = std::move(judgement.state);
  findings_ = std::move(judgement.findings);
  verdict_ = judgement.verdict;
  return findings_;
}

void Monitor::Restart() {
  number_ = 0;
  steady_ = SteadyTime{50s};
  events_.clear();
}

bool Monitor::Finds(std::string_view rule) const {
  return !Of(findings_, rule).empty();
}

std::vector<Finding> Judged(const HostBuilder& host, std::string_view rule, Settings settings) {
  Monitor monitor(std::move(settings));
  return Of(monitor.Look(host), rule);
}

}  // namespace aftershock::tests

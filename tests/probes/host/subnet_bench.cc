#include "subnet_bench.h"

#include <algorithm>

namespace aftershock::host {
namespace {

constexpr Duration kInterval = std::chrono::seconds(10);

class Lent final : public mad::Transport {
 public:
  explicit Lent(SubnetBenchPort& port) : port_(port) { ++port_.opened; }
  ~Lent() override { ++port_.closed; }
  Result<void> Send(const mad::RequestMad& mad, std::chrono::milliseconds timeout) override {
    return port_.fabric.Send(mad, timeout);
  }
  Result<bool> Receive(mad::Arrival& arrival, std::chrono::milliseconds wait) override {
    return port_.fabric.Receive(arrival, wait);
  }

 private:
  SubnetBenchPort& port_;
};

}  // namespace

SubnetBenchPort::SubnetBenchPort(fake::FakeClock& clock, const HcaPortName& port_name)
    : name(port_name), fabric(clock), tree(fake::BuildFatTree(fabric)) {
  fabric.AttachAt(*tree.hosts[1], 1);
}

Gid SubnetBenchPort::gid() const {
  const fake::FakePort& port = tree.hosts[1]->ports[1];
  return {.prefix = port.info.gid_prefix, .id = static_cast<std::uint64_t>(port.guid)};
}

SubnetBench::SubnetBench(Pace pace)
    : asker_(std::make_unique<SubnetAsker>([this](const HcaPortName& name) { return Open(name); }, clock,
                                           timeline, pace)) {}

Result<std::unique_ptr<mad::Transport>> SubnetBench::Open(const HcaPortName& name) {
  const auto port = std::ranges::find(ports, name, &SubnetBenchPort::name);
  if (port->open_error) return tl::unexpected(*port->open_error);
  return std::make_unique<Lent>(*port);
}

SubnetBenchPort& SubnetBench::AddPort() {
  const auto number = std::to_string(ports.size());
  SubnetBenchPort& bench = ports.emplace_back(clock, HcaPortName{.device = "mlx5_" + number, .port = 1});
  const fake::FakePort& fake = bench.tree.hosts[1]->ports[1];
  // The fabrics are alike; the ports are not the same.
  const Guid guid{static_cast<std::uint64_t>(fake.guid) + (ports.size() << 32)};
  HostPort port{.num = 1, .guid = guid, .link_layer = "InfiniBand", .state = PortState::kActive};
  port.sm_lid = fake.info.sm_lid;
  port.sm_sl = 0;
  port.gid = bench.gid();
  port.p_keys = {0xffff};
  Hca& hca = seen.hcas.emplace_back();
  hca.name = bench.name.device;
  hca.ports.push_back(std::move(port));
  AddChild(bench, 0xffff);
  return bench;
}

IpoibLink& SubnetBench::AddChild(SubnetBenchPort& port, std::uint16_t p_key) {
  IpoibLink& link = seen.links.emplace_back();
  link.index = static_cast<int>(seen.links.size());
  link.name = "ib" + std::to_string(link.index - 1);
  link.hca_port = port.name;
  link.p_key = p_key;
  link.flags = kFlagUp | kFlagRunning | kFlagLowerUp;
  link.carrier = true;
  link.address = IpoibAddress{.qpn = 0x48, .gid = port.gid()};
  link.broadcast_group = BroadcastGroup(p_key);
  port.sm().sa->Join(*link.broadcast_group, port.gid());
  return link;
}

Neighbour& SubnetBench::AddNeighbour(int link, const std::string& ip, const Gid& gid) {
  Neighbour& neighbour = seen.neighbours.emplace_back();
  neighbour.link = link;
  neighbour.interface = "ib" + std::to_string(link - 1);
  neighbour.ip = ip;
  neighbour.state = kNudReachable;
  neighbour.address = IpoibAddress{.qpn = 0x49, .gid = gid};
  return neighbour;
}

HostPort& SubnetBench::PortOf(const SubnetBenchPort& port) {
  return std::ranges::find(seen.hcas, port.name.device, &Hca::name)->ports.front();
}

SubnetAnswers SubnetBench::Look(Duration limit) {
  return asker_->Ask(seen, clock.Steady() + limit, {});
}

SubnetAnswers SubnetBench::LookFor(Duration time) {
  SubnetAnswers answers;
  for (const SteadyTime end = clock.Steady() + time; clock.Steady() < end;) {
    const SteadyTime next = clock.Steady() + kInterval;
    answers = Look();
    clock.AdvanceTo(next);
  }
  return answers;
}

void SubnetBench::Tell(HostEventKind kind, const SubnetBenchPort& port) {
  HostEvent event;
  event.kind = kind;
  event.device = port.name.device;
  event.port = port.name.port;
  timeline.Add(event);
}

}  // namespace aftershock::host

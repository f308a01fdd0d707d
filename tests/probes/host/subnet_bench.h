// What the tests of the questions to the subnet share: a host whose ports are each attached to a fabric of
// their own, in virtual time.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "probes/host/subnet.h"
#include "tests/fakes/fat_tree.h"

namespace aftershock::host {

// A port of the host on a small fabric. The SM runs on another host.
struct SubnetBenchPort {
  SubnetBenchPort(fake::FakeClock& clock, const HcaPortName& port_name);

  fake::FakeNode& leaf() { return *tree.leaves[0]; }
  fake::FakeNode& sm() { return *tree.hosts[0]; }
  std::uint64_t AskedSa(mad::Attribute record) { return sm().Asked(MadClass::kSa, record); }
  Gid gid() const;

  HcaPortName name;
  fake::FakeFabric fabric;
  fake::FatTree tree;
  int opened = 0, closed = 0;
  std::optional<Error> open_error;
};

class SubnetBench {
 public:
  explicit SubnetBench(Pace pace = Pace::kBudget);

  // "mlx5_0:1" with an interface "ib0" of the default partition that is a member of its group; "mlx5_1:1" …
  SubnetBenchPort& AddPort();
  // Another interface over the same port, a member too.
  IpoibLink& AddChild(SubnetBenchPort& port, std::uint16_t p_key);
  Neighbour& AddNeighbour(int link, const std::string& ip, const Gid& gid);

  HostPort& PortOf(const SubnetBenchPort& port);
  SubnetAnswers Look(Duration limit = std::chrono::seconds(10));
  // Looks every ten seconds.
  SubnetAnswers LookFor(Duration time);
  void Tell(HostEventKind kind, const SubnetBenchPort& port);

  fake::FakeClock clock;
  Timeline timeline{clock};
  std::deque<SubnetBenchPort> ports;
  HostSnapshot seen;

 private:
  Result<std::unique_ptr<mad::Transport>> Open(const HcaPortName& name);
  std::unique_ptr<SubnetAsker> asker_;
};

}  // namespace aftershock::host

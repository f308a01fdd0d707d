// Small fabrics for tests of rules, built a node and a cable at a time, and a plane that is swept again and
// again.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/fabric.h"
#include "rules/judge.h"

namespace aftershock::tests {

using namespace std::chrono_literals;

// Every port is EDR 4x, Active, answered, with counters that read zero, until a test says otherwise.
class FabricBuilder {
 public:
  FabricBuilder();

  // GUIDs count from 1 in the order of the calls. The first node is our own.
  Guid AddSwitch(const std::string& name, int ports = 8);
  Guid AddHost(const std::string& name, int ports = 1);
  void Connect(Guid a, int a_port, Guid b, int b_port);
  // Both ends lose their signal and the cable its peer.
  void Pull(Guid a, int port);
  // As it is after a node was switched off: it is no longer in the snapshot, its neighbours' ports are down.
  void Remove(Guid guid);
  // It is gone from the snapshot; its neighbours' ports still have a signal, and nothing behind them answers.
  void Silence(Guid guid);

  Node& At(Guid guid);
  Port& At(Guid guid, int port);
  SweepReport& sweep() { return sweep_; }
  SmView& sm() { return sm_; }
  std::vector<SmSeen>& sms() { return sms_; }
  SaView& sa() { return sa_; }

  // A complete sweep with every answer fresh.
  FabricSnapshot Build() const;

 private:
  Guid Add(const std::string& name, NodeType type, int ports);

  struct Cable {
    PortKey a, b;
  };
  std::map<Guid, Node> nodes_;
  std::vector<Cable> cables_;
  SweepReport sweep_;
  SmView sm_;
  std::vector<SmSeen> sms_;
  SaView sa_;
  std::uint16_t next_lid_ = 1;
};

// hosts_per_leaf hosts with two ports on two leaves of a pair each, two spines.
FabricBuilder FatTree(int leaf_pairs = 1, int hosts_per_pair = 4);

// Judges one snapshot after the other, a time apart, as a running monitor does.
class Plane {
 public:
  explicit Plane(Settings settings = {}) : settings_(std::move(settings)) {}
  // The sweep begins `later` after the last one and reads everything.
  const std::vector<Finding>& Sweep(FabricSnapshot snapshot, Duration later = 10s);

  const std::vector<Finding>& findings() const { return findings_; }
  Verdict verdict() const { return verdict_; }
  const FabricState& state() const { return state_; }
  WallTime now() const { return now_; }

 private:
  Settings settings_;
  FabricState state_;
  std::vector<Finding> findings_;
  Verdict verdict_ = Verdict::kUnknown;
  SteadyTime steady_{1000s};
  WallTime now_{std::chrono::hours(24 * 365 * 40)};
  std::uint32_t number_ = 0;
};

// The findings of one rule.
std::vector<Finding> Of(const std::vector<Finding>& findings, std::string_view rule);
// One sweep of an otherwise forgetful plane.
std::vector<Finding> Judged(const FabricBuilder& fabric, std::string_view rule);

void Count(Port& port, Counter counter, std::uint64_t more);

}  // namespace aftershock::tests

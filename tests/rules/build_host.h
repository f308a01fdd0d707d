// A small host for tests of its rules, and a monitor that looks at it again and again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/host.h"
#include "rules/host/judge_host.h"

namespace aftershock::tests {

using namespace std::chrono_literals;

inline constexpr Guid kSwitchA{0xa}, kSwitchB{0xb};
inline constexpr std::string_view kHcaA = "mlx5_0", kHcaB = "mlx5_1";

// Two adapters with one port each, EDR, Active, cabled to switches A and B; ib0 and ib1 over them (indices 10
// and 11, P_Key 0xffff, datagram, MTU 4092), the legs of bond0 (index 20), ib0 active. Everything was looked
// at and is well. A test changes what it wants of it.
struct HostBuilder : HostSnapshot {
  HostBuilder();

  Hca& HcaNamed(std::string_view name);
  HostPort& PortOf(std::string_view hca) { return HcaNamed(hca).ports.at(0); }
  IpoibLink& Link(std::string_view name);
  Membership& Member(std::string_view name);
  SmAnswer& Sm(std::string_view hca);
  Bond& TheBond() { return bonds.at(0); }
  PartReport& Part(HostPart part);

  // A P_Key child of ib0, index 30, over the same port; the SA knows it.
  IpoibLink& AddChild(std::uint16_t p_key);
  // As it is after its cable was pulled: port Down, no carrier at what runs over it.
  void PullCable(std::string_view hca);
  // The adapter, its interfaces and what was asked by it are gone.
  void Remove(std::string_view hca);
  // Without the bond; the interfaces stand alone.
  void Unbond();
  // The bond's other leg carries its traffic.
  void FailOver();
  void Deny(HostPart part, Errc code = Errc::kDenied);
};

HostEvent PortEvent(HostEventKind kind, std::string_view hca, std::uint8_t port = 1);
HostEvent InterfaceEvent(HostEventKind kind, std::string_view interface);

// Judges one look after the other, a time apart, as a running monitor does.
class Monitor {
 public:
  explicit Monitor(Settings settings = {}) : settings_(std::move(settings)) {}

  // It happens so long before the next look. In the order of time.
  void Happens(HostEvent event, Duration before_look = 1s);
  // Answers without a time are of this look.
  const std::vector<Finding>& Look(HostSnapshot snapshot, Duration later = 10s);
  // Another process begins, with the state that this one leaves.
  void Restart();

  const std::vector<Finding>& findings() const { return findings_; }
  bool Finds(std::string_view rule) const;
  Verdict verdict() const { return verdict_; }
  const HostState& state() const { return state_; }
  SteadyTime now() const { return steady_; }
  void SetWall(WallTime wall) { wall_ = wall; }

 private:
  Settings settings_;
  HostState state_;
  std::vector<Finding> findings_;
  std::vector<std::pair<HostEvent, Duration>> pending_;
  std::vector<HostEvent> events_;
  Verdict verdict_ = Verdict::kUnknown;
  SteadyTime steady_{100000s};
  WallTime wall_{std::chrono::hours(24 * 365 * 40)};
  std::uint32_t number_ = 0;
};

// The findings of one rule in one look at a host by a process that knows nothing else of it.
std::vector<Finding> Judged(const HostBuilder& host, std::string_view rule, Settings settings = {});

}  // namespace aftershock::tests

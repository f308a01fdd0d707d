// A subnet in memory, behind mad::Transport: nodes and cables that answer MADs, lose them or answer wrongly,
// in virtual time. Waiting for an arrival moves the clock; nothing sleeps.
//
//   FakeClock clock;
//   FakeFabric fabric(clock);
//   auto& leaf = fabric.AddSwitch(Guid{0x10}, 36, "leaf01");
//   auto& host = fabric.AddAdapter(Guid{0x20}, 1, "host1 HCA-1");
//   fabric.Cable(host, 1, leaf, 5);
//   fabric.AttachAt(host, 1);
//   fabric.RunSm(host, 1);
//   leaf.misbehaviours.push_back({.misdeed = Misdeed::kSilent, .percent = 30});
//
// A request with a method other than Get and GetTable is counted in `methods` and answered like any other:
// that there was none is for the test to claim.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "probes/mad/transport.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_node.h"

namespace aftershock::fake {

inline constexpr std::uint8_t kWidth1x = 1, kWidth4x = 2;

class FakeFabric final : public mad::Transport {
 public:
  explicit FakeFabric(FakeClock& clock) : clock_(clock) {}

  // References stay valid. Ports have no cable; a switch's LID is that of port 0.
  FakeNode& AddSwitch(Guid guid, std::uint8_t ports, std::string description);
  FakeNode& AddAdapter(Guid guid, std::uint8_t ports, std::string description);
  FakeNode& AddRouter(Guid guid, std::uint8_t ports, std::string description);

  // Both ends come up Active with what they support and enable.
  void Cable(FakeNode& a, std::uint8_t port_a, FakeNode& b, std::uint8_t port_b,
             std::uint8_t width = kWidth4x, LinkSpeed speed = LinkSpeed::kHdr);
  void Unplug(FakeNode& node, std::uint8_t port);
  void Plug(FakeNode& node, std::uint8_t port);
  void UnplugAll(FakeNode& node);

  // The port the transport goes out by; 0 on a switch.
  void AttachAt(FakeNode& node, std::uint8_t port);
  // A MASTER that has just given a LID to every port without one, and its own to all as SM LID, with an SA
  // that knows every port and no group. Routes too.
  void RunSm(FakeNode& node, std::uint8_t port);
  // Every switch's linear table by the fewest hops, and how far it is used.
  void Route();
  LocalPort Local() const;

  std::deque<FakeNode>& nodes() { return nodes_; }
  FakeNode& Find(Guid guid);  // REQUIRES: there is one

  Result<void> Send(const mad::RequestMad& mad, std::chrono::milliseconds timeout) override;
  Result<bool> Receive(mad::Arrival& arrival, std::chrono::milliseconds wait) override;

  // An arrival nobody asked for.
  void Inject(const mad::Arrival& arrival, Duration after = {});

  // How a request ends that nobody answers: the kernel's way, the simulator's, or the one of a MAD another
  // program ate.
  enum class Undelivered : std::uint8_t { kAfterTimeout, kAtOnce, kNever };
  Undelivered undelivered = Undelivered::kAfterTimeout;
  Duration latency = std::chrono::microseconds(100);
  std::optional<Error> send_error, receive_error;  // the local stack's
  // Called with every request before it takes effect: for a fabric that changes under a sweep.
  std::function<void(const mad::RequestMad&)> before_request;

  // What came by.
  std::map<std::uint8_t, std::uint64_t> methods;
  std::uint64_t requests = 0;
  std::array<std::uint32_t, kMadClassCount> in_flight{}, peak_in_flight{};
  mad::LidAddress last_address{};  // of a request by LID

 private:
  struct Event {
    SteadyTime due;
    std::uint64_t order = 0;
    bool settles = false;  // the request is no longer in flight
    bool arrives = true;
    FakeNode* node = nullptr;
    MadClass mad_class{};
    mad::Arrival arrival;
    bool operator>(const Event& other) const {
      return due != other.due ? due > other.due : order > other.order;
    }
  };
  struct Question {
    const mad::RequestMad& mad;
    std::chrono::milliseconds timeout;
    FakeNode* node;  // nullptr: leads nowhere
    MadClass mad_class;
  };

  FakeNode& Add(NodeType type, Guid guid, std::uint8_t ports, std::string description);
  void RouteTo(FakeNode& to, const FakePort& port, std::uint16_t first);
  FakeEnd Walk(std::span<const std::uint8_t> exits) const;
  FakeEnd ByLid(Lid lid);
  bool Reaches(const FakeEnd& end);
  FakeEnd Target(const mad::RequestMad& mad);
  void Count(FakeNode* node, const mad::RequestMad& mad);
  Misbehaviour* Choose(FakeNode& node, const mad::RequestMad& mad);

  void Deliver(const Question& question, mad::Arrival answer, Misbehaviour* misbehaviour);
  void Lose(const Question& question, bool settles);
  void Schedule(const Question& question, const mad::Arrival& arrival, Duration after, bool settles,
                bool arrives = true);

  FakeClock& clock_;
  std::deque<FakeNode> nodes_;
  FakeEnd local_;
  std::unordered_map<Lid, FakeEnd> lids_;  // where they were last found
  std::unordered_set<const FakeNode*> reached_;
  bool reached_stale_ = true;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t next_order_ = 0;
  std::mt19937 random_{20110314};
};

}  // namespace aftershock::fake

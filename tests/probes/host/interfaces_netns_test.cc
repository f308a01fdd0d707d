// The watch of interfaces on a real kernel: pairs of veth links in network namespaces of the test's own. What
// the kernel tells by itself and late, as carriers are, is waited for by reading again until it is there.
#define CATCH_CONFIG_RUNNER
#include <linux/neighbour.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <iostream>
#include <thread>

#include "namespace.h"
#include "probes/host/interfaces.h"

namespace aftershock::host {
namespace {

constexpr std::uint16_t kEthernet = 1;
constexpr int kSmallest = 1;  // octets; the kernel takes its least instead, less than two messages
constexpr int kSkipped = 77;

// A namespace with the pair v0 and v1, and a watch in it.
class Bench {
 public:
  explicit Bench(int receive_buffer = 0) : timeline_(clock_) {
    space.Enter();
    space.AddPair("v0", "v1");
    auto watch = WatchInterfaces(timeline_, {.link_type = kEthernet, .receive_buffer = receive_buffer});
    REQUIRE(watch);
    watch_ = std::move(*watch);
  }

  Interfaces Read() {
    auto read = watch_->Read();
    REQUIRE(read);
    return std::move(*read);
  }
  IpoibLink Find(const std::string& name) {
    const Interfaces all = Read();
    const auto found = std::find_if(all.links.begin(), all.links.end(),
                                    [&](const IpoibLink& link) { return link.name == name; });
    REQUIRE(found != all.links.end());
    return *found;
  }
  bool ComesTo(const std::function<bool()>& expected) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      Read();
      if (expected()) return true;
    }
    return false;
  }
  void BothUp() {
    space.SetUp("v0", true);
    space.SetUp("v1", true);
    REQUIRE(ComesTo([this] { return Count(HostEventKind::kCarrierUp, "v0") == 1; }));
  }

  std::uint64_t Count(HostEventKind kind, const std::string& interface) const {
    HostSnapshot snapshot;
    timeline_.CopyTo(snapshot);
    const auto found = snapshot.event_counts.find({kind, interface});
    return found != snapshot.event_counts.end() ? found->second : 0;
  }
  std::uint64_t Overruns() const { return Count(HostEventKind::kNetlinkOverrun, ""); }
  std::uint64_t Transitions(const std::string& interface) const {
    return Count(HostEventKind::kCarrierUp, interface) + Count(HostEventKind::kCarrierDown, interface);
  }
  // The events of one interface, and their details.
  std::vector<std::pair<HostEventKind, std::string>> Events(const std::string& interface) const {
    HostSnapshot snapshot;
    timeline_.CopyTo(snapshot);
    std::vector<std::pair<HostEventKind, std::string>> events;
    for (const HostEvent& event : snapshot.events) {
      if (event.interface == interface) events.emplace_back(event.kind, event.detail);
    }
    return events;
  }
  void EndWatch() { watch_.reset(); }

  Namespace space;

 private:
  SystemClock clock_;
  Timeline timeline_;
  std::unique_ptr<InterfaceWatch> watch_;
};

using Events = std::vector<std::pair<HostEventKind, std::string>>;

TEST_CASE("What is there at first is read, and not told", "[host][netns]") {
  Bench bench;
  const IpoibLink link = bench.Find("v0");
  CHECK(link.mtu == 1500);
  CHECK_FALSE(link.Up());
  CHECK_FALSE(link.address);
  CHECK(link.statistics);
  CHECK(bench.Events("v0").empty());
}

TEST_CASE("A link's life is told in its order, and each change once", "[host][netns]") {
  Bench bench;
  bench.space.AddPair("w0", "w1");
  bench.space.SetMtu("w0", 1400);
  bench.space.Rename("w0", "x0");
  bench.space.SetUp("x0", true);
  bench.space.SetUp("x0", false);
  bench.space.Delete("x0");
  bench.Read();
  CHECK(bench.Events("w0") ==
        Events{{HostEventKind::kLinkAdded, ""}, {HostEventKind::kSettingsChanged, "MTU 1500 -> 1400"}});
  CHECK(bench.Events("x0") == Events{{HostEventKind::kLinkRenamed, "w0"},
                                     {HostEventKind::kLinkUp, ""},
                                     {HostEventKind::kLinkDown, ""},
                                     {HostEventKind::kLinkRemoved, ""}});
}

TEST_CASE("A carrier that goes and comes is told", "[host][netns]") {
  Bench bench;
  bench.BothUp();
  bench.space.SetUp("v1", false);
  CHECK(bench.ComesTo([&] { return bench.Count(HostEventKind::kCarrierDown, "v0") == 1; }));
  CHECK_FALSE(bench.Find("v0").carrier);
  bench.space.SetUp("v1", true);
  CHECK(bench.ComesTo([&] { return bench.Count(HostEventKind::kCarrierUp, "v0") == 2; }));
  CHECK(bench.Find("v0").carrier);
}

TEST_CASE("Of two hundred flaps none is lost", "[host][netns]") {
  Bench bench;
  bench.BothUp();
  for (int i = 0; i < 200; ++i) {
    bench.space.SetUp("v1", false);
    bench.space.SetUp("v1", true);
  }
  CHECK(bench.ComesTo([&] { return bench.Count(HostEventKind::kCarrierUp, "v0") == 201; }));
  CHECK(bench.Count(HostEventKind::kCarrierDown, "v0") == 200);
}

TEST_CASE("A link that leaves for another namespace is moved, and is new when it comes back",
          "[host][netns]") {
  Bench bench;
  const Namespace other;
  bench.space.Move("v1", other);
  bench.Read();
  CHECK(bench.Count(HostEventKind::kLinkMoved, "v1") == 1);
  CHECK(bench.Count(HostEventKind::kLinkRemoved, "v1") == 0);
  other.Move("v1", bench.space);
  bench.Read();
  CHECK(bench.Count(HostEventKind::kLinkAdded, "v1") == 1);
}

TEST_CASE("A link whose parent lives in another namespace has no parent here", "[host][netns]") {
  Bench bench;
  const Namespace other;
  CHECK(bench.Find("v0").parent != 0);
  bench.space.Move("v1", other);
  CHECK(bench.Find("v0").parent == 0);
}

TEST_CASE("A link that is deleted elsewhere takes its peer away here", "[host][netns]") {
  Bench bench;
  const Namespace other;
  bench.space.Move("v1", other);
  other.Delete("v1");
  CHECK(bench.ComesTo([&] { return bench.Count(HostEventKind::kLinkRemoved, "v0") == 1; }));
}

TEST_CASE("A leg that a bridge lets go is released, and not removed", "[host][netns]") {
  Bench bench;
  if (!bench.space.AddBridge("br0")) {
    WARN("this kernel has no bridges");
    return;
  }
  bench.space.SetMaster("v0", "br0");
  bench.space.SetMaster("v0", "");
  bench.Read();
  CHECK(bench.Events("v0") == Events{{HostEventKind::kEnslaved, "br0"}, {HostEventKind::kReleased, "br0"}});
}

TEST_CASE("Neighbours come, change and go with each read", "[host][netns]") {
  Bench bench;
  bench.BothUp();
  const auto state = [&]() -> unsigned {
    const auto neighbours = bench.Read().neighbours;
    REQUIRE(neighbours);
    for (const Neighbour& n : *neighbours) {
      if (n.ip == "10.9.0.2" && n.interface == "v0") return n.state;
    }
    return 0;
  };
  CHECK(state() == 0);
  bench.space.SetNeighbour("v0", "10.9.0.2", NUD_PERMANENT);
  CHECK(state() == kNudPermanent);
  bench.space.SetNeighbour("v0", "10.9.0.2", NUD_STALE);
  CHECK(state() == kNudStale);
  bench.space.DeleteNeighbour("v0", "10.9.0.2");
  CHECK((state() == 0 || state() == kNudFailed));
}

TEST_CASE("A neighbour that was confirmed says when", "[host][netns]") {
  Bench bench;
  bench.BothUp();
  bench.space.SetNeighbour("v0", "10.9.0.2", NUD_REACHABLE);
  const auto neighbours = bench.Read().neighbours;
  REQUIRE(neighbours);
  const auto found = std::find_if(neighbours->begin(), neighbours->end(),
                                  [](const Neighbour& n) { return n.ip == "10.9.0.2"; });
  REQUIRE(found != neighbours->end());
  CHECK(found->confirmed_ago);
}

TEST_CASE("An overrun is told, and what still stands after it too", "[host][netns]") {
  Bench bench(kSmallest);
  for (unsigned i = 0; bench.Overruns() == 0 && i < 100'000; ++i) bench.space.SetMtu("v0", 1400 + i % 2);
  REQUIRE(bench.Overruns() > 0);
  bench.space.Rename("v0", "end");
  CHECK(bench.ComesTo([&] { return bench.Count(HostEventKind::kLinkRenamed, "end") == 1; }));
  bench.space.Delete("v1");
  CHECK(bench.ComesTo([&] {
    return bench.Count(HostEventKind::kLinkRemoved, "end") == 1 &&
           bench.Count(HostEventKind::kLinkRemoved, "v1") == 1;
  }));
}

TEST_CASE("Overruns lose no flap", "[host][netns]") {
  Bench bench(kSmallest);
  bench.BothUp();
  unsigned flaps = 0;
  while (flaps < 100 || (bench.Overruns() == 0 && flaps < 100'000)) {
    bench.space.SetUp("v1", false);
    bench.space.SetUp("v1", true);
    ++flaps;
  }
  REQUIRE(bench.Overruns() > 0);
  CHECK(bench.ComesTo([&] { return bench.Count(HostEventKind::kCarrierUp, "v0") == flaps + 1; }));
  CHECK(bench.Count(HostEventKind::kCarrierDown, "v0") == flaps);
}

TEST_CASE("Reads beside the events tell no change twice", "[host][netns]") {
  Bench bench;
  bench.BothUp();
  std::atomic<bool> done{false};
  std::thread flapper([&] {
    for (int i = 0; i < 100; ++i) {
      bench.space.SetUp("v1", false);
      bench.space.SetUp("v1", true);
    }
    done = true;
  });
  while (!done) bench.Read();
  flapper.join();
  CHECK(bench.ComesTo([&] { return bench.Transitions("v0") >= 201; }));
  bench.Read();
  CHECK(bench.Transitions("v0") == 201);
  CHECK(bench.Count(HostEventKind::kLinkUp, "v1") == 101);
  CHECK(bench.Count(HostEventKind::kLinkDown, "v1") == 100);
}

TEST_CASE("A watch that has ended tells nothing any more", "[host][netns]") {
  Bench bench;
  bench.EndWatch();
  bench.space.Delete("v0");
  CHECK(bench.Events("v0").empty());
}

}  // namespace
}  // namespace aftershock::host

int main(int argc, char** argv) {
  const std::string why_not = aftershock::host::Namespace::WhyNot();
  if (!why_not.empty()) {
    std::cerr << "skipped: " << why_not << '\n';
    return aftershock::host::kSkipped;
  }
  return Catch::Session().run(argc, argv);
}

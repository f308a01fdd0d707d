#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

HostBuilder Queue(std::uint64_t sent, std::uint64_t waiting) {
  HostBuilder host;
  host.Link("ib0").statistics->tx_packets = sent;
  host.Link("ib0").backlog->packets = waiting;
  return host;
}

bool Stalled(const Monitor& monitor) {
  return monitor.Finds("ipoib-tx-stalled");
}

TEST_CASE("A queue that fills while nothing leaves is found within two looks two seconds apart",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Queue(1000, 5));
  CHECK_FALSE(Stalled(monitor));
  monitor.Look(Queue(1000, 9), 2s);
  REQUIRE(Stalled(monitor));
  const Finding found = Of(monitor.findings(), "ipoib-tx-stalled")[0];
  CHECK(found.severity == Severity::kCritical);
  CHECK(found.summary == "ib0 over mlx5_0 port 1 has carrier, and nothing leaves its queue");
}

TEST_CASE("A queue that is full and moves is busy, an empty one that stands still is idle",
          "[rules][host][unit]") {
  Monitor busy, idle;
  for (std::uint64_t i = 0; i < 10; ++i) {
    CHECK(busy.Look(Queue(1000 + i, 500)).empty());
    CHECK(idle.Look(Queue(1000, 0)).empty());
  }
}

TEST_CASE("A packet that waits at one look and is gone at the next is no stall", "[rules][host][unit]") {
  Monitor monitor;
  for (int i = 0; i < 10; ++i) monitor.Look(Queue(1000, i % 2 == 0 ? 1 : 0));
  CHECK_FALSE(Stalled(monitor));
}

TEST_CASE("A stalled queue is well only after it has moved for a while", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Queue(1000, 5));
  monitor.Look(Queue(1000, 5));
  monitor.Look(Queue(1001, 5), 5s);
  CHECK(Stalled(monitor));
  monitor.Look(Queue(1002, 5), 5s);
  monitor.Look(Queue(1003, 0), 6s);
  CHECK_FALSE(Stalled(monitor));
}

TEST_CASE("A queue without carrier waits for that", "[rules][host][unit]") {
  auto host = Queue(1000, 5);
  host.Link("ib0").carrier = false;
  Monitor monitor;
  for (int i = 0; i < 3; ++i) monitor.Look(host);
  CHECK_FALSE(Stalled(monitor));
}

TEST_CASE("The kernel's word of a timeout with nothing sent since is a stall", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Queue(1000, 0));
  monitor.Happens(InterfaceEvent(HostEventKind::kTransmitTimeout, "ib0"));
  monitor.Look(Queue(1000, 0));
  CHECK(Stalled(monitor));
}

TEST_CASE("A timeout that the queue recovered from is none", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Queue(1000, 0));
  monitor.Happens(InterfaceEvent(HostEventKind::kTransmitTimeout, "ib0"));
  monitor.Look(Queue(1100, 0));
  monitor.Look(Queue(1100, 0));
  CHECK_FALSE(Stalled(monitor));
}

TEST_CASE("Without a backlog to read the counts alone are no stall", "[rules][host][unit]") {
  auto host = Queue(1000, 5);
  host.Link("ib0").backlog.reset();
  Monitor monitor;
  for (int i = 0; i < 3; ++i) CHECK(monitor.Look(host).empty());
}

// 10.0.0.2 at GID …:0900, QPN 0x77, as ib0's neighbour table has it.
HostBuilder WithNeighbour(std::uint16_t state = kNudReachable) {
  HostBuilder host;
  host.neighbours.push_back(
      {10, "ib0", "10.0.0.2", state, IpoibAddress{0x80, 0x77, {0xfe80000000000000, 0x900}}, {}});
  return host;
}

void Answer(HostBuilder& host, SaAnswer answer) {
  host.paths.push_back({10, "ib0", "10.0.0.2", host.neighbours[0].address->gid, answer, 0x0300, {}, {}});
}

TEST_CASE("A neighbour whose GID the SA does not know is a warning", "[rules][host][unit]") {
  auto host = WithNeighbour();
  Answer(host, SaAnswer::kNo);
  const auto found = Judged(host, "ipoib-neighbour-stale");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary == "ib0 sends to where 10.0.0.2 is not");
}

TEST_CASE("A stale entry that nobody uses is a note", "[rules][host][unit]") {
  auto host = WithNeighbour(kNudStale);
  Answer(host, SaAnswer::kNo);
  const auto found = Judged(host, "ipoib-neighbour-stale");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
}

TEST_CASE("A neighbour that the SA knows, or that has another GID by now, is no finding",
          "[rules][host][unit]") {
  auto host = WithNeighbour();
  SECTION("known") {
    Answer(host, SaAnswer::kYes);
  }
  SECTION("another GID") {
    Answer(host, SaAnswer::kNo);
    host.neighbours[0].address->gid.id = 0x901;
  }
  SECTION("failed") {
    Answer(host, SaAnswer::kNo);
    host.neighbours[0].state = kNudFailed;
  }
  CHECK(Judged(host, "ipoib-neighbour-stale").empty());
}

TEST_CASE("The SA is believed about neighbours only once an SM change has settled", "[rules][host][unit]") {
  auto host = WithNeighbour();
  Answer(host, SaAnswer::kNo);
  Monitor monitor;
  monitor.Happens(PortEvent(HostEventKind::kSmChange, kHcaA));
  CHECK(monitor.Look(host).empty());
  CHECK(Of(monitor.Look(host, 30s), "ipoib-neighbour-stale").size() == 1);
}

TEST_CASE("A QPN that an ARP packet contradicts at two looks is stale", "[rules][host][unit]") {
  auto host = WithNeighbour();
  auto address = *host.neighbours[0].address;
  address.qpn = 0x78;
  host.sightings.push_back({"ib0", "10.0.0.2", address});
  Monitor monitor;
  CHECK(monitor.Look(host).empty());
  const auto found = Of(monitor.Look(host, 2s), "ipoib-neighbour-stale");
  REQUIRE(found.size() == 1);
  CHECK(found[0].evidence.at(0).name == "10.0.0.2");
}

TEST_CASE("A probe's reply over a leg is compared with the bond's neighbour", "[rules][host][unit]") {
  auto host = WithNeighbour();
  host.neighbours[0].link = 20;
  host.neighbours[0].interface = "bond0";
  auto address = *host.neighbours[0].address;
  address.gid.id = 0x901;
  ProbeResult probe;
  probe.peer = "10.0.0.2";
  probe.interface = "ib1";
  probe.sent = probe.answered = 1;
  probe.address = address;
  host.probes.push_back(probe);
  Monitor monitor;
  monitor.Look(host);
  CHECK(Of(monitor.Look(host), "ipoib-neighbour-stale").at(0).subject == Subject::Bond("bond0"));
}

TEST_CASE("An address that is as the kernel has it, or another interface's, is no finding",
          "[rules][host][unit]") {
  auto host = WithNeighbour();
  host.sightings.push_back({"ib0", "10.0.0.2", *host.neighbours[0].address});
  host.sightings.push_back({"ib1", "10.0.0.2", {}});
  Monitor monitor;
  monitor.Look(host);
  CHECK(monitor.Look(host).empty());
}

}  // namespace
}  // namespace aftershock::tests

#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

// The carrier is lost for so long, some seconds before the next look.
void Flap(Monitor& monitor, Duration lost, Duration before = 5s) {
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, "ib0"), before);
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierUp, "ib0"), before - lost);
}

bool Flapping(const Monitor& monitor) {
  return monitor.Finds("ipoib-flapping");
}

TEST_CASE("A carrier that is lost three times within twelve hours flaps, and clears after them",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(Flapping(monitor));
    Flap(monitor, 1s);
    monitor.Look(HostBuilder(), 1h);
  }
  const auto found = Of(monitor.findings(), "ipoib-flapping");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "ib0 over mlx5_0 port 1 lost its carrier 3 times in the last 12 h");
  monitor.Look(HostBuilder(), 11h);
  CHECK_FALSE(Flapping(monitor));
}

TEST_CASE("A carrier that heals by itself within milliseconds does not flap, however often",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  for (int i = 0; i < 100; ++i) {
    Flap(monitor, 27ms);
    CHECK(monitor.Look(HostBuilder(), 60s).empty());
  }
}

TEST_CASE("A carrier that stays away is one flap, counted once", "[rules][host][unit]") {
  Monitor monitor;
  HostBuilder lost;
  lost.Link("ib0").carrier = false;
  monitor.Look(HostBuilder());
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, "ib0"));
  for (int i = 0; i < 5; ++i) monitor.Look(lost);
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierUp, "ib0"));
  monitor.Look(HostBuilder());
  CHECK(monitor.state().links.at("ib0").flaps.size() == 1);
}

TEST_CASE("A carrier that an administrator takes away does not flap", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  for (int i = 0; i < 5; ++i) {
    const bool down_first = i % 2 == 0;
    if (down_first) monitor.Happens(InterfaceEvent(HostEventKind::kLinkDown, "ib0"), 5s);
    monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, "ib0"), 5s);
    if (!down_first) monitor.Happens(InterfaceEvent(HostEventKind::kLinkDown, "ib0"), 5s);
    monitor.Happens(InterfaceEvent(HostEventKind::kCarrierUp, "ib0"), 1s);
    monitor.Look(HostBuilder(), 60s);
  }
  CHECK_FALSE(Flapping(monitor));
}

TEST_CASE("Flaps whose events were lost are counted by the kernel", "[rules][host][unit]") {
  HostBuilder host;
  Monitor monitor;
  monitor.Look(host);
  host.Link("ib0").carrier_changes = 2 + 2 * 3;
  monitor.Happens(InterfaceEvent(HostEventKind::kNetlinkOverrun, ""));
  CHECK(Of(monitor.Look(host), "ipoib-flapping").size() == 1);
}

TEST_CASE("An interface that is renamed keeps its history", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  Flap(monitor, 1s);
  monitor.Look(HostBuilder());
  HostEvent renamed = InterfaceEvent(HostEventKind::kLinkRenamed, "storage0");
  renamed.detail = "ib0";
  monitor.Happens(renamed);
  HostBuilder host;
  host.Link("ib0").name = "storage0";
  monitor.Look(host);
  CHECK(monitor.state().links.at("storage0").flaps.size() == 1);
}

TEST_CASE("A child that flaps with its parent is folded under it", "[rules][host][unit]") {
  HostBuilder host;
  host.AddChild(0x8001);
  Monitor monitor;
  monitor.Look(host);
  for (int i = 0; i < 3; ++i) {
    for (const char* name : {"ib0", "ib0.8001"}) {
      monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, name), 5s);
      monitor.Happens(InterfaceEvent(HostEventKind::kCarrierUp, name), 4s);
    }
    monitor.Look(host, 60s);
  }
  const auto found = Of(monitor.findings(), "ipoib-flapping");
  REQUIRE(found.size() == 2);
  CHECK(found[1].because == "ipoib-flapping interface:ib0");
}

}  // namespace
}  // namespace aftershock::tests

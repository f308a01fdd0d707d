#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

HostBuilder Without(std::string_view hca) {
  HostBuilder host;
  host.Remove(hca);
  return host;
}

TEST_CASE("A removed adapter is one finding, with its bond's leg under it, and clears when it is back",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Happens(PortEvent(HostEventKind::kDeviceFatal, kHcaB, 0));
  monitor.Happens(PortEvent(HostEventKind::kHcaRemoved, kHcaB, 0));
  CHECK_FALSE(Of(monitor.Look(Without(kHcaB)), "hca-removed").size() == 1);  // it may be a restart
  monitor.Look(Without(kHcaB));
  const auto removed = Of(monitor.findings(), "hca-removed");
  REQUIRE(removed.size() == 1);
  CHECK(ToString(removed[0].subject) == "host:0x0000000000000202");
  CHECK(Of(monitor.findings(), "bond-degraded").at(0).because == Key(removed[0]));
  CHECK(Of(monitor.findings(), "hca-event-burst").at(0).because == Key(removed[0]));
  CHECK(monitor.verdict() == Verdict::kCritical);
  monitor.Happens(PortEvent(HostEventKind::kHcaAdded, kHcaB, 0));
  monitor.Look(HostBuilder());
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("An adapter that was renamed is still there", "[rules][host][unit]") {
  HostBuilder renamed;
  renamed.HcaNamed(kHcaB).name = "ibp59s0";
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Look(renamed);
  monitor.Look(renamed);
  CHECK_FALSE(monitor.Finds("hca-removed"));
}

TEST_CASE("An adapter given to a virtual machine is a note", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  Monitor monitor;
  monitor.Look(host);
  host.Remove(kHcaB);
  host.pci_functions.push_back({"0000:32:00.0", 0x15b3, 0x1017, "vfio-pci"});
  monitor.Look(host);
  CHECK(Of(monitor.findings(), "hca-removed").at(0).severity == Severity::kNote);
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("Adapters that could not be looked at are not removed", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  HostBuilder blind;
  blind.hcas.clear();
  blind.Deny(HostPart::kAdapters);
  monitor.Look(blind);
  CHECK_FALSE(monitor.Finds("hca-removed"));
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

TEST_CASE("A function without a driver is a warning, an expected adapter that is missing critical",
          "[rules][host][unit]") {
  HostBuilder host;
  host.pci_functions[1].driver.clear();
  CHECK(Judged(host, "hca-missing").at(0).severity == Severity::kWarning);
  Settings settings;
  settings.host.hcas = {"mlx5_0", "mlx5_7"};
  const auto found = Judged({}, "hca-missing", settings);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject == Subject::Hca("mlx5_7"));
  CHECK(found[0].severity == Severity::kCritical);
}

TEST_CASE("A driver that was taken from an adapter is the removal's consequence", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  auto host = Without(kHcaB);
  host.pci_functions.push_back({"0000:32:00.0", 0x15b3, 0x1017, {}});
  monitor.Look(host);
  CHECK(Of(monitor.findings(), "hca-missing").at(0).because == "hca-removed host:0x0000000000000202");
}

TEST_CASE("An adapter that an earlier process saw is missed", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Restart();
  HostBuilder host;
  host.Unbond();
  host.Remove(kHcaB);
  monitor.Look(host);
  CHECK(monitor.Finds("hca-missing"));
  CHECK_FALSE(monitor.Finds("hca-removed"));
}

TEST_CASE("Another process forgets what it cannot know, and reports nothing of it", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Restart();
  HostBuilder host;
  host.PortOf(kHcaA).sm_lid = Lid{7};
  for (SmAnswer& sm : host.sms) sm.lid = *host.PortOf(sm.port.device).sm_lid;
  for (int i = 0; i < 3; ++i) CHECK(monitor.Look(host).empty());
}

TEST_CASE("More events of a kind than the limit are a burst; as many are none", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  for (int i = 0; i < 20; ++i) monitor.Happens(PortEvent(HostEventKind::kSmChange, kHcaA), 300s);
  monitor.Look(HostBuilder(), 300s);
  CHECK_FALSE(monitor.Finds("hca-event-burst"));
  monitor.Happens(PortEvent(HostEventKind::kSmChange, kHcaA));
  const auto found = Of(monitor.Look(HostBuilder()), "hca-event-burst");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "Adapter mlx5_0 had 21 SM_CHANGE events at port 1 in 10 min");
  CHECK(found[0].severity == Severity::kWarning);
  monitor.Look(HostBuilder(), 700s);
  CHECK_FALSE(monitor.Finds("hca-event-burst"));
}

TEST_CASE("A DEVICE_FATAL of an adapter that is still there is critical", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Happens(PortEvent(HostEventKind::kDeviceFatal, kHcaA, 0));
  monitor.Look(HostBuilder());
  CHECK(monitor.Finds("hca-event-burst"));
  CHECK(monitor.verdict() == Verdict::kCritical);
}

TEST_CASE("A port that an interface needs is a warning when it is down, the last one critical",
          "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  host.PullCable(kHcaA);
  CHECK(Judged(host, "host-port-down").at(0).severity == Severity::kWarning);
  CHECK(Judged(host, "host-port-down").at(0).summary == "mlx5_0 port 1, needed by ib0, is in state Down");
  host.PullCable(kHcaB);
  CHECK(Judged(host, "host-port-down").at(0).severity == Severity::kCritical);
}

TEST_CASE("A port that nothing needs may be down, unless it was Active before", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  auto up = host;
  up.links.pop_back();
  up.memberships.pop_back();
  auto down = host;
  down.PullCable(kHcaB);
  down.links.pop_back();
  down.memberships.pop_back();
  CHECK(Judged(down, "host-port-down").empty());
  Monitor monitor;
  monitor.Look(up);
  CHECK(Of(monitor.Look(down), "host-port-down").size() == 1);
}

TEST_CASE("Ports of Ethernet are not judged", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  host.links.clear();
  host.memberships.clear();
  host.sms.clear();
  host.pci_functions.clear();
  for (Hca& hca : host.hcas) {
    hca.ports[0].link_layer = "Ethernet";
    hca.ports[0].state = PortState::kDown;
    hca.ports[0].counters_answer = Answer::kError;
  }
  for (const HostPart part : {HostPart::kSm, HostPart::kSa, HostPart::kCabling})
    host.Deny(part, Errc::kAbsent);
  Monitor monitor;
  for (int i = 0; i < 2; ++i) CHECK(monitor.Look(host).empty());
}

HostBuilder Counting(Counter counter, std::uint64_t value) {
  HostBuilder host;
  host.PortOf(kHcaA).counters.Set(counter, value);
  return host;
}

TEST_CASE("Errors of an own port are judged as the fabric's are, and named with the far end",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Counting(Counter::kSymbolErrors, 100));
  const auto found = Of(monitor.Look(Counting(Counter::kSymbolErrors, 104)), "port-counters");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(ToString(found[0].subject) == "link:0x0000000000000201/1");
  CHECK(found[0].summary == "mlx5_0 port 1 to leafA port 7: SymbolErrorCounter rose by 4 in 10 s");
}

TEST_CASE("What the registers held at the first look is history", "[rules][host][unit]") {
  Monitor monitor;
  for (int i = 0; i < 3; ++i) CHECK(monitor.Look(Counting(Counter::kSymbolErrors, 5000)).empty());
}

TEST_CASE("A full register is a note and says nothing more", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Counting(Counter::kLinkDowned, 250));
  monitor.Look(Counting(Counter::kLinkDowned, 255));
  const auto found = Of(monitor.findings(), "port-counters");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("A cleared register is a note, and its reading no rate", "[rules][host][unit]") {
  auto first = Counting(Counter::kSymbolErrors, 5000);
  auto second = Counting(Counter::kSymbolErrors, 4000);
  first.PortOf(kHcaA).counters.Set(Counter::kXmitDiscards, 3);
  second.PortOf(kHcaA).counters.Set(Counter::kXmitDiscards, 3);
  Monitor monitor;
  monitor.Look(first);
  monitor.Look(second);
  CHECK(Of(monitor.findings(), "port-counters").at(0).severity == Severity::kNote);
  CHECK(monitor.Look(second).empty());
}

TEST_CASE("Two reasons at one port are one finding", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  auto host = Counting(Counter::kSymbolErrors, 9);
  host.PortOf(kHcaA).counters.Set(Counter::kXmitDiscards, 300);
  CHECK(Of(monitor.Look(host), "port-counters").at(0).summary ==
        "mlx5_0 port 1 to leafA port 7: SymbolErrorCounter rose by 9 in 10 s; PortXmitDiscards rose by 300 "
        "in 10 s");
}

TEST_CASE("An adapter that returns begins its counters anew", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(Counting(Counter::kSymbolErrors, 500));
  monitor.Look(Without(kHcaA));
  monitor.Look(Counting(Counter::kSymbolErrors, 100));
  CHECK_FALSE(monitor.Finds("port-counters"));
}

}  // namespace
}  // namespace aftershock::tests

#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

HostBuilder Pulled(std::string_view hca) {
  HostBuilder host;
  host.PullCable(hca);
  return host;
}

TEST_CASE("A bond that lost a leg to its cable is one finding, the cable's", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Look(Pulled(kHcaB));
  const std::string cable = "host-port-down link:0x0000000000000202/1";
  for (const char* rule : {"bond-degraded", "bond-standby-dead", "bond-one-switch"}) {
    CAPTURE(rule);
    REQUIRE(Of(monitor.findings(), rule).size() == 1);
    CHECK(Of(monitor.findings(), rule)[0].because == cable);
  }
  CHECK(monitor.verdict() == Verdict::kWarning);
  CHECK(monitor.Look(HostBuilder()).empty());
}

TEST_CASE("A bond names the leg that does not work", "[rules][host][unit]") {
  const auto found = Judged(Pulled(kHcaB), "bond-degraded");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "bond0 has 1 of 2 legs: ib1 has no carrier");
  CHECK(found[0].severity == Severity::kWarning);
}

TEST_CASE("A bond without any leg that works is critical", "[rules][host][unit]") {
  auto host = Pulled(kHcaA);
  host.PullCable(kHcaB);
  Monitor monitor;
  monitor.Look(host);
  CHECK(Of(monitor.findings(), "bond-degraded").at(0).severity == Severity::kCritical);
  CHECK(monitor.verdict() == Verdict::kCritical);
}

TEST_CASE("A leg that is taken down by hand still leaves the bond with one less", "[rules][host][unit]") {
  HostBuilder host;
  host.Link("ib1").flags = 0;
  host.Link("ib1").carrier = false;
  CHECK(Judged(host, "bond-degraded").at(0).summary == "bond0 has 1 of 2 legs: ib1 is administratively down");
}

TEST_CASE("A leg that is no leg any more is missed", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  HostBuilder host;
  host.TheBond().legs.pop_back();
  host.Link("ib1").master = 0;
  CHECK(Of(monitor.Look(host), "bond-degraded").at(0).summary ==
        "bond0 has 1 of 2 legs: ib1 is no leg of it any more");
}

TEST_CASE("A leg that is renamed is the same leg", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  HostBuilder host;
  for (const char* name : {"storage1", "ib1"}) {
    CAPTURE(name);
    host.TheBond().legs[1].name = host.links[1].name = name;
    monitor.Look(host);
    CHECK_FALSE(monitor.Finds("bond-degraded"));
  }
}

TEST_CASE("A leg that comes back from a hot plug by another name is the same leg", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  HostBuilder gone;
  gone.Remove(kHcaB);
  monitor.Look(gone);
  CHECK(monitor.Finds("bond-degraded"));
  HostBuilder back;
  back.TheBond().legs[1].name = back.links[1].name = "storage1";
  monitor.Look(back);
  CHECK_FALSE(monitor.Finds("bond-degraded"));
}

TEST_CASE("A bond that is down by hand, or whose leg is down for a moment, is no finding",
          "[rules][host][unit]") {
  auto host = Pulled(kHcaB);
  Monitor monitor;
  SECTION("by hand") {
    host.TheBond().flags = 0;
    monitor.Look(host);
    CHECK_FALSE(monitor.Finds("bond-degraded"));
  }
  SECTION("for a moment") {
    monitor.Look(HostBuilder());
    monitor.Happens(PortEvent(HostEventKind::kPortErr, kHcaB), 100ms);
    CHECK(monitor.Look(host).empty());
    monitor.Happens(PortEvent(HostEventKind::kPortActive, kHcaB), 9s);
    CHECK(monitor.Look(HostBuilder()).empty());
  }
}

TEST_CASE("Two legs at one switch are a note where nobody says two", "[rules][host][unit]") {
  HostBuilder host;
  host.PortOf(kHcaB).uplink = host.PortOf(kHcaA).uplink;
  Monitor monitor;
  monitor.Look(host);
  REQUIRE(Of(monitor.findings(), "bond-one-switch").size() == 1);
  CHECK(monitor.findings()[0].severity == Severity::kNote);
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("Two legs at one switch are a warning where two are expected or were seen", "[rules][host][unit]") {
  HostBuilder host;
  host.PortOf(kHcaB).uplink = host.PortOf(kHcaA).uplink;
  Settings settings;
  SECTION("expected") {
    settings.host.bond_switches["bond0"] = 2;
    CHECK(Judged(host, "bond-one-switch", settings).at(0).severity == Severity::kWarning);
  }
  SECTION("seen") {
    Monitor monitor;
    monitor.Look(HostBuilder());
    monitor.Look(host);
    CHECK(monitor.verdict() == Verdict::kWarning);
    CHECK(monitor.Look(HostBuilder()).empty());
  }
}

TEST_CASE("A cable that leads nobody knows where is UNKNOWN where two switches are expected",
          "[rules][host][unit]") {
  HostBuilder host;
  host.PortOf(kHcaB).uplink = Fail(Errc::kTimeout, "no answer");
  Settings settings;
  CHECK(Judged(host, "bond-one-switch", settings).empty());
  settings.host.bond_switches["bond0"] = 2;
  CHECK(Judged(host, "bond-one-switch", settings).at(0).unknown);
}

TEST_CASE("An expected bond that is not there is missed", "[rules][host][unit]") {
  Settings settings;
  settings.host.bond_switches["bond7"] = 2;
  CHECK(Judged({}, "bond-one-switch", settings).at(0).subject == Subject::Bond("bond7"));
}

TEST_CASE("A standby leg that is no member is folded under its membership", "[rules][host][unit]") {
  HostBuilder host;
  host.Member("ib1").answer = SaAnswer::kNo;
  Monitor monitor;
  monitor.Look(host);
  CHECK(Of(monitor.findings(), "bond-standby-dead").at(0).because == "ipoib-not-member interface:ib1");
  CHECK(monitor.verdict() == Verdict::kCritical);
}

// ARP requests to 10.0.0.9 over both legs; so many answers.
HostBuilder Probed(std::uint32_t by_active, std::uint32_t by_standby) {
  HostBuilder host;
  for (const auto& [leg, answered] : {std::pair{"ib0", by_active}, std::pair{"ib1", by_standby}}) {
    ProbeResult probe;
    probe.peer = "10.0.0.9";
    probe.interface = leg;
    probe.sent = 4;
    probe.answered = answered;
    host.probes.push_back(probe);
  }
  return host;
}

TEST_CASE("A standby leg whose probes are lost cannot take over, whatever its carrier says",
          "[rules][host][unit]") {
  const auto found = Judged(Probed(4, 0), "bond-standby-dead");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary ==
        "ib1 over mlx5_1 port 1 would take over for bond0 and cannot: it got no answer to 4 "
        "arp broadcast requests to 10.0.0.9");
}

TEST_CASE("Probes that are answered, or by nobody, say nothing of the standby leg", "[rules][host][unit]") {
  CHECK(Judged(Probed(4, 1), "bond-standby-dead").empty());
  CHECK(Judged(Probed(0, 0), "bond-standby-dead").empty());
}

TEST_CASE("Legs of a bond that uses all of them are no standby", "[rules][host][unit]") {
  auto host = Probed(4, 0);
  host.TheBond().mode = 0;
  CHECK(Judged(host, "bond-standby-dead").empty());
}

TEST_CASE("A bond that watches its legs by nothing is told", "[rules][host][unit]") {
  HostBuilder host;
  host.TheBond().miimon = 0;
  CHECK(Judged(host, "bond-settings").size() == 1);
  host.TheBond().arp_interval = 500;
  CHECK(Judged(host, "bond-settings").empty());
  host.TheBond().arp_interval.reset();
  CHECK(Judged(host, "bond-settings").empty());
}

TEST_CASE("A failover that leaves both legs well is no finding", "[rules][host][unit]") {
  HostBuilder host;
  Monitor monitor;
  monitor.Look(host);
  host.FailOver();
  monitor.Happens(InterfaceEvent(HostEventKind::kLegActive, "ib1"));
  CHECK(monitor.Look(host).empty());
}

}  // namespace
}  // namespace aftershock::tests

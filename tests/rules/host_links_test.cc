#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

HostBuilder NotMember(std::string_view interface) {
  HostBuilder host;
  host.Member(interface).answer = SaAnswer::kNo;
  host.Member(interface).status = 0x0300;
  host.Member(interface).record.reset();
  return host;
}

TEST_CASE("A healthy host is OK and has nothing to say", "[rules][host][unit]") {
  Monitor monitor;
  for (int i = 0; i < 5; ++i) CHECK(monitor.Look(HostBuilder()).empty());
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("An interface that the SA does not know as a member is critical at the first look",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(NotMember("ib0"));
  const auto found = Of(monitor.findings(), "ipoib-not-member");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(ToString(found[0].subject) == "interface:ib0");
  CHECK(found[0].summary ==
        "ib0 over mlx5_0 port 1 has carrier, and the SA does not know it as a member of its broadcast group");
  CHECK(monitor.verdict() == Verdict::kCritical);
}

TEST_CASE("A P_Key child is judged by its own group", "[rules][host][unit]") {
  HostBuilder host;
  host.AddChild(0x8001);
  host.Member("ib0.8001").answer = SaAnswer::kNo;
  const auto found = Judged(host, "ipoib-not-member");
  REQUIRE(found.size() == 1);
  CHECK(ToString(found[0].subject) == "interface:ib0.8001");
}

TEST_CASE("While a join may be under way no membership is missed", "[rules][host][unit]") {
  const auto kind = GENERATE(HostEventKind::kClientReregister, HostEventKind::kSmChange,
                             HostEventKind::kPortActive, HostEventKind::kLidChange);
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Happens(PortEvent(kind, kHcaA), 5s);
  CHECK(monitor.Look(NotMember("ib0")).empty());
  CHECK(monitor.Look(NotMember("ib1"), 1s).size() > 0);  // the other port had no such event
}

TEST_CASE("An answer from before the event does not become true by waiting", "[rules][host][unit]") {
  Monitor monitor;
  auto host = NotMember("ib0");
  monitor.Look(HostBuilder());
  host.Member("ib0").asked = monitor.now() + 1s;
  monitor.Happens(PortEvent(HostEventKind::kClientReregister, kHcaA), 5s);
  for (int i = 0; i < 10; ++i) monitor.Look(host);
  CHECK_FALSE(monitor.Finds("ipoib-not-member"));
}

TEST_CASE("A membership that is still missing once all is quiet is found, and clears with the next yes",
          "[rules][host][unit]") {
  Monitor monitor;
  monitor.Happens(PortEvent(HostEventKind::kClientReregister, kHcaA), 5s);
  monitor.Look(NotMember("ib0"));
  monitor.Look(NotMember("ib0"), 30s);
  CHECK(monitor.Finds("ipoib-not-member"));
  CHECK(monitor.Look(HostBuilder()).empty());
}

TEST_CASE("A membership that stays away under a storm of events is found all the same",
          "[rules][host][unit]") {
  Monitor monitor;
  for (int i = 0; i < 4; ++i) {
    monitor.Happens(PortEvent(HostEventKind::kClientReregister, kHcaA));
    monitor.Look(NotMember("ib0"));
  }
  CHECK(monitor.Finds("ipoib-not-member"));
}

TEST_CASE("An event does not take a standing finding away before the SA was asked again",
          "[rules][host][unit]") {
  Monitor monitor;
  auto host = NotMember("ib0");
  monitor.Look(host);
  host.Member("ib0").asked = monitor.now();
  monitor.Happens(PortEvent(HostEventKind::kClientReregister, kHcaA));
  monitor.Look(host);
  CHECK(monitor.Finds("ipoib-not-member"));
}

TEST_CASE("An interface without carrier or down is not asked for its membership", "[rules][host][unit]") {
  auto host = NotMember("ib0");
  host.Unbond();
  host.Link("ib0").flags = 0;
  host.Link("ib0").carrier = false;
  CHECK(Judged(host, "ipoib-not-member").empty());
}

TEST_CASE("No carrier on an Active port is critical", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  host.Link("ib0").carrier = false;
  const auto found = Judged(host, "ipoib-no-carrier");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary == "ib0 over mlx5_0 port 1 has no carrier although its port is Active");
}

TEST_CASE("An interface that is administratively down is no fault", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  host.Link("ib0").flags = 0;
  host.Link("ib0").carrier = false;
  Monitor monitor;
  CHECK(monitor.Look(host).empty());
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("A carrier that was lost just now is waited for", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  Monitor monitor;
  monitor.Look(host);
  auto lost = host;
  lost.Link("ib0").carrier = false;
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, "ib0"), 10ms);
  CHECK(monitor.Look(lost).empty());
  CHECK(Of(monitor.Look(lost), "ipoib-no-carrier").size() == 1);
  CHECK(monitor.Look(host).empty());
}

TEST_CASE("Without carrier the port's state is what matters", "[rules][host][unit]") {
  HostBuilder host;
  host.PullCable(kHcaA);
  CHECK(Judged(host, "ipoib-no-carrier").empty());
}

TEST_CASE("A port below the group's rate is a warning while it is still a member", "[rules][host][unit]") {
  HostBuilder host;
  host.PortOf(kHcaA).rate_mbps = 25000;
  const auto found = Judged(host, "ipoib-rate-below-group");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary ==
        "ib0 over mlx5_0 port 1 runs at 25 Gb/s, below the 100 Gb/s of its broadcast group");
}

TEST_CASE("A port refused for its rate is compared with the group as another member knows it",
          "[rules][host][unit]") {
  auto host = NotMember("ib0");
  host.PortOf(kHcaA).rate_mbps = 25000;
  host.Link("ib0").carrier = false;
  Monitor monitor;
  const auto& findings = monitor.Look(host);
  const auto slow = Of(findings, "ipoib-rate-below-group");
  REQUIRE(slow.size() == 1);
  CHECK(slow[0].severity == Severity::kCritical);  // of the carrier that it costs
  CHECK(Of(findings, "ipoib-no-carrier").at(0).because == "ipoib-rate-below-group interface:ib0");
}

TEST_CASE("A group that the SA told of earlier is remembered", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  Monitor monitor;
  monitor.Look(host);
  for (Membership& member : host.memberships) member.record.reset();
  host.PortOf(kHcaA).rate_mbps = 25000;
  CHECK(Of(monitor.Look(host), "ipoib-rate-below-group").size() == 1);
}

TEST_CASE("A rate as the group's, above it, or unknown is no finding", "[rules][host][unit]") {
  HostBuilder host;
  const auto rate = GENERATE(std::optional<std::uint32_t>(100000), std::optional<std::uint32_t>(400000),
                             std::optional<std::uint32_t>());
  host.PortOf(kHcaA).rate_mbps = rate;
  CHECK(Judged(host, "ipoib-rate-below-group").empty());
}

TEST_CASE("A group with a rate code that nobody knows is not compared", "[rules][host][unit]") {
  HostBuilder host;
  host.Member("ib0").record->rate = 63;
  host.Member("ib0").record->mtu = 15;
  CHECK(Judged(host, "ipoib-rate-below-group").empty());
  CHECK(Judged(host, "ipoib-mtu-mismatch").empty());
}

TEST_CASE("Datagrams larger than the group carries are a warning", "[rules][host][unit]") {
  HostBuilder host;
  host.Member("ib0").record->mtu = 4;
  const auto found = Judged(host, "ipoib-mtu-mismatch");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary ==
        "ib0 over mlx5_0 port 1 sends up to 4092 octets, and its broadcast group carries 2044");
}

TEST_CASE("Connected mode may send more than its group carries", "[rules][host][unit]") {
  HostBuilder host;
  host.Link("ib0").mode = IpoibMode::kConnected;
  host.Link("ib0").mtu = 65520;
  CHECK(Judged(host, "ipoib-mtu-mismatch").empty());
}

TEST_CASE("An MTU that is exactly the group's less four fits", "[rules][host][unit]") {
  HostBuilder host;
  host.Member("ib0").record->mtu = 4;
  host.Link("ib0").mtu = 2044;
  CHECK(Judged(host, "ipoib-mtu-mismatch").empty());
}

TEST_CASE("Settings that changed since the interface was first up are told until they are back",
          "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  Monitor monitor;
  monitor.Look(host);
  auto changed = host;
  changed.Link("ib0").mode = IpoibMode::kConnected;
  changed.Link("ib0").mtu = 2044;
  const auto found = Of(monitor.Look(changed), "ipoib-settings-changed");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary ==
        "ib0 over mlx5_0 port 1 runs with mode connected instead of datagram, MTU 2044 instead "
        "of 4092 as it was at first");
  CHECK(monitor.Look(host).empty());
}

TEST_CASE("An interface that comes back from a hot plug with other settings is told", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  Monitor monitor;
  monitor.Look(host);
  auto gone = host;
  gone.Remove(kHcaB);
  monitor.Look(gone);
  host.Link("ib1").mtu = 2044;
  host.Link("ib1").index = 40;
  host.Member("ib1").link = 40;
  CHECK(Of(monitor.Look(host), "ipoib-settings-changed").size() == 1);
}

TEST_CASE("Legs of a bond that differ are told at the first look", "[rules][host][unit]") {
  HostBuilder host;
  host.Link("ib1").p_key = 0x8001;
  const auto found = Judged(host, "ipoib-settings-changed");
  REQUIRE(found.size() == 1);
  CHECK(ToString(found[0].subject) == "bond:bond0");
}

TEST_CASE("An interface is known by its settings once it is up, not by a driver's defaults",
          "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  auto fresh = host;
  fresh.Link("ib0").flags = 0;
  fresh.Link("ib0").carrier = false;
  fresh.Link("ib0").mtu = 2044;
  Monitor monitor;
  monitor.Look(fresh);
  monitor.Look(host);
  CHECK_FALSE(monitor.Finds("ipoib-settings-changed"));
  host.Link("ib0").mtu = 2044;
  monitor.Look(host);
  CHECK(monitor.Finds("ipoib-settings-changed"));
  host.Link("ib0").flags = 0;
  host.Link("ib0").carrier = false;
  monitor.Look(host);
  CHECK_FALSE(monitor.Finds("ipoib-settings-changed"));
}

TEST_CASE("Settings of interfaces that are no legs may differ", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  host.Link("ib1").mtu = 2044;
  CHECK(Judged(host, "ipoib-settings-changed").empty());
}

}  // namespace
}  // namespace aftershock::tests

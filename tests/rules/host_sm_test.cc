#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

HostBuilder SmAt(std::uint16_t lid, std::uint8_t sl = 0) {
  HostBuilder host;
  for (const std::string_view hca : {kHcaA, kHcaB}) {
    host.PortOf(hca).sm_lid = Lid{lid};
    host.PortOf(hca).sm_sl = sl;
    host.Sm(hca).lid = Lid{lid};
  }
  return host;
}

bool Stale(const Monitor& monitor) {
  return monitor.Finds("ipoib-sm-stale");
}

TEST_CASE("An SM LID that changes without an event is critical until one comes", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Look(SmAt(5));
  CHECK_FALSE(Stale(monitor));  // the event may still be on its way
  monitor.Look(SmAt(5), 2s);
  REQUIRE(Of(monitor.findings(), "ipoib-sm-stale").size() == 2);
  const Finding found = Of(monitor.findings(), "ipoib-sm-stale")[0];
  CHECK(found.severity == Severity::kCritical);
  CHECK(found.summary ==
        "The subnet manager of mlx5_0 port 1 moved from LID 1 SL 0 to LID 5 SL 0, and no event told the "
        "kernel");
  for (int i = 0; i < 100; ++i) monitor.Look(SmAt(5));
  CHECK(Stale(monitor));
  for (const auto hca : {kHcaA, kHcaB}) monitor.Happens(PortEvent(HostEventKind::kClientReregister, hca));
  CHECK(monitor.Look(SmAt(5)).empty());
}

TEST_CASE("A change of the SL alone counts as well", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Look(SmAt(1, 3));
  monitor.Look(SmAt(1, 3));
  CHECK(Stale(monitor));
}

TEST_CASE("Any of the events that renew the kernel's way makes the change known", "[rules][host][unit]") {
  const auto kind =
      GENERATE(HostEventKind::kPortErr, HostEventKind::kPortActive, HostEventKind::kLidChange,
               HostEventKind::kPkeyChange, HostEventKind::kSmChange, HostEventKind::kClientReregister);
  Monitor monitor;
  monitor.Look(HostBuilder());
  for (const auto hca : {kHcaA, kHcaB}) monitor.Happens(PortEvent(kind, hca));
  monitor.Look(SmAt(5));
  monitor.Look(SmAt(5));
  CHECK_FALSE(Stale(monitor));
}

TEST_CASE("An event of another port or kind renews nothing", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Happens(PortEvent(HostEventKind::kGidChange, kHcaA));
  monitor.Happens(PortEvent(HostEventKind::kSmChange, kHcaA, 2));
  monitor.Happens(PortEvent(HostEventKind::kSmChange, kHcaB));
  monitor.Look(SmAt(5));
  monitor.Look(SmAt(5));
  CHECK(Of(monitor.findings(), "ipoib-sm-stale").size() == 1);
}

TEST_CASE("An event from well before the change renews nothing", "[rules][host][unit]") {
  Monitor monitor;
  for (const auto hca : {kHcaA, kHcaB}) monitor.Happens(PortEvent(HostEventKind::kSmChange, hca), 5s);
  monitor.Look(HostBuilder());
  monitor.Look(SmAt(5));
  monitor.Look(SmAt(5));
  CHECK(Stale(monitor));
}

TEST_CASE("The first look only remembers where the SM is", "[rules][host][unit]") {
  Monitor monitor;
  for (int i = 0; i < 3; ++i) CHECK(monitor.Look(SmAt(5)).empty());
}

TEST_CASE("An SM that goes back to where it was is where the kernel looks for it", "[rules][host][unit]") {
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Look(SmAt(5));
  monitor.Look(SmAt(5));
  CHECK(monitor.Look(HostBuilder()).empty());
}

TEST_CASE("Where events are not received nothing is said of the kernel's way", "[rules][host][unit]") {
  Monitor monitor;
  auto blind = SmAt(5);
  blind.Deny(HostPart::kEvents);
  monitor.Look(HostBuilder());
  monitor.Look(blind);
  monitor.Look(blind);
  CHECK_FALSE(Stale(monitor));
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

TEST_CASE("An SM that is silent makes the host UNKNOWN and says what is not known", "[rules][host][unit]") {
  HostBuilder host;
  host.Sm(kHcaA).answer = SaAnswer::kTimeout;
  host.Member("ib0").answer = SaAnswer::kTimeout;
  Monitor monitor;
  monitor.Look(host);
  const auto found = Of(monitor.findings(), "sa-silent");
  REQUIRE(found.size() == 1);
  CHECK(found[0].unknown);
  CHECK(found[0].summary.find("whether ib0 is a member of its broadcast group") != std::string::npos);
  CHECK(monitor.verdict() == Verdict::kUnknown);
  CHECK(monitor.Look(HostBuilder()).empty());
}

TEST_CASE("Refused, failed, unasked and outdated are all unknown", "[rules][host][unit]") {
  HostBuilder host;
  Monitor monitor;
  SECTION("refused") {
    host.Member("ib0").answer = SaAnswer::kRefused;
  }
  SECTION("failed") {
    host.Member("ib0").answer = SaAnswer::kError;
  }
  SECTION("not asked") {
    host.Member("ib0").answer = SaAnswer::kNotAsked;
  }
  SECTION("not there") {
    host.memberships.clear();
  }
  SECTION("no SM asked") {
    host.sms.clear();
  }
  SECTION("about another group") {
    host.Member("ib0").group = BroadcastGroup(0x8002);
  }
  SECTION("about another GID") {
    host.Member("ib0").port_gid.id = 99;
  }
  SECTION("outdated") {
    host.Member("ib0").asked = monitor.now() - 2h;
  }
  SECTION("a neighbour's path") {
    host.paths.push_back({10, "ib0", "10.0.0.2", {}, SaAnswer::kTimeout, 0, {}, {}});
  }
  monitor.Look(host);
  CHECK(monitor.Finds("sa-silent"));
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

TEST_CASE("After an event the questions of a port have their turn before an answer is missed",
          "[rules][host][unit]") {
  HostBuilder host;
  host.Member("ib0").answer = SaAnswer::kNotAsked;
  Monitor monitor;
  monitor.Look(HostBuilder());
  monitor.Happens(PortEvent(HostEventKind::kPortActive, kHcaA));
  for (int i = 0; i < 10; ++i) CHECK(monitor.Look(host).empty());
  monitor.Look(host, 120s);
  CHECK(monitor.Finds("sa-silent"));
}

TEST_CASE("After a manager moved without an event the questions of a port have their turn, too",
          "[rules][host][unit]") {
  auto host = SmAt(5);
  for (SmAnswer& sm : host.sms) sm.answer = SaAnswer::kNotAsked;
  Monitor monitor;
  monitor.Look(HostBuilder());
  for (int i = 0; i < 10; ++i) {
    monitor.Look(host);
    CHECK_FALSE(monitor.Finds("sa-silent"));
  }
  CHECK(Stale(monitor));
  monitor.Look(host, 120s);
  CHECK(monitor.Finds("sa-silent"));
}

TEST_CASE("An answer some minutes old still counts", "[rules][host][unit]") {
  HostBuilder host;
  Monitor monitor;
  host.Member("ib0").asked = monitor.now() - 8min;
  CHECK(monitor.Look(host).empty());
}

TEST_CASE("A port that is down is not asked through, and nothing of the SA is missed",
          "[rules][host][unit]") {
  HostBuilder host;
  host.PullCable(kHcaA);
  host.Member("ib0").answer = SaAnswer::kTimeout;
  host.Sm(kHcaA).answer = SaAnswer::kNotAsked;
  CHECK(Judged(host, "sa-silent").empty());
}

TEST_CASE("One silent SM is one finding, whichever port asks", "[rules][host][unit]") {
  HostBuilder host;
  for (SmAnswer& sm : host.sms) sm.answer = SaAnswer::kTimeout;
  const auto found = Judged(host, "sa-silent");
  REQUIRE(found.size() == 2);
  CHECK_FALSE(found[0].because);
  CHECK(found[1].because == Key(found[0]));
}

TEST_CASE("A carrier lost to a silent SA is folded under it, and weighs as much", "[rules][host][unit]") {
  HostBuilder host;
  host.Unbond();
  host.Link("ib0").carrier = false;
  host.Sm(kHcaA).answer = SaAnswer::kTimeout;
  Monitor monitor;
  monitor.Look(host);
  CHECK(Of(monitor.findings(), "ipoib-no-carrier").at(0).because == "sa-silent link:0x0000000000000201/1");
  CHECK(monitor.verdict() == Verdict::kCritical);
}

TEST_CASE("What answers as no master is critical", "[rules][host][unit]") {
  HostBuilder host;
  host.Sm(kHcaA).info->state = SmState::kStandby;
  const auto found = Judged(host, "ipoib-sm-not-master");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
}

TEST_CASE("A handover is given time, and an answer from the old place is none", "[rules][host][unit]") {
  HostBuilder host;
  host.Sm(kHcaA).info->state = SmState::kStandby;
  Monitor monitor;
  monitor.Happens(PortEvent(HostEventKind::kSmChange, kHcaA));
  CHECK(monitor.Look(host).empty());
  host.Sm(kHcaA).lid = Lid{9};
  CHECK(Judged(host, "ipoib-sm-not-master").empty());
}

}  // namespace
}  // namespace aftershock::tests

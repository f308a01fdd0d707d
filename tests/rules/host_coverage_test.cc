#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

TEST_CASE("A host with no InfiniBand and nothing expected has nothing to say", "[rules][host][unit]") {
  HostBuilder empty;
  static_cast<HostSnapshot&>(empty) = HostSnapshot{};
  const auto absent = GENERATE(false, true);
  for (std::size_t i = 0; i < kHostPartCount; ++i) {
    const auto part = static_cast<HostPart>(i);
    if (part == HostPart::kProbes) continue;
    empty.parts.push_back({part, {}});
    if (absent) empty.parts.back().error = Error{Errc::kAbsent, "there is none"};
  }
  Monitor monitor;
  CHECK(monitor.Look(empty).empty());
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("Denied parts are one finding, UNKNOWN, with the reason of each", "[rules][host][unit]") {
  HostBuilder host;
  for (const HostPart part : {HostPart::kSm, HostPart::kSa, HostPart::kCabling}) host.Deny(part);
  for (Membership& member : host.memberships) member.answer = SaAnswer::kNotAsked;
  for (SmAnswer& sm : host.sms) sm.answer = SaAnswer::kNotAsked;
  Monitor monitor;
  const auto& findings = monitor.Look(host);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "host-not-visible");
  CHECK(findings[0].subject == Subject::ThisHost());
  CHECK(findings[0].summary == "Of this host could not be seen: cabling, sm, sa");
  CHECK(ToString(findings[0].evidence.at(0)) == "cabling denied: it may not be opened");
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

TEST_CASE("A kernel log that may not be read is a note", "[rules][host][unit]") {
  HostBuilder host;
  host.Deny(HostPart::kKernelLog);
  Monitor monitor;
  monitor.Look(host);
  CHECK(monitor.findings().at(0).severity == Severity::kNote);
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("A part that hangs, or was never reported, is UNKNOWN", "[rules][host][unit]") {
  const auto part = GENERATE(HostPart::kAdapters, HostPart::kPci, HostPart::kEvents, HostPart::kInterfaces,
                             HostPart::kNeighbours, HostPart::kCabling, HostPart::kSm, HostPart::kSa);
  HostBuilder host;
  SECTION("hangs") {
    host.Deny(part, Errc::kTimeout);
  }
  SECTION("not reported") {
    std::erase_if(host.parts, [&](const PartReport& report) { return report.part == part; });
  }
  Monitor monitor;
  monitor.Look(host);
  CHECK(monitor.verdict() == Verdict::kUnknown);
  CHECK(monitor.Look(HostBuilder()).empty());
}

TEST_CASE("An SA that timed out is told by sa-silent alone", "[rules][host][unit]") {
  HostBuilder host;
  host.Deny(HostPart::kSa, Errc::kTimeout);
  for (Membership& member : host.memberships) member.answer = SaAnswer::kTimeout;
  Monitor monitor;
  monitor.Look(host);
  CHECK_FALSE(monitor.Finds("host-not-visible"));
  CHECK(monitor.Finds("sa-silent"));
}

TEST_CASE("Means to see by that are absent are missed where there is something to see",
          "[rules][host][unit]") {
  const auto part = GENERATE(HostPart::kEvents, HostPart::kSm, HostPart::kSa, HostPart::kCabling);
  HostBuilder host;
  host.Deny(part, Errc::kAbsent);
  Monitor monitor;
  monitor.Look(host);
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

TEST_CASE("Where no port is Active nobody could be asked, and that is no second fault",
          "[rules][host][unit]") {
  HostBuilder host;
  host.PullCable(kHcaA);
  host.PullCable(kHcaB);
  for (const HostPart part : {HostPart::kSm, HostPart::kSa, HostPart::kCabling})
    host.Deny(part, Errc::kAbsent);
  Monitor monitor;
  monitor.Look(host);
  CHECK_FALSE(monitor.Finds("host-not-visible"));
  CHECK(monitor.verdict() == Verdict::kCritical);
}

TEST_CASE("Absent PCI, neighbours and kernel log are nothing to miss", "[rules][host][unit]") {
  HostBuilder host;
  for (const HostPart part : {HostPart::kPci, HostPart::kNeighbours, HostPart::kKernelLog}) {
    host.Deny(part, Errc::kAbsent);
  }
  Monitor monitor;
  CHECK(monitor.Look(host).empty());
}

TEST_CASE("What could not be read of a port and is judged is UNKNOWN", "[rules][host][unit]") {
  HostBuilder host;
  SECTION("link layer") {
    host.PortOf(kHcaA).link_layer.clear();
  }
  SECTION("state") {
    host.PortOf(kHcaA).state = PortState::kNoChange;
  }
  SECTION("SM LID") {
    host.PortOf(kHcaA).sm_lid.reset();
  }
  SECTION("counters") {
    host.PortOf(kHcaA).counters_answer = Answer::kError;
  }
  SECTION("port of an interface") {
    host.Link("ib0").hca_port.reset();
  }
  Monitor monitor;
  monitor.Look(host);
  CHECK(monitor.Finds("host-not-visible"));
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

TEST_CASE("Counters that the device does not have are not applicable", "[rules][host][unit]") {
  HostBuilder host;
  host.PortOf(kHcaA).counters_answer = Answer::kUnsupported;
  host.PortOf(kHcaA).counters = {};
  Monitor monitor;
  for (int i = 0; i < 2; ++i) CHECK(monitor.Look(host).empty());
}

TEST_CASE("An odd file that nothing depends on is a note", "[rules][host][unit]") {
  HostBuilder host;
  host.faults.push_back({"class/infiniband/mlx5_0/board_id", {Errc::kMalformed, "it is empty"}});
  Monitor monitor;
  monitor.Look(host);
  CHECK(monitor.findings().at(0).severity == Severity::kNote);
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("A finding may be accepted by the names that operators use", "[rules][host][unit]") {
  const std::string name = GENERATE("ib0", "interface:ib*", "*");
  HostBuilder host;
  host.Unbond();
  host.Link("ib0").carrier = false;
  Settings settings;
  settings.accept.push_back({"ipoib-no-carrier", name, "being moved", {}});
  Monitor monitor(settings);
  monitor.Look(host);
  CHECK(monitor.findings().at(0).accepted == "being moved");
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("A port may be accepted by its device's name", "[rules][host][unit]") {
  const std::string name = GENERATE("mlx5_0", "mlx5_0:1", "link:0x0000000000000201/1");
  HostBuilder host;
  host.Unbond();
  host.PullCable(kHcaA);
  Settings settings;
  settings.accept.push_back({"host-port-down", name, "no cable", {}});
  Monitor monitor(settings);
  monitor.Look(host);
  CHECK(monitor.verdict() == Verdict::kOk);
}

TEST_CASE("A rule of the host that is switched off finds nothing", "[rules][host][unit]") {
  Settings settings;
  settings.rules["ipoib-not-member"].enabled = false;
  HostBuilder host;
  host.Unbond();
  host.Member("ib0").answer = SaAnswer::kNo;
  CHECK(Judged(host, "ipoib-not-member", settings).empty());
}

TEST_CASE("A finding stands since it was first seen, whatever the wall clock does meanwhile",
          "[rules][host][unit]") {
  HostBuilder host;
  host.Member("ib0").answer = SaAnswer::kNo;
  Monitor monitor;
  const auto since = monitor.Look(host).at(0).since;
  monitor.SetWall(WallTime{std::chrono::hours(1)});
  CHECK(monitor.Look(host).at(0).since == since);
  CHECK(monitor.verdict() == Verdict::kCritical);
}

TEST_CASE("A peer that could not be probed is named although another was", "[rules][host][unit]") {
  HostBuilder host;
  host.parts.push_back({HostPart::kProbes, {}});
  for (const char* peer : {"10.0.0.9", "10.0.0.8"}) {
    ProbeResult probe;
    probe.peer = peer;
    probe.sent = probe.answered = 1;
    host.probes.push_back(probe);
  }
  CHECK(Judged(host, "host-not-visible").empty());
  host.probes.back().error = Error{Errc::kAbsent, "there is no interface ib9"};
  Monitor monitor;
  monitor.Look(host);
  CHECK(Of(monitor.findings(), "host-not-visible").at(0).summary ==
        "Of this host could not be seen: probes of 10.0.0.8");
  CHECK(monitor.verdict() == Verdict::kUnknown);
}

}  // namespace
}  // namespace aftershock::tests

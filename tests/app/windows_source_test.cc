#include "app/windows_source.h"

#include <catch2/catch.hpp>

#include "app/fleet_facts.h"
#include "tests/fakes/fake_clock.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

Window Open(WallTime opened) {
  Window window;
  window.id = 12;
  window.state = WindowState::kOpen;
  window.opened = opened;
  return window;
}

}  // namespace

TEST_CASE("Windows that are announced elsewhere are known, by this machine's clock", "[app][windows]") {
  fake::FakeClock clock;
  const auto ahead = 5h;  // of the other machine's clock
  WindowsSource source({}, clock, [&]() -> Result<WindowsTold> {
    return WindowsTold{clock.Wall() + ahead, {Open(clock.Wall() + ahead - 1min)}};
  });
  CHECK_THAT(source.Known().why_unknown, Contains("not read so far"));
  REQUIRE(source.Fetch());
  const Announced known = source.Known();
  REQUIRE(known.windows.size() == 1);
  CHECK(known.windows[0].opened == clock.Wall() - 1min);
  CHECK(known.as_of == clock.Wall());
  CHECK(known.why_unknown.empty());
}

TEST_CASE("What was announced is known for a while, and then not", "[app][windows]") {
  fake::FakeClock clock;
  bool answers = true;
  WindowsSource source({}, clock, [&]() -> Result<WindowsTold> {
    if (!answers) return Fail(Errc::kTimeout, "http://mgmt1: no answer");
    return WindowsTold{clock.Wall(), {Open(clock.Wall())}};
  });
  REQUIRE(source.Fetch());
  const WallTime read = clock.Wall();
  answers = false;
  clock.Advance(60s);
  CHECK_FALSE(source.Fetch());
  CHECK(source.Known().windows.size() == 1);
  CHECK(source.Known().as_of == read);  // what began since then may have been announced since
  clock.Advance(60s);
  CHECK(source.Known().windows.empty());
  CHECK_FALSE(source.Known().as_of);
  CHECK_THAT(source.Known().why_unknown, Contains("no answer") && Contains("120 s ago"));
  answers = true;
  REQUIRE(source.Fetch());
  CHECK(source.Known().why_unknown.empty());
}

TEST_CASE("A host knows what it is cabled to while its port is down", "[app][windows]") {
  constexpr Guid kAdapter{0x10}, kSwitch{0x1};
  HostSnapshot host;
  Hca& hca = host.hcas.emplace_back();
  hca.node_guid = kAdapter;
  HostPort& port = hca.ports.emplace_back();
  port.num = 1;
  port.uplink = Uplink{kSwitch, 7, NodeType::kSwitch, ""};
  Uplinks uplinks;
  uplinks.See(host);
  host.hcas[0].ports[0].uplink = Fail(Errc::kTimeout, "down");
  uplinks.See(host);
  const Image around = uplinks.Around({});
  REQUIRE(around.planes.size() == 1);
  CHECK(around.planes.begin()->second.FarEnd({kAdapter, 1}) == PortKey{kSwitch, 7});
  CHECK(around.planes.begin()->second.FindNode(kSwitch) != nullptr);
}

TEST_CASE("Commands find in the journal which hosts do not report", "[app][hosts]") {
  FleetReport fleet;
  fleet.stale_after = 95s;
  fleet.hosts.resize(3);
  fleet.hosts[0].name = "node7";
  fleet.hosts[0].nodes = {Guid{0x10}, Guid{0x20}};
  fleet.hosts[0].why_silent = "no\tanswer";
  fleet.hosts[1].name = "node8";
  fleet.hosts[1].nodes = {Guid{0x30}};
  fleet.hosts[1].heard = SteadyTime{1h};
  fleet.hosts[2].target = "http://node9:9917";
  const std::string text = SilentText(fleet, SteadyTime{1h});
  const auto silent = SilentAmong(text, std::vector{Guid{0x20}});
  REQUIRE(silent.size() == 1);
  CHECK_THAT(silent[0], Contains("node7 does not report"));
  CHECK(SilentAmong(text, std::vector{Guid{0x30}}).empty());
  CHECK(SilentAmong(text, std::vector<Guid>{}).empty());
}

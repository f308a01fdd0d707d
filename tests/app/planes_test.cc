#include "app/planes.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "app/watch.h"
#include "fake_entrance.h"

using namespace aftershock;
using namespace aftershock::app;
using aftershock::fake::FakeEntrance;
using namespace std::chrono_literals;

namespace {

constexpr Guid kLeft{0xa1}, kRight{0xb1};

// A machine with two ports.
struct World {
  fake::FakeClock clock;
  Settings settings;
  std::shared_ptr<FakeEntrance::Behind> left = std::make_shared<FakeEntrance::Behind>();
  std::shared_ptr<FakeEntrance::Behind> right = std::make_shared<FakeEntrance::Behind>();

  // Each port sees the other across the switch.
  void OneSubnet() {
    left->other_port = kRight;
    right->other_port = kLeft;
  }
  PlaneSet Planes() const {
    std::vector<std::unique_ptr<Entrance>> entrances;
    entrances.push_back(std::make_unique<FakeEntrance>("left", kLeft, clock, left));
    entrances.push_back(std::make_unique<FakeEntrance>("right", kRight, clock, right));
    return PlaneSet(std::move(entrances), clock, settings, 4min);
  }
};

bool SaysThatItCannotLook(const Report& report) {
  return std::ranges::any_of(report.findings,
                             [](const Finding& f) { return f.rule == "sweep-incomplete" && f.unknown; });
}

}  // namespace

TEST_CASE("Two subnets are two planes, swept side by side", "[app][planes][unit]") {
  World world;
  PlaneSet planes = world.Planes();
  const ReportPtr report = planes.Sweep({});
  REQUIRE(report->planes.size() == 2);
  CHECK(report->planes[0].plane == "left:1");
  CHECK(report->planes[1].plane == "right:1");
  CHECK(report->planes[0].snapshot->sweep.number == 1);
  CHECK(report->stale_after == 4min);
}

TEST_CASE("Two ports on one subnet are one plane with two entrances", "[app][planes][unit]") {
  World world;
  world.OneSubnet();
  PlaneSet planes = world.Planes();
  CHECK(planes.Sweep({})->planes.size() == 1);
  planes.Sweep({});
  CHECK(world.left->sweeps == 2);
  CHECK(world.right->sweeps == 1);
}

TEST_CASE("A port that is seen without a cable is not an entrance", "[app][planes][unit]") {
  World world;
  world.left->cable = false;
  world.left->other_port = kRight;
  PlaneSet planes = world.Planes();
  CHECK(planes.Sweep({})->planes.size() == 2);
}

TEST_CASE("When one entrance leads nowhere the other is used in the same round", "[app][planes][unit]") {
  World world;
  world.OneSubnet();
  PlaneSet planes = world.Planes();
  planes.Sweep({});
  SECTION("its cable is out") {
    world.left->cable = false;
  }
  SECTION("its device is gone") {
    world.left->closed = Error{Errc::kAbsent, "no device"};
  }
  const ReportPtr report = planes.Sweep({});
  REQUIRE(report->planes.size() == 1);
  CHECK(report->planes[0].plane == "left:1");
  CHECK(report->planes[0].snapshot->local.Name() == "right:1");
  CHECK(report->planes[0].snapshot->sweep.complete);
  CHECK(planes.planes()[0].CurrentEntrance() == "right:1");
}

TEST_CASE("A plane that no entrance reaches is unknown and keeps what was seen", "[app][planes][unit]") {
  World world;
  world.OneSubnet();
  PlaneSet planes = world.Planes();
  const ReportPtr before = planes.Sweep({});
  world.left->closed = Error{Errc::kAbsent, "no left device"};
  world.right->closed = Error{Errc::kAbsent, "no right device"};
  const ReportPtr report = planes.Sweep({});
  CHECK(report->verdict == Verdict::kUnknown);
  CHECK(report->planes[0].snapshot == before->planes[0].snapshot);
  CHECK(report->planes[0].complete == before->planes[0].complete);
  REQUIRE(SaysThatItCannotLook(*report));
  CHECK(report->findings[0].summary.find("no left device") != std::string::npos);
  world.left->closed.reset();
  CHECK_FALSE(SaysThatItCannotLook(*planes.Sweep({})));
}

TEST_CASE("How long there has been no way in is told", "[app][planes][unit]") {
  World world;
  PlaneSet planes = world.Planes();
  world.left->closed = world.right->closed = Error{Errc::kAbsent, "gone"};
  const WallTime first = *planes.Sweep({})->findings[0].since;
  world.clock.Advance(1min);
  CHECK(planes.Sweep({})->findings[0].since == first);
}

TEST_CASE("An incomplete sweep is never OK, whatever is switched off or accepted", "[app][planes][unit]") {
  World world;
  world.OneSubnet();
  world.settings.rules["sweep-incomplete"].enabled = false;
  world.settings.accept.push_back({"sweep-incomplete", "*", "known", std::nullopt});
  world.left->cable = world.right->cable = false;
  PlaneSet planes = world.Planes();
  const ReportPtr report = planes.Sweep({});
  CHECK(report->verdict >= Verdict::kUnknown);
  CHECK_FALSE(report->planes[0].complete);
}

TEST_CASE("With several planes a finding names its own", "[app][planes][unit]") {
  World world;
  world.right->closed = Error{Errc::kDenied, "no permission"};
  PlaneSet planes = world.Planes();
  const ReportPtr report = planes.Sweep({});
  const auto finding = std::ranges::find(report->findings, std::string("sweep-incomplete"), &Finding::rule);
  REQUIRE(finding != report->findings.end());
  CHECK(finding->summary.starts_with("right:1: "));
}

TEST_CASE("A report is published after the first round, then after each plane", "[app][planes][unit]") {
  World world;
  PlaneSet planes = world.Planes();
  int published = 0;
  const auto count = [&](const ReportPtr&) { ++published; };
  planes.Sweep({}, {}, count);
  CHECK(published == 1);
  planes.Sweep({}, {}, count);
  CHECK(published == 3);
}

TEST_CASE("Rounds begin at a fixed rate and missed ones are left out", "[app][watch][unit]") {
  World world;
  PlaneSet planes = world.Planes();
  const SteadyTime start = world.clock.Steady();
  std::vector<Duration> waits;
  const auto wait = [&](SteadyTime time) {
    waits.push_back(time - start);
    world.clock.AdvanceTo(time);
    if (waits.size() == 2) world.clock.Advance(150s);  // as if the machine had slept through two rounds
    return waits.size() < 4;
  };
  Watch(planes, 60s, world.clock, {}, wait, [](const ReportPtr&) {});
  CHECK(waits == std::vector<Duration>{60s, 120s, 300s, 360s});
}

TEST_CASE("What a stopped round saw is not published", "[app][watch][unit]") {
  World world;
  PlaneSet planes = world.Planes();
  std::stop_source stop;
  stop.request_stop();
  int published = 0;
  Watch(
      planes, 60s, world.clock, stop.get_token(), [](SteadyTime) { return true; },
      [&](const ReportPtr&) { ++published; });
  CHECK(published == 0);
}

#include <catch2/catch.hpp>

#include "before_after.h"
#include "rules/stats/rate_ratio.h"

namespace aftershock::tests {
namespace {

rules::ErroredMinutes Minutes(std::uint32_t errored_before, std::uint32_t before, std::uint32_t errored_after,
                              std::uint32_t after) {
  return {PortKey{Guid{7}, 5}, "leaf0 port 5", errored_before, before, errored_after, after, 0, WallTime{}};
}

std::size_t Found(const rules::ErroredMinutes& minutes) {
  BeforeAfter world{Image{}};
  world.errors.push_back(minutes);
  world.Look(Image{});
  return world.Of("errors-since-change").size();
}

TEST_CASE("The tail of the rate ratio is the binomial one", "[rules][unit]") {
  CHECK(rules::RateRatioTail(0, 60, 3, 60, 1) == Approx(0.125));
  CHECK(rules::RateRatioTail(0, 60, 3, 60, 2) == Approx(8.0 / 27));
  CHECK(rules::RateRatioTail(5, 60, 0, 60, 1) == 1);
}

TEST_CASE("Errors in every minute after a change and in none before are found", "[rules][unit]") {
  CHECK(Found(Minutes(0, 1440, 10, 10)) == 1);
}

TEST_CASE("Errors as often as before are none since the change", "[rules][unit]") {
  CHECK(Found(Minutes(144, 1440, 3, 30)) == 0);
  CHECK(Found(Minutes(0, 1440, 1, 10)) == 0);
}

TEST_CASE("Without enough usable minutes nothing is said", "[rules][unit]") {
  CHECK(Found(Minutes(0, 59, 10, 10)) == 0);
  CHECK(Found(Minutes(0, 1440, 9, 9)) == 0);
}

TEST_CASE("Many ports share the chance of a false alarm", "[rules][unit]") {
  BeforeAfter world{Image{}};
  const auto lone = Minutes(0, 600, 3, 10);
  CHECK(Found(lone) == 1);
  for (int i = 0; i < 100; ++i) world.errors.push_back(Minutes(0, 600, 0, 10));
  world.errors.push_back(lone);
  world.Look(Image{});
  CHECK(world.Of("errors-since-change").empty());
}

BeforeAfter Soaking() {
  BeforeAfter world{Image{}};
  Window window = OpenWindow(Subject::Fabric());
  window.state = WindowState::kSoaking;
  window.closed = *window.opened + std::chrono::minutes(30);
  window.transitions.push_back({WindowState::kVerifying, WindowState::kSoaking,
                                *window.closed + std::chrono::minutes(3), "monitor", ""});
  world.windows.push_back(window);
  return world;
}

TEST_CASE("Events that go on while a window soaks are a warning, while it verifies a note", "[rules][unit]") {
  BeforeAfter world = Soaking();
  const WallTime closed = *world.windows[0].closed;
  for (int i = 0; i < 3; ++i) {
    world.events.push_back({closed + std::chrono::minutes(1), Subject::Hca("mlx5_0"), "SM_CHANGE"});
  }
  world.Look(Image{});
  REQUIRE(world.Of("events-since-change").size() == 1);
  CHECK(world.Of("events-since-change")[0].severity == Severity::kNote);
  for (int i = 0; i < 3; ++i) {
    world.events.push_back({closed + std::chrono::minutes(5 + i), Subject::Hca("mlx5_0"), "PORT_ERR"});
  }
  world.Look(Image{});
  REQUIRE(world.Of("events-since-change").size() == 1);
  CHECK(world.Of("events-since-change")[0].severity == Severity::kWarning);
  CHECK(world.Of("events-since-change")[0].summary ==
        "Since the window closed, mlx5_0 tells of 3 PORT_ERR, 3 SM_CHANGE");
}

TEST_CASE("Events of the open window are the change itself", "[rules][unit]") {
  BeforeAfter world = Soaking();
  world.events.push_back(
      {*world.windows[0].opened + std::chrono::minutes(5), Subject::Hca("mlx5_0"), "PORT_ERR"});
  world.Look(Image{});
  CHECK(world.Of("events-since-change").empty());
}

}  // namespace
}  // namespace aftershock::tests

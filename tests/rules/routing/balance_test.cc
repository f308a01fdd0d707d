#include <catch2/catch.hpp>

#include <memory>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

constexpr std::string_view kRule = "route-unbalanced";

// Two leaves of 24 hosts each, with two cables to each of two spines: ports 25 and 26, 27 and 28.
struct World {
  static constexpr int kHosts = 24;
  FabricBuilder fabric;
  Guid leaf[2], spine[2];
  std::vector<Guid> hosts[2];
  Plane plane;

  World() {
    for (int l = 0; l < 2; ++l) {
      for (int h = 0; h < kHosts; ++h)
        hosts[l].push_back(fabric.AddHost("host" + std::to_string(l) + "-" + std::to_string(h)));
    }
    for (int s = 0; s < 2; ++s) spine[s] = fabric.AddSwitch("spine" + std::to_string(s));
    for (int l = 0; l < 2; ++l) {
      leaf[l] = fabric.AddSwitch("leaf" + std::to_string(l), 36);
      for (int h = 0; h < kHosts; ++h)
        fabric.Connect(hosts[l][static_cast<std::size_t>(h)], 1, leaf[l], h + 1);
      for (int s = 0; s < 2; ++s) {
        for (int c = 0; c < 2; ++c) fabric.Connect(leaf[l], 25 + 2 * s + c, spine[s], 1 + 2 * l + c);
      }
    }
  }

  // `exit` of leaf0 for each host of leaf1.
  std::vector<Finding> Found(const auto& exit, bool adaptive = false) {
    LinearTable table;
    table.exit.assign(200, LinearTable::kNoExit);
    for (int h = 0; h < kHosts; ++h) {
      const auto at = static_cast<std::size_t>(h);
      table.exit[static_cast<std::size_t>(fabric.At(hosts[0][at], 1).info->lid)] =
          static_cast<std::uint8_t>(h + 1);
      table.exit[static_cast<std::size_t>(fabric.At(hosts[1][at], 1).info->lid)] =
          static_cast<std::uint8_t>(exit(h));
    }
    SwitchTables& tables = fabric.At(leaf[0]).tables;
    tables.linear = {std::make_shared<LinearTable>(table), Answer::kAnswered, 1, false};
    if (adaptive) tables.adaptive = true;
    plane.Sweep(fabric.Build());
    return Of(plane.Sweep(fabric.Build()), kRule);
  }
};

TEST_CASE("Ways spread over all links are balanced, and nearly so", "[rules][routing][unit]") {
  CHECK(World().Found([](int h) { return 25 + h % 4; }).empty());
  CHECK(World().Found([](int h) { return h < 13 ? 25 : 26 + h % 3; }).empty());
}

TEST_CASE("One of two cables between the same switches that carries nearly all is a warning",
          "[rules][routing][unit]") {
  const auto found = World().Found([](int h) { return h < 20 ? 25 : h < 23 ? 26 : 27; });
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary ==
        "leaf0 port 25 to spine0 port 1 carries the ways to 20 LIDs, and the other link to the same switch "
        "carries 3");
}

TEST_CASE("Few ways are not judged for their balance", "[rules][routing][unit]") {
  CHECK(World().Found([](int h) { return h < 15 ? 25 : 0xff; }).empty());
}

TEST_CASE("One of four links to like switches that carries all is a warning", "[rules][routing][unit]") {
  World world;
  world.fabric.Pull(world.leaf[0], 26);
  const auto found = world.Found([](int) { return 25; });
  REQUIRE(found.size() == 1);
  CHECK(
      found[0].summary ==
      "leaf0 port 25 to spine0 port 1 carries the ways to 24 LIDs, and the 2 other links to switches like it "
      "carry 0 each at the median");
}

TEST_CASE("A switch that leads to fewer switches is no twin", "[rules][routing][unit]") {
  World world;
  world.fabric.Pull(world.leaf[0], 26);
  for (const int port : {27, 28}) world.fabric.Pull(world.leaf[1], port);
  CHECK(world.Found([](int) { return 25; }).empty());
}

TEST_CASE("Where a switch routes adaptively its balance is not judged, and that is said",
          "[rules][routing][unit]") {
  const auto found = World().Found([](int) { return 25; }, true);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(found[0].summary ==
        "1 of the switches route adaptively and are not judged: they choose among exits by load");
}

TEST_CASE("A table that is not known is not judged for its balance", "[rules][routing][unit]") {
  World world;
  world.fabric.At(world.leaf[0]).tables.linear.unstable = true;
  CHECK(world.Found([](int) { return 25; }).size() == 1);  // Found() sets a table that is still
  world.fabric.At(world.leaf[0]).tables.linear.unstable = true;
  CHECK(Of(world.plane.Sweep(world.fabric.Build()), kRule).empty());
}

}  // namespace
}  // namespace aftershock::tests

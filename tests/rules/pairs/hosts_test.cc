#include <catch2/catch.hpp>

#include "pair_world.h"

namespace aftershock::tests {
namespace {

constexpr Guid kHost0{6};

TEST_CASE("A host whose cable to one member is pulled is uneven and short of a switch",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  CHECK(world.report().hosts_short == 0u);
  world.fabric.Pull(kHost0, 2);
  world.Sweep();
  const auto found = world.Found("pair-uneven");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "host0 reaches one member of pair leaves only");
  CHECK(world.report().hosts_short == 1u);
}

TEST_CASE("A host that is cabled to the same member twice is uneven at first sight", "[rules][pairs][unit]") {
  PairWorld world;
  world.fabric.Pull(kHost0, 2);
  world.fabric.Connect(kHost0, 2, world.a, 7);
  world.Sweep();
  world.Ask(2);
  CHECK(world.Found("pair-uneven").size() == 1);
}

TEST_CASE("A host with one port has never been meant for two", "[rules][pairs][unit]") {
  PairWorld world;
  const Guid single = world.fabric.AddHost("single mlx5_0", 1);
  world.fabric.Connect(single, 1, world.a, 7);
  world.Sweep();
  world.Ask(2);
  CHECK(world.Found("pair-uneven").empty());
}

TEST_CASE("Two adapters of one machine are one host", "[rules][pairs][unit]") {
  PairWorld world;
  for (const auto& [name, leaf] : {std::pair{"two mlx5_0", world.a}, std::pair{"two mlx5_1", world.b}}) {
    world.fabric.Connect(world.fabric.AddHost(name, 1), 1, leaf, 7);
  }
  world.Sweep();
  world.Ask(2);
  CHECK(world.Found("pair-uneven").empty());
}

TEST_CASE("Aggregation nodes and routers are no hosts", "[rules][pairs][unit]") {
  PairWorld world;
  const Guid sharp = world.fabric.AddHost("Mellanox Technologies Aggregation Node", 1);
  world.fabric.At(sharp).device_id = 0xcf09;
  world.fabric.Connect(sharp, 1, world.a, 7);
  const Guid router = world.fabric.AddHost("router", 2);
  world.fabric.At(router).type = NodeType::kRouter;
  world.fabric.Connect(router, 1, world.a, 8);
  world.Sweep();
  world.Ask(2);
  CHECK(world.Found("pair-uneven").empty());
}

TEST_CASE("With a dead member no host is uneven: that member's finding says it", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  world.fabric.Remove(world.b);
  world.reply = [&](Guid asked, std::size_t, int) {
    return asked == world.b ? Heard::kNothing : Heard::kAnswered;
  };
  world.Ask(3);
  world.Sweep();
  CHECK(world.Found("pair-uneven").empty());
  CHECK(world.Found("pair-degraded").size() == 1);
  CHECK(world.report().hosts_short == 4u);
}

TEST_CASE("A leg of which nothing was read is not lost", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  SECTION("because the port of the host was not read") {
    world.fabric.At(kHost0, 2).info.reset();
    world.fabric.At(kHost0, 2).info_answer = Answer::kTimeout;
    world.fabric.At(world.b, 1).info_answer = Answer::kTimeout;
  }
  SECTION("because the sweep did not get to the switch") {
    world.fabric.Silence(world.b);
  }
  SECTION("because the switch did not say who it is") {
    world.fabric.At(world.b).answer = Answer::kTimeout;
  }
  world.Sweep();
  CHECK(world.Found("pair-uneven").empty());
  CHECK(world.report().hosts_short == 0u);
}

TEST_CASE("A lost leg of which nothing more is read stays lost", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  world.fabric.Pull(kHost0, 2);
  world.Sweep();
  world.fabric.At(kHost0, 2).info.reset();
  world.fabric.At(kHost0, 2).info_answer = Answer::kTimeout;
  world.fabric.At(world.b, 1).info_answer = Answer::kTimeout;
  world.Sweep();
  CHECK(world.Found("pair-uneven").size() == 1);
  CHECK(world.report().hosts_short == 1u);
}

TEST_CASE("A leg is lost where only the switch tells that it is down", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  world.fabric.Pull(kHost0, 2);
  world.fabric.At(kHost0, 2).info.reset();
  world.fabric.At(kHost0, 2).info_answer = Answer::kTimeout;
  world.Sweep();
  CHECK(world.Found("pair-uneven").size() == 1);
}

TEST_CASE("A host with a port that was never read is not uneven at first sight", "[rules][pairs][unit]") {
  PairWorld world;
  world.fabric.Pull(kHost0, 2);
  world.fabric.At(kHost0, 2).info.reset();
  world.fabric.At(kHost0, 2).info_answer = Answer::kTimeout;
  world.Sweep();
  world.Ask(2);
  CHECK(world.Found("pair-uneven").empty());
}

TEST_CASE("An adapter that is gone from its machine is a leg that the machine has lost",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.fabric.Connect(world.fabric.AddHost("two mlx5_0", 1), 1, world.a, 7);
  const Guid second = world.fabric.AddHost("two mlx5_1", 1);
  world.fabric.Connect(second, 1, world.b, 7);
  world.Sweep();
  world.Ask(2);
  SECTION("when its cable is down") {
    world.fabric.Remove(second);
    world.Sweep();
    REQUIRE(world.Found("pair-uneven").size() == 1);
    CHECK(world.Found("pair-uneven")[0].summary == "two reaches one member of pair leaves only");
    CHECK(world.report().hosts_short == 1u);
  }
  SECTION("but not when the sweep missed it") {
    world.fabric.Silence(second);
    world.Sweep();
    CHECK(world.Found("pair-uneven").empty());
    CHECK(world.report().hosts_short == 0u);
  }
  SECTION("but not when another took its place") {
    world.fabric.Remove(second);
    world.fabric.Connect(world.fabric.AddHost("two mlx5_1", 1), 1, world.b, 8);
    world.Sweep();
    CHECK(world.Found("pair-uneven").empty());
    CHECK(world.report().hosts_short == 0u);
  }
}

TEST_CASE("A machine that is gone as a whole is none with a leg too few", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  world.fabric.Remove(kHost0);
  world.Sweep();
  CHECK(world.Found("pair-uneven").empty());
  CHECK(world.report().hosts_short == 0u);
}

}  // namespace
}  // namespace aftershock::tests

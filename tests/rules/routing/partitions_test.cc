#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

constexpr std::string_view kRule = "partition-differs";

// FatTree(2): hosts are 1 to 8, spines 9 and 10, leaves 11 to 14 with hosts at ports 1 to 4.
struct World {
  FabricBuilder fabric = FatTree(2);
  Plane plane;

  World() {
    for (std::uint64_t guid = 1; guid <= 14; ++guid) {
      for (Port& port : fabric.At(Guid{guid}).ports) {
        Keys(port, {0xffff, 0x8001});
        if (guid > 10 && port.num >= 1 && port.num <= 4)
          port.info->enforces_in = port.info->enforces_out = true;
      }
    }
  }
  static void Keys(Port& port, std::vector<std::uint16_t> keys) {
    port.partitions = {std::move(keys), Answer::kAnswered};
  }
  std::vector<Finding> Found() {
    plane.Sweep(fabric.Build());
    return Of(plane.Sweep(fabric.Build()), kRule);
  }
};

TEST_CASE("Equal P_Key tables are silent, in whatever order", "[rules][routing][unit]") {
  World world;
  World::Keys(world.fabric.At(Guid{11}, 1), {0x8001, 0xffff, 0x9234});
  CHECK(world.Found().empty());
}

TEST_CASE("A switch that enforces a partition short of its adapter's is a warning",
          "[rules][routing][unit]") {
  World world;
  World::Keys(world.fabric.At(Guid{11}, 1), {0xffff});
  CHECK(Of(world.plane.Sweep(world.fabric.Build()), kRule).at(0).severity == Severity::kNote);
  const auto found = Of(world.plane.Sweep(world.fabric.Build()), kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary ==
        "leaf0 port 1 enforces partitions and does not let through P_Key 0x8001, which host0 port 1 has");
}

TEST_CASE("The default partition is critical to lack", "[rules][routing][unit]") {
  World world;
  World::Keys(world.fabric.At(Guid{11}, 1), {0x8001});
  CHECK(world.Found().at(0).severity == Severity::kCritical);
}

TEST_CASE("Without enforcement, or with nothing read, a port's partitions do not matter",
          "[rules][routing][unit]") {
  World world;
  World::Keys(world.fabric.At(Guid{11}, 1), {});
  SECTION("not enforced") {
    world.fabric.At(Guid{11}, 1).info->enforces_in = world.fabric.At(Guid{11}, 1).info->enforces_out = false;
  }
  SECTION("never read") {
    world.fabric.At(Guid{11}, 1).partitions = {};
  }
  SECTION("the adapter's timed out") {
    world.fabric.At(Guid{1}, 1).partitions.answer = Answer::kTimeout;
  }
  SECTION("not supported") {
    world.fabric.At(Guid{11}, 1).partitions.answer = Answer::kUnsupported;
  }
  CHECK(world.Found().empty());
}

TEST_CASE("A limited adapter behind a full port passes, a full one behind a limited port does not",
          "[rules][routing][unit]") {
  World world;
  World::Keys(world.fabric.At(Guid{1}, 1), {0x7fff, 0x0001});
  CHECK(world.Found().empty());
  World::Keys(world.fabric.At(Guid{12}, 1), {0xffff, 0x0001});
  const auto found = world.Found();
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary ==
        "leaf1 port 1 enforces partitions and has P_Key 0x8001 of host0 port 2 as a limited member only");
}

TEST_CASE("A switch's own P_Keys are compared with the other switches'", "[rules][routing][unit]") {
  World world;
  World::Keys(world.fabric.At(Guid{12}, 0), {0xffff});
  auto found = world.Found();
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "leaf1 lacks P_Key 0x8001, which the other switches have");
  CHECK(found[0].severity == Severity::kWarning);

  SECTION("the default one is critical") {
    World::Keys(world.fabric.At(Guid{12}, 0), {0x8001});
    CHECK(world.Found().at(0).severity == Severity::kCritical);
  }
  SECTION("one that half of them have is a choice") {
    World::Keys(world.fabric.At(Guid{13}, 0), {0xffff});
    World::Keys(world.fabric.At(Guid{14}, 0), {0xffff});
    CHECK(world.Found().empty());
  }
  SECTION("one more than the others is a note") {
    World::Keys(world.fabric.At(Guid{12}, 0), {0xffff, 0x8001, 0x8777});
    CHECK(world.Found().at(0).severity == Severity::kNote);
  }
}

TEST_CASE("The manager's own switch may be a full member where others are limited ones",
          "[rules][routing][unit]") {
  World world;
  for (std::uint64_t guid = 9; guid <= 14; ++guid) World::Keys(world.fabric.At(Guid{guid}, 0), {0x7fff});
  World::Keys(world.fabric.At(Guid{12}, 0), {0xffff});
  world.fabric.At(Guid{12}, 0).info->capability_mask = kCapIsSm;
  CHECK(world.Found().empty());
}

}  // namespace
}  // namespace aftershock::tests

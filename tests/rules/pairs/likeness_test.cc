#include <catch2/catch.hpp>

#include "pair_world.h"

namespace aftershock::tests {
namespace {

TEST_CASE("A power feed in common is a warning before anything fails", "[rules][pairs][unit]") {
  PairWorld world;
  world.settings.pairs[0].members[1].risks["power"] = "feed-A";
  world.Sweep();
  const auto found = world.Found("pair-shared-risk");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary == "leafA, leafB of pair leaves share power feed-A");
}

TEST_CASE("Separate feeds are no shared risk", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  CHECK(world.Found("pair-shared-risk").empty());
}

TEST_CASE("A rack in common is a note, and the firmware is another rule's", "[rules][pairs][unit]") {
  PairWorld world;
  for (PairMember& member : world.settings.pairs[0].members) {
    member.risks["rack"] = "r1";
    member.risks["firmware"] = "27.1";
  }
  world.Sweep();
  const auto found = world.Found("pair-shared-risk");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(found[0].evidence.size() == 1);
}

TEST_CASE("A risk that leaves enough others is none", "[rules][pairs][unit]") {
  PairWorld world;
  auto& members = world.settings.pairs[0].members;
  members = {
      {"leafA", {{"power", "1"}}, ""}, {"leafB", {{"power", "1"}}, ""}, {"spine0", {{"power", "2"}}, ""}};
  world.Sweep();
  CHECK(world.Found("pair-shared-risk").empty());
  world.settings.pairs[0].must_live = 2;
  world.Sweep();
  CHECK(world.Found("pair-shared-risk").size() == 1);
}

TEST_CASE("Different firmware labels are a warning, another revision is a note", "[rules][pairs][unit]") {
  PairWorld world;
  auto& members = world.settings.pairs[0].members;
  SECTION("labels") {
    members[0].risks["firmware"] = "27.1";
    members[1].risks["firmware"] = "27.2";
    world.Sweep();
    REQUIRE(world.Found("pair-firmware-differs").size() == 1);
    CHECK(world.Found("pair-firmware-differs")[0].severity == Severity::kWarning);
  }
  for (const Guid leaf : {world.a, world.b}) {
    world.fabric.At(leaf).switch_info = SwitchInfo{};
    world.fabric.At(leaf).pma = ClassPortInfo{};
  }
  SECTION("revision") {
    world.fabric.At(world.b).revision = 0xa1;
    world.Sweep();
    REQUIRE(world.Found("pair-firmware-differs").size() == 1);
    CHECK(world.Found("pair-firmware-differs")[0].severity == Severity::kNote);
  }
  SECTION("model") {
    world.fabric.At(world.b).device_id = 0xd2f0;
    world.Sweep();
    REQUIRE(world.Found("pair-firmware-differs").size() == 1);
    CHECK(world.Found("pair-firmware-differs")[0].severity == Severity::kWarning);
  }
  SECTION("alike") {
    world.Sweep();
    CHECK(world.Found("pair-firmware-differs").empty());
  }
}

TEST_CASE("A member that no switch of the fabric is names line and key", "[rules][pairs][unit]") {
  PairWorld world;
  world.settings.pairs[0].members[1].text = "leafX";
  world.Sweep();
  const auto found = world.Found("pair-member-unknown");
  REQUIRE(found.size() == 1);
  CHECK(found[0].unknown);
  CHECK(found[0].summary ==
        "a.yaml:5: pairs[0].members[1]: no switch of the fabric is \"leafX\": it is mis-spelt, or gone");
}

TEST_CASE("A host's name is no member, and a partial sweep tells nothing of it", "[rules][pairs][unit]") {
  PairWorld world;
  world.settings.pairs[0].members[1].text = "monitor";
  world.Sweep();
  CHECK(world.Found("pair-member-unknown").size() == 1);
  world.fabric.sweep().complete = false;
  world.Sweep();
  CHECK(world.Found("pair-member-unknown").empty());
}

TEST_CASE("A name of two switches is ambiguous, and one switch by two names stands twice",
          "[rules][pairs][unit]") {
  PairWorld world;
  auto& members = world.settings.pairs[0].members;
  SECTION("two switches") {
    world.fabric.At(world.b).name = "leafA";
    world.Sweep();
    REQUIRE(world.Found("pair-member-unknown").size() == 1);
    CHECK(world.Found("pair-member-unknown")[0].summary.find("ambiguous: 0x") != std::string::npos);
  }
  SECTION("one switch") {
    members[1].text = ToString(world.a);
    world.Sweep();
    REQUIRE(world.Found("pair-member-unknown").size() == 1);
    CHECK(world.Found("pair-member-unknown")[0].summary.find("is the switch of a.yaml:4") !=
          std::string::npos);
  }
}

TEST_CASE("A member that goes is not called mis-spelt", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.fabric.Remove(world.b);
  world.Sweep();
  CHECK(world.Found("pair-member-unknown").empty());
}

TEST_CASE("Another switch at a member's cables is a replacement, and compared with its peer",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.settings.pairs[0].members[1].text = ToString(world.b);
  world.Sweep();
  const Guid fresh = world.fabric.AddSwitch("leafC", 12);
  world.fabric.Remove(world.b);
  for (int i = 0; i < 4; ++i) world.fabric.Connect(Guid{static_cast<std::uint64_t>(6 + i)}, 2, fresh, i + 1);
  world.fabric.Connect(fresh, 9, world.spine0, 2);
  world.fabric.Connect(fresh, 10, world.spine1, 2);
  SECTION("alike") {
    world.Sweep();
    REQUIRE(world.Found("pair-member-replaced").size() == 1);
    CHECK(world.Found("pair-member-replaced")[0].severity == Severity::kNote);
    CHECK(world.Found("pair-member-unknown").empty());
  }
  SECTION("set up otherwise") {
    world.fabric.At(fresh, 0).info->lmc = 2;
    world.Sweep();
    REQUIRE(world.Found("pair-member-replaced").size() == 1);
    CHECK(world.Found("pair-member-replaced")[0].severity == Severity::kWarning);
    CHECK(ToString(world.Found("pair-member-replaced")[0].evidence.at(0)).find("LMC 2 against 0") !=
          std::string::npos);
  }
}

void Carry(PairWorld& world, Guid leaf) {
  Count(world.fabric.At(leaf, 1), Counter::kXmitData, 1'000'000'000);
}

TEST_CASE("A member without traffic for a day is unproven while the other works", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  for (int hour = 0; hour < 25; ++hour) {
    Carry(world, world.a);
    world.Sweep(1h);
    world.Ask(8);
  }
  const auto found = world.Found("pair-standby-unproven");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(found[0].summary.starts_with("leafB of pair leaves"));
}

TEST_CASE("A pair that is idle as a whole, or a member that once worked, is not unproven",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  const bool idle = GENERATE(true, false);
  for (int hour = 0; hour < 25; ++hour) {
    if (!idle) Carry(world, world.a);
    if (!idle && hour == 5) Carry(world, world.b);
    world.Ask(1);
    world.Sweep(1h);
  }
  CHECK(world.Found("pair-standby-unproven").empty());
}

}  // namespace
}  // namespace aftershock::tests

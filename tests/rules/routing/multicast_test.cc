#include <catch2/catch.hpp>

#include "tree_world.h"

namespace aftershock::tests {
namespace {

constexpr std::string_view kRule = "multicast-broken";

TEST_CASE("A whole multicast tree is silent, and so is one of a single member", "[rules][routing][unit]") {
  TreeWorld whole;
  CHECK(whole.Found(kRule).empty());

  TreeWorld single;
  single.tables.clear();
  single.EachMembership([](MembershipReading& m) { m.member = false; });
  single.fabric.At(Guid{1}, 1).membership.member = true;
  CHECK(single.Found(kRule).empty());
}

TEST_CASE("A leaf that the multicast tree does not lead to is found with its members",
          "[rules][routing][unit]") {
  TreeWorld world;
  world.Clear(TreeWorld::kSpine0, 4);
  const auto found = world.Found(kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(ToString(found[0].subject) == "switch:0x000000000000000e");
  CHECK(found[0].summary ==
        "leaf3: host4 port 2, host5 port 2, host6 port 2, host7 port 2 of the IPoIB broadcast group (MLID "
        "0xc000) "
        "are on a part of its tree that nothing joins to the rest");
}

TEST_CASE("A member that its leaf has no bit for is found", "[rules][routing][unit]") {
  TreeWorld world;
  world.Clear(TreeWorld::kLeaf0, 2);
  const auto found = world.Found(kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary ==
        "leaf0: host1 port 1 of the IPoIB broadcast group (MLID 0xc000) is not on its tree");
}

TEST_CASE("A port that is no member need not be on the tree", "[rules][routing][unit]") {
  TreeWorld world;
  world.Clear(TreeWorld::kLeaf0, 2);
  world.fabric.At(Guid{2}, 1).membership.member = false;
  CHECK(world.Found(kRule).empty());
}

TEST_CASE("What one sweep saw of a tree is a note", "[rules][routing][unit]") {
  TreeWorld world;
  world.Clear(TreeWorld::kSpine0, 4);
  CHECK(world.Sweep().empty() == false);
  CHECK(Of(world.plane.findings(), kRule).at(0).severity == Severity::kNote);
  world.Set(TreeWorld::kSpine0, 4);
  CHECK(Of(world.Sweep(), kRule).empty());
}

TEST_CASE("A host that left is no missed member while the SA was not asked again", "[rules][routing][unit]") {
  TreeWorld world;
  world.Sweep();
  world.Clear(TreeWorld::kLeaf0, 2);
  world.asked_in[{Guid{2}, 1}] = 1;
  for (int i = 0; i < 3; ++i) {
    const auto found = Of(world.Sweep(), kRule);
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::kNote);
  }
  SECTION("it says that the port is a member still") {
    world.asked_in.clear();
    CHECK(Of(world.Sweep(), kRule).at(0).severity == Severity::kCritical);
  }
  SECTION("it says that the port is none") {
    world.asked_in.clear();
    world.fabric.At(Guid{2}, 1).membership.member = false;
    CHECK(Of(world.Sweep(), kRule).empty());
  }
}

TEST_CASE("A second way between two leaves is a loop, printed exit by exit", "[rules][routing][unit]") {
  TreeWorld world;
  for (const int leaf : {0, 1}) {
    world.Set(Guid{11u + static_cast<unsigned>(leaf)}, 6);
    world.Set(TreeWorld::kSpine1, leaf + 1);
  }
  const auto found = world.Found(kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary ==
        "The tree of the IPoIB broadcast group (MLID 0xc000) has a loop: spine1 port 2, leaf1 port 5, "
        "spine0 port 1, leaf0 port 6, and back to spine1 port 2");
}

TEST_CASE("A bit at one end of a cable is a loop only where it leads back", "[rules][routing][unit]") {
  SECTION("into a switch without an entry: a dead branch") {
    TreeWorld world;
    world.Set(TreeWorld::kLeaf0, 6);
    CHECK(world.Found(kRule).empty());
  }
  SECTION("into a switch that sends it on") {
    TreeWorld world;
    world.Set(TreeWorld::kLeaf0, 6);
    world.Set(TreeWorld::kSpine1, 2);
    world.Set(TreeWorld::kLeaf1, 6);
    const auto found = world.Found(kRule);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.at(0).name == "hops of the loop");
  }
}

TEST_CASE("A multicast table that is not known makes a doubtful tree unknown", "[rules][routing][unit]") {
  TreeWorld world;
  world.answers[TreeWorld::kSpine0] = Answer::kTimeout;
  const auto found = world.Found(kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].unknown);
  CHECK(found[0].severity != Severity::kCritical);

  SECTION("one that the tree does not need does not") {
    TreeWorld other;
    other.answers[TreeWorld::kSpine1] = Answer::kTimeout;
    CHECK(other.Found(kRule).empty());
  }
  SECTION("and a fault that is certain without it is told") {
    world.Clear(TreeWorld::kLeaf0, 2);
    const auto certain = world.Found(kRule);
    REQUIRE(certain.size() == 1);
    CHECK(certain[0].severity == Severity::kCritical);
  }
}

TEST_CASE("Tables that do not stand still are no ground for a multicast fault", "[rules][routing][unit]") {
  TreeWorld world;
  world.Clear(TreeWorld::kSpine0, 4);
  world.unstable = true;
  for (const Finding& finding : world.Found(kRule)) CHECK(finding.unknown);
}

TEST_CASE("Without the group's record the largest tree is judged, and more mildly",
          "[rules][routing][unit]") {
  TreeWorld world;
  world.sa = {};
  CHECK(world.Found(kRule).empty());
  for (const int leaf : {0, 1}) {
    world.Set(Guid{11u + static_cast<unsigned>(leaf)}, 6);
    world.Set(TreeWorld::kSpine1, leaf + 1);
  }
  const auto found = world.Found(kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
}

TEST_CASE("A leaf cut from the tree by a dead spine is folded under it", "[rules][routing][unit]") {
  TreeWorld world;
  world.Sweep();
  world.fabric.Remove(TreeWorld::kSpine0);
  world.Sweep();
  const auto found = Of(world.Sweep(), kRule);
  REQUIRE(!found.empty());
  for (const Finding& finding : found) {
    CHECK(finding.because.value_or("") == "switch-lost switch:0x0000000000000009");
  }
}

}  // namespace
}  // namespace aftershock::tests

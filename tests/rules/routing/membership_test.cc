#include <catch2/catch.hpp>

#include "tree_world.h"

namespace aftershock::tests {
namespace {

constexpr std::string_view kRule = "ipoib-not-member";

// The bits of the tree follow the SA, as they do when a host leaves.
void Leave(TreeWorld& world, Guid host, int port) {
  world.fabric.At(host, port).membership.member = false;
  const auto number = static_cast<int>(host) - 1;
  world.Clear(Guid{static_cast<unsigned>(11 + 2 * (number / 4) + port - 1)}, number % 4 + 1);
}

TEST_CASE("A port that was a member and is out while it stays Active is a warning",
          "[rules][routing][unit]") {
  TreeWorld world;
  CHECK(Of(world.Sweep(), kRule).empty());
  Leave(world, Guid{3}, 1);
  CHECK(Of(world.Sweep(30s), kRule).empty());
  CHECK(Of(world.Sweep(30s), kRule).empty());  // hosts that join again take their time
  const auto found = Of(world.Sweep(40s), kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(ToString(found[0].subject) == "link:0x0000000000000003/1");
  CHECK(
      found[0].summary ==
      "host2 port 1 to leaf0 port 3 was a member of the IPoIB broadcast group, and the SA no longer knows it "
      "as one");
  CHECK(Of(world.plane.findings(), "multicast-broken").empty());

  world.fabric.At(Guid{3}, 1).membership.member = true;
  world.Set(TreeWorld::kLeaf0, 3);
  CHECK(Of(world.Sweep(), kRule).empty());
}

TEST_CASE("A port that lost its signal meanwhile has to join first to be missed", "[rules][routing][unit]") {
  TreeWorld world;
  world.Sweep();
  world.fabric.Pull(Guid{3}, 1);
  world.Sweep();
  world.fabric.Connect(Guid{3}, 1, TreeWorld::kLeaf0, 3);
  Leave(world, Guid{3}, 1);
  world.Sweep();
  for (const Finding& finding : Of(world.Sweep(100s), kRule)) CHECK(finding.severity == Severity::kNote);
}

TEST_CASE("Members of several hosts lost together are one critical finding", "[rules][routing][unit]") {
  TreeWorld world;
  world.Sweep();
  for (const unsigned host : {1u, 2u, 3u}) Leave(world, Guid{host}, 1);
  world.Sweep();
  const auto found = Of(world.Sweep(100s), kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(ToString(found[0].subject) == "fabric");
}

TEST_CASE("Members that went one by one over days are warnings each", "[rules][routing][unit]") {
  TreeWorld world;
  world.Sweep();
  for (const unsigned host : {1u, 2u, 3u}) {
    Leave(world, Guid{host}, 1);
    world.Sweep(std::chrono::hours(20));
  }
  const auto found = Of(world.Sweep(100s), kRule);
  CHECK(found.size() == 3);
  for (const Finding& finding : found) CHECK(finding.severity == Severity::kWarning);
}

TEST_CASE("A port that never was a member is a note where nearly all are, else nothing",
          "[rules][routing][unit]") {
  TreeWorld world;
  Leave(world, Guid{3}, 1);
  const auto found = world.Found(kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);

  TreeWorld half;
  for (unsigned host = 1; host <= 8; ++host) Leave(half, Guid{host}, 1);
  CHECK(half.Found(kRule).empty());
}

TEST_CASE("Without a group nobody is asked for its membership", "[rules][routing][unit]") {
  TreeWorld world;
  world.Sweep();
  for (unsigned host = 1; host <= 8; ++host) Leave(world, Guid{host}, 1);
  world.sa.group_missing = true;
  world.Sweep(100s);
  CHECK(Of(world.Sweep(100s), kRule).empty());
}

}  // namespace
}  // namespace aftershock::tests

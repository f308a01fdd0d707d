#include <catch2/catch.hpp>

#include "pair_world.h"

namespace aftershock::tests {
namespace {

void CountersBeginAgain(PairWorld& world, Guid leaf, bool again = true) {
  for (Port& port : world.fabric.At(leaf).ports) port.restarted = again && port.Linked();
}

void LinksWentDownAndUp(PairWorld& world, Guid leaf) {
  for (int i = 0; i < 4; ++i) {
    Count(world.fabric.At(Guid{static_cast<std::uint64_t>(6 + i)}, leaf == world.a ? 1 : 2),
          Counter::kLinkDowned, 1);
  }
  for (const Guid spine : {world.spine0, world.spine1}) {
    Count(world.fabric.At(spine, leaf == world.a ? 1 : 2), Counter::kLinkDowned, 1);
  }
}

TEST_CASE("A member that restarted between two sweeps is seen by its counters and links",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  CountersBeginAgain(world, world.b);
  LinksWentDownAndUp(world, world.b);
  world.Sweep();
  const auto found = world.Found("pair-member-restarted");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "leafB of pair leaves restarted");
}

TEST_CASE("A member that restarted between two rounds is seen by its links and its LID",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  world.without_lid = world.b;
  world.Ask(1);
  world.without_lid.reset();
  LinksWentDownAndUp(world, world.b);
  world.Sweep();
  CHECK(world.Found("pair-member-restarted").size() == 1);
}

TEST_CASE("Somebody who clears all counters restarts nothing", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  CountersBeginAgain(world, world.b);
  world.Sweep();
  CHECK(world.Alarms().empty());
}

TEST_CASE("A member that was not heard for a while, and no more, did not restart", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(2);
  world.neighbours = NeighbourPort::Says::kNothing;
  world.reply = [&](Guid asked, std::size_t, int) {
    return asked == world.b ? Heard::kNothing : Heard::kAnswered;
  };
  world.Ask(3);
  world.reply = {};
  world.Ask(1);
  world.Sweep();
  CHECK(world.Found("pair-member-restarted").empty());
}

TEST_CASE("Both members that restart within minutes have a cause in common", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  CountersBeginAgain(world, world.a);
  LinksWentDownAndUp(world, world.a);
  world.Sweep(60s);
  CHECK(world.Found("pair-correlated").empty());
  CountersBeginAgain(world, world.a, false);
  CountersBeginAgain(world, world.b);
  LinksWentDownAndUp(world, world.b);
  world.Sweep(60s);
  REQUIRE(world.Found("pair-correlated").size() == 1);
  CHECK(world.Found("pair-correlated")[0].summary.starts_with(
      "leafA and leafB of pair leaves restarted within"));
}

Finding Errors(PortKey port) {
  Finding finding;
  finding.rule = "link-errors";
  finding.severity = Severity::kWarning;
  finding.subject = Subject::Link(port);
  return finding;
}

TEST_CASE("Errors that begin at both members together have a cause in common", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Sweep();
  world.fabric_findings = {Errors({world.a, 9})};
  world.Sweep();
  CHECK(world.Found("pair-correlated").empty());
  world.fabric_findings.push_back(Errors({Guid{6}, 2}));
  world.Sweep();
  CHECK(world.Found("pair-correlated").size() == 1);
}

TEST_CASE("Errors that were there when rates became known did not begin", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.fabric_findings = {Errors({world.a, 9}), Errors({world.b, 9})};
  world.Sweep();
  world.Sweep();
  CHECK(world.Found("pair-correlated").empty());
}

TEST_CASE("Errors of a spine that both members hang on are the spine's", "[rules][pairs][unit]") {
  PairWorld world;
  const Guid third = world.fabric.AddSwitch("leafC", 12);
  world.fabric.Connect(third, 9, world.spine0, 3);
  world.Sweep();
  world.Sweep();
  for (const std::uint8_t port : std::vector<std::uint8_t>{1, 2, 3})
    world.fabric_findings.push_back(Errors({world.spine0, port}));
  world.Sweep();
  CHECK(world.Found("pair-correlated").empty());
}

TEST_CASE("Errors on links of the whole fabric are no matter of a pair", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Sweep();
  for (const Guid leaf : {world.a, world.b}) {
    for (const std::uint8_t port : std::vector<std::uint8_t>{1, 2, 9, 10})
      world.fabric_findings.push_back(Errors({leaf, port}));
  }
  SECTION("members alone") {
    world.Sweep();
    CHECK(world.Found("pair-correlated").size() == 1);
  }
  SECTION("and their spines") {
    for (const Guid spine : {world.spine0, world.spine1}) world.fabric_findings.push_back(Errors({spine, 1}));
    world.Sweep();
    CHECK(world.Found("pair-correlated").empty());
  }
}

}  // namespace
}  // namespace aftershock::tests

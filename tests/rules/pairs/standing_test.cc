#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "pair_world.h"

namespace aftershock::tests {
namespace {

using Names = std::vector<std::string>;

// Every n-th question is lost, to whom `of` says.
PairWorld::Reply EveryNth(int n, std::function<bool(Guid)> of) {
  return [n, of, count = 0](Guid asked, std::size_t, int) mutable {
    if (!of(asked)) return Heard::kAnswered;
    return ++count % n == 0 ? Heard::kNothing : Heard::kAnswered;
  };
}

PairWorld::Reply Silent(Guid member, Heard heard = Heard::kNothing) {
  return [=](Guid asked, std::size_t, int) { return asked == member ? heard : Heard::kAnswered; };
}

TEST_CASE("A healthy pair has no finding", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(40);
  CHECK(world.Alarms().empty());
  CHECK(world.report().pairs[0].Live() == 2u);
  CHECK(world.report().pairs[0].members[0].asked == 50);
}

TEST_CASE("A few lost answers leave a healthy pair silent", "[rules][pairs][unit]") {
  PairWorld world;
  world.reply = EveryNth(20, [](Guid) { return true; });
  world.Sweep();
  for (int i = 0; i < 100; ++i) {
    world.Ask(5);
    CHECK(world.Alarms().empty());
  }
}

TEST_CASE("A member whose neighbours' ports are down is dead, and the pair degraded",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  world.Ask(1);
  CHECK(world.Alarms().empty());
  world.Ask(1);
  CHECK(world.Alarms() == Names{"pair-degraded"});
  CHECK(world.StateOf(1) == MemberState::kDead);
  CHECK(ToString(world.Found("pair-degraded")[0].subject) == "pair:leaves");
  CHECK(world.report().pairs[0].Live() == 1u);
}

TEST_CASE("A pair without a live member is lost, and not degraded besides", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = [](Guid, std::size_t, int) { return Heard::kNothing; };
  world.Ask(2);
  CHECK(world.Found("pair-lost").size() == 1);
  CHECK(world.Found("pair-degraded").empty());
  CHECK(world.Found("pair-lost")[0].severity == Severity::kCritical);
}

TEST_CASE("Both members that die together have a cause in common", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  world.Ask(4);
  CHECK(world.Found("pair-correlated").empty());
  world.reply = [](Guid, std::size_t, int) { return Heard::kNothing; };
  world.Ask(2);
  CHECK(world.Found("pair-correlated").size() == 1);
}

TEST_CASE("Members that die an hour apart have none", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  world.Ask(720);
  world.reply = [](Guid, std::size_t, int) { return Heard::kNothing; };
  world.Ask(2);
  CHECK(world.Found("pair-correlated").empty());
}

TEST_CASE("A member that loses a third of its answers is intermittent within the window",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(24);
  world.reply = EveryNth(3, [&](Guid g) { return g == world.b; });
  world.Ask(24);
  CHECK(world.Alarms() == Names{"pair-intermittent"});
  CHECK(world.StateOf(0) == MemberState::kLive);
  CHECK(world.StateOf(1) == MemberState::kIntermittent);
}

TEST_CASE("Late answers are missing ones", "[rules][pairs][unit]") {
  PairWorld world;
  world.reply = [&](Guid asked, std::size_t, int round) {
    return asked == world.b && round % 2 == 0 ? Heard::kLate : Heard::kAnswered;
  };
  world.Sweep();
  world.Ask(24);
  CHECK(world.StateOf(1) == MemberState::kIntermittent);
}

TEST_CASE("Both members at a third are one critical finding", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(24);
  world.reply = EveryNth(3, [](Guid) { return true; });
  world.Ask(30);
  REQUIRE(world.Found("pair-both-intermittent").size() == 1);
  CHECK(world.Found("pair-both-intermittent")[0].severity == Severity::kCritical);
  CHECK(world.Found("pair-intermittent").empty());
  CHECK(world.Found("pair-correlated").size() == 1);
}

TEST_CASE("Loss by one route alone is the route's", "[rules][pairs][unit]") {
  PairWorld world;
  world.reply = [&](Guid asked, std::size_t route, int) {
    return asked == world.b && route == 1 ? Heard::kNothing : Heard::kAnswered;
  };
  world.Sweep();
  world.Ask(30);
  CHECK(world.Alarms().empty());
  CHECK(world.StateOf(1) == MemberState::kLive);
  CHECK(world.report().pairs[0].members[1].broken_routes == 1);
}

TEST_CASE("What is lost behind a member that loses is the member's", "[rules][pairs][unit]") {
  PairWorld world;
  world.via_first = world.via_second = {world.a};
  world.reply = EveryNth(3, [](Guid) { return true; });
  world.Sweep();
  world.Ask(30);
  CHECK(world.StateOf(0) == MemberState::kIntermittent);
  CHECK(world.StateOf(1) == MemberState::kLive);
  CHECK(world.Found("pair-both-intermittent").empty());
}

// Independent losses, the same in every run: of what is asked of a switch so much is lost.
PairWorld::Reply Losing(std::function<double(Guid)> share) {
  return [share, chance = std::mt19937(7)](Guid asked, std::size_t, int) mutable {
    return std::uniform_real_distribution<>(0, 1)(chance) < share(asked) ? Heard::kNothing : Heard::kAnswered;
  };
}

TEST_CASE("What every switch on the way loses is not the members'", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  world.AskTransits();
  const double each = GENERATE(0.01, 0.03, 0.05);
  world.reply = Losing([&](Guid guid) {
    const int hops = guid == world.own_leaf ? 1 : guid == world.spine0 || guid == world.spine1 ? 2 : 3;
    return 1 - std::pow(1 - each, 2 * hops);
  });
  world.Sweep();
  for (int i = 0; i < 4000; ++i) {
    world.Ask(1);
    CAPTURE(i);
    REQUIRE(world.Alarms() == Names{});
  }
}

TEST_CASE("What one transit switch loses is not the members'", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  world.AskTransits();
  // Our own leaf, by which every route leads.
  world.reply = Losing([&](Guid guid) { return guid == world.own_leaf ? 0.10 : 0.19; });
  world.Sweep();
  for (int i = 0; i < 4000; ++i) {
    world.Ask(1);
    CAPTURE(i);
    REQUIRE(world.Alarms() == Names{});
  }
}

TEST_CASE("A member that loses a third is found behind a way that loses a little", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  world.AskTransits();
  world.reply = Losing([&](Guid guid) { return guid == world.b ? 0.5 : guid == world.a ? 0.08 : 0.04; });
  world.Sweep();
  world.Ask(40);
  CHECK(world.Alarms() == Names{"pair-intermittent"});
}

// Members that are asked directly, and by a second route that leads through the other one.
void AskSpines(PairWorld& world) {
  world.AskTransits();
  world.via_first = {world.own_leaf};
  world.via_second = {world.own_leaf, world.a, world.b};
}

TEST_CASE("Several spines that lose packets at once are each intermittent", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  AskSpines(world);
  const double each = GENERATE(0.2, 0.3, 0.4);
  world.reply = [&, chance = std::mt19937(7)](Guid asked, std::size_t route, int) mutable {
    if (asked != world.a && asked != world.b) return Heard::kAnswered;
    const double answered = std::pow(1 - each, route == 0 ? 2 : 4);
    return std::uniform_real_distribution<>(0, 1)(chance) < answered ? Heard::kAnswered : Heard::kNothing;
  };
  world.Sweep();
  world.Ask(60);
  for (int i = 0; i < 1000; ++i) {
    world.Ask(1);
    CAPTURE(each, i);
    REQUIRE(world.Found("pair-both-intermittent").size() == 1);
  }
}

TEST_CASE("A spine behind another that loses packets is live", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  AskSpines(world);
  const double each = GENERATE(0.2, 0.3, 0.4);
  const bool first = GENERATE(true, false);
  world.reply = [&, chance = std::mt19937(7)](Guid asked, std::size_t route, int) mutable {
    const Guid bad = first ? world.a : world.b, good = first ? world.b : world.a;
    const bool loses = asked == bad || (asked == good && route == 1);
    const double answered = loses ? std::pow(1 - each, 2) : 0.98;
    return std::uniform_real_distribution<>(0, 1)(chance) < answered ? Heard::kAnswered : Heard::kNothing;
  };
  world.Sweep();
  for (int i = 0; i < 2000; ++i) {
    world.Ask(1);
    CAPTURE(each, first, i);
    REQUIRE(world.StateOf(first ? 1 : 0) == MemberState::kLive);
  }
}

TEST_CASE("Both members that lose a lot stay intermittent however the losses fall", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  world.reply = Losing([](Guid) { return 0.64; });
  world.Sweep();
  world.Ask(60);
  for (int i = 0; i < 4000; ++i) {
    world.Ask(1);
    REQUIRE(world.Found("pair-both-intermittent").size() == 1);
    REQUIRE(world.Found("pair-correlated").size() == 1);
  }
}

TEST_CASE("Two rounds without an answer are chance while a port that leads to it has its signal",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  world.Sweep();
  world.Ask(24);
  world.reply = [](Guid, std::size_t, int) { return Heard::kNothing; };
  world.Ask(2);
  CHECK(world.Alarms().empty());
  world.Ask(1);
  CHECK(world.Alarms() == Names{"pair-both-intermittent", "pair-correlated"});
}

TEST_CASE("A member that comes back behind a cut way is live at once", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kNothing;
  world.Sweep();
  world.Ask(4);
  world.reply = Silent(world.b);
  world.Ask(12);
  world.reply = {};
  world.Ask(1);
  CHECK(world.Alarms().empty());
  CHECK(world.StateOf(1) == MemberState::kLive);
}

TEST_CASE("A member that lives behind broken routes is unseen, and not dead", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  SECTION("because a host still has its signal") {
    world.host_neighbour = NeighbourPort::Says::kLinked;
  }
  SECTION("because nothing on the way answers") {
    world.neighbours = NeighbourPort::Says::kNothing;
  }
  world.Ask(4);
  CHECK(world.Alarms() == Names{"pair-unseen"});
  CHECK(world.Found("pair-unseen")[0].unknown);
  CHECK_FALSE(world.report().pairs[0].Live());
}

TEST_CASE("Two rounds without an answer are chance where no neighbour says that it is dead",
          "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  SECTION("because a host still has its signal") {
    world.host_neighbour = NeighbourPort::Says::kLinked;
  }
  SECTION("because its neighbours are asked by no other way") {
    world.neighbours = NeighbourPort::Says::kNothing;
  }
  world.Ask(2);
  CHECK(world.Alarms().empty());
  CHECK(world.StateOf(1) == MemberState::kLive);
}

TEST_CASE("A member with a signal that answers nothing functions to a degree", "[rules][pairs][unit]") {
  PairWorld world;
  world.neighbours = NeighbourPort::Says::kLinked;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  world.Ask(4);
  CHECK(world.Alarms() == Names{"pair-intermittent"});
}

TEST_CASE("While our own port is down nothing is known, and no pair is at fault", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = [](Guid, std::size_t, int) { return Heard::kVoid; };
  world.Ask(3);
  CHECK(world.Alarms() == Names{"pair-unseen"});
  CHECK(world.StateOf(0) == MemberState::kUnknown);
}

TEST_CASE("Our own port's flapping is no member's intermittence", "[rules][pairs][unit]") {
  PairWorld world;
  world.reply = [](Guid, std::size_t, int round) {
    return round % 3 == 0 ? Heard::kVoid : round % 3 == 1 ? Heard::kNothing : Heard::kAnswered;
  };
  world.Sweep();
  world.Ask(2);
  for (int i = 0; i < 60; ++i) {
    world.Ask(1);
    CHECK(world.Found("pair-intermittent").empty());
    CHECK(world.Found("pair-both-intermittent").empty());
    CHECK(world.Found("pair-degraded").empty());
    CHECK(world.Found("pair-lost").empty());
  }
}

TEST_CASE("A member that is back from the dead is live at once", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  world.Ask(10);
  world.reply = {};
  world.Ask(1);
  CHECK(world.StateOf(1) == MemberState::kLive);
  CHECK(world.Alarms().empty());
}

TEST_CASE("Before the first round members are unknown, and that is no finding", "[rules][pairs][unit]") {
  PairWorld world;
  world.Sweep();
  CHECK(world.Alarms().empty());
  CHECK_FALSE(world.report().pairs[0].Live());
}

TEST_CASE("In a saved snapshot members stand as the sweep saw them", "[rules][pairs][unit]") {
  PairWorld world;
  world.asking = false;
  world.Sweep();
  CHECK(world.Alarms().empty());
  CHECK(world.report().pairs[0].Live() == 2u);
}

TEST_CASE("A group of spines is lost when fewer live than must", "[rules][pairs][unit]") {
  PairWorld world;
  world.settings.pairs[0].must_live = 2;
  world.Sweep();
  world.Ask(10);
  world.reply = Silent(world.b);
  world.Ask(2);
  CHECK(world.Found("pair-lost").size() == 1);
}

}  // namespace
}  // namespace aftershock::tests

#include <catch2/catch.hpp>

#include "before_after.h"

namespace aftershock::tests {
namespace {

TEST_CASE("Without a baseline there is one finding, with the age of what may become it", "[rules][unit]") {
  BeforeAfter world{Image{}};
  world.baseline.reset();
  const Image now = ImageOf(FatTree());
  world.Look(now);
  REQUIRE(world.Look(now, 240s).size() == 1);
  const Finding& none = world.judgement.findings[0];
  CHECK(none.rule == "baseline-missing");
  CHECK(none.unknown);
  CHECK(none.summary == "Nothing to compare with so far: baseline is 4 min old, needs 10 min");
  CHECK_FALSE(world.judgement.fit);
  world.Look(now, 360s);
  CHECK(world.judgement.fit);
}

TEST_CASE("A critical finding begins the wait anew", "[rules][unit]") {
  BeforeAfter world{Image{}};
  world.baseline.reset();
  const Image now = ImageOf(FatTree());
  world.Look(now);
  world.critical = true;
  world.Look(now, 600s);
  CHECK_FALSE(world.judgement.fit);
  world.critical = false;
  world.Look(now);
  CHECK_FALSE(world.judgement.fit);
  world.Look(now, 600s);
  CHECK(world.judgement.fit);
}

TEST_CASE("What could not be seen in full does not count, and does not begin anew", "[rules][unit]") {
  BeforeAfter world{Image{}};
  world.baseline.reset();
  const Image now = ImageOf(FatTree());
  world.Look(now);
  world.Look(now, 400s);
  world.complete = false;
  world.Look(now, 1000s);
  CHECK_FALSE(world.judgement.fit);
  world.complete = true;
  world.Look(now, 200s);
  CHECK(world.judgement.fit);
}

TEST_CASE("Hosts that come and go do not begin the wait anew, switches do", "[rules][unit]") {
  BeforeAfter world{Image{}};
  world.baseline.reset();
  auto fabric = FatTree();
  world.Look(ImageOf(fabric));
  fabric.Remove(Guid{3});
  world.Look(ImageOf(fabric), 600s);
  CHECK(world.judgement.fit);
  fabric.Remove(Guid{6});
  world.Look(ImageOf(fabric), 600s);
  CHECK_FALSE(world.judgement.fit);
}

TEST_CASE("A restart keeps the candidate's age, and a clock set back does not harm it", "[rules][unit]") {
  BeforeAfter world{Image{}};
  world.baseline.reset();
  const Image now = ImageOf(FatTree());
  world.Look(now);
  world.Look(now, 500s);
  world.Restart();
  world.wall -= 10h;
  world.Look(now);
  CHECK_FALSE(world.judgement.fit);
  world.Look(now, 100s);
  CHECK(world.judgement.fit);
}

}  // namespace
}  // namespace aftershock::tests

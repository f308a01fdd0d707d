#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

TEST_CASE("A linked port in Init or Armed is a note, and a warning when read again", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).info->state = GENERATE(PortState::kInit, PortState::kArmed);
  Plane plane;
  REQUIRE(Of(plane.Sweep(fabric.Build()), "port-not-active").size() == 1);
  CHECK(plane.verdict() == Verdict::kOk);
  REQUIRE(Of(plane.Sweep(fabric.Build()), "port-not-active").size() == 1);
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("A link that waits at both ends is told once", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}, 2).info->state = PortState::kInit;
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.Sweep(fabric.Build()), "port-not-active").size() == 1);
  fabric.At(Guid{2}, 1).info->state = PortState::kInit;
  const auto found = Of(plane.Sweep(fabric.Build()), "port-not-active");
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject == Subject::Link({Guid{2}, 1}));
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("A port that is not read again does not become a warning", "[rules][unit]") {
  auto fabric = FatTree();
  Port& port = fabric.At(Guid{2}, 1);
  port.info->state = PortState::kInit;
  Plane plane;
  plane.Sweep(fabric.Build());
  port.info_answer = Answer::kNotAsked;
  plane.Sweep(fabric.Build());
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("A port that has become Active is forgotten", "[rules][unit]") {
  auto fabric = FatTree();
  Port& port = fabric.At(Guid{2}, 1);
  Plane plane;
  for (const PortState state : {PortState::kInit, PortState::kActive, PortState::kInit}) {
    port.info->state = state;
    plane.Sweep(fabric.Build());
  }
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("A port without a signal is not expected to be Active", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.Pull(Guid{2}, 1);
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(plane.Sweep(fabric.Build()).empty());
}

void Bounce(Plane& plane, const FabricBuilder& up, Duration later = 60s) {
  auto down = up;
  down.Pull(Guid{7}, 5);
  plane.Sweep(down.Build(), later);
  plane.Sweep(up.Build(), later);
}

TEST_CASE("A link seen to go down three times is flapping", "[rules][unit]") {
  const auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  for (int i = 0; i < 3; ++i) Bounce(plane, fabric);
  const auto found = Of(plane.findings(), "link-flapping");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "spine0 port 1 to leaf0 port 5 went down 3 times in the last 12 h");
  REQUIRE(found[0].recurs);
  CHECK(found[0].recurs->seen.size() == 3);
  for (const Occurrence& seen : found[0].recurs->seen) CHECK(seen.at);
}

TEST_CASE("Two downs are not flapping, and old ones are forgotten", "[rules][unit]") {
  const auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  for (int i = 0; i < 2; ++i) Bounce(plane, fabric);
  CHECK(Of(plane.findings(), "link-flapping").empty());
  Bounce(plane, fabric, 7h);
  CHECK(Of(plane.findings(), "link-flapping").empty());
}

TEST_CASE("Downs that only LinkDowned saw count", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(Guid{7}, 5), Counter::kLinkDowned, 3);
  Count(fabric.At(Guid{5}, 1), Counter::kLinkDowned, 2);
  CHECK(Of(plane.Sweep(fabric.Build()), "link-flapping").size() == 1);
}

TEST_CASE("A down that was seen and counted is one down", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  for (int i = 0; i < 2; ++i) {
    Count(fabric.At(Guid{7}, 5), Counter::kLinkDowned, 1);
    Count(fabric.At(Guid{5}, 1), Counter::kLinkDowned, 1);
    Bounce(plane, fabric);
  }
  CHECK(Of(plane.findings(), "link-flapping").empty());
}

TEST_CASE("What LinkDowned held before the first read is history", "[rules][unit]") {
  auto fabric = FatTree();
  Count(fabric.At(Guid{7}, 5), Counter::kLinkDowned, 200);
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A host that restarts and takes its link down three times does not flap", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  auto down = fabric;
  down.Pull(Guid{2}, 1);
  plane.Sweep(down.Build());
  fabric.At(Guid{2}, 1).restarted = true;
  const auto& leaf = plane.Sweep(fabric.Build());
  CHECK(Of(leaf, "link-flapping").empty());
  fabric.At(Guid{2}, 1).restarted = false;
  Count(fabric.At(Guid{7}, 2), Counter::kLinkDowned, 3);
  CHECK(Of(plane.Sweep(fabric.Build()), "link-flapping").empty());
}

TEST_CASE("Counters that are all cleared do not excuse flapping", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  for (int i = 0; i < 2; ++i) Bounce(plane, fabric);
  fabric.At(Guid{7}, 5).restarted = true;
  plane.Sweep(fabric.Build());
  fabric.At(Guid{7}, 5).restarted = false;
  Bounce(plane, fabric);
  CHECK(Of(plane.findings(), "link-flapping").size() == 1);
}

}  // namespace
}  // namespace aftershock::tests

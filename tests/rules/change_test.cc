#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

TEST_CASE("A switch that is gone is one critical finding until it is back", "[rules][unit]") {
  const auto fabric = FatTree();
  auto without = fabric;
  without.Remove(Guid{6});
  Plane plane;
  plane.Sweep(fabric.Build());
  for (int i = 0; i < 3; ++i) {
    const auto& found = plane.Sweep(without.Build());
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "switch-lost");
    CHECK(found[0].summary == "Switch spine1 is gone: the ports that led to it are down");
  }
  CHECK(plane.verdict() == Verdict::kCritical);
  CHECK(Of(plane.Sweep(fabric.Build()), "switch-lost").empty());
}

TEST_CASE("A partial sweep loses nothing", "[rules][unit]") {
  const auto fabric = FatTree();
  auto without = fabric;
  without.Remove(Guid{6});
  without.Pull(Guid{7}, 1);
  without.sweep().complete = false;
  Plane plane;
  plane.Sweep(fabric.Build());
  const auto& found = plane.Sweep(without.Build());
  CHECK(Of(found, "switch-lost").empty());
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("A partial sweep does not forget a lost switch", "[rules][unit]") {
  const auto fabric = FatTree();
  auto without = fabric;
  without.Remove(Guid{6});
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(without.Build());
  without.sweep().complete = false;
  CHECK(Of(plane.Sweep(without.Build()), "switch-lost").size() == 1);
}

TEST_CASE("A switch that was never seen cannot be lost", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.Remove(Guid{6});
  Plane plane;
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A host that is gone is a note, and a warning after an hour", "[rules][unit]") {
  const auto fabric = FatTree();
  auto without = fabric;
  without.Remove(Guid{3});
  Plane plane;
  plane.Sweep(fabric.Build());
  REQUIRE(plane.Sweep(without.Build()).size() == 1);
  CHECK(plane.findings()[0].rule == "node-lost");
  CHECK(plane.verdict() == Verdict::kOk);
  plane.Sweep(without.Build(), 59min);
  CHECK(plane.verdict() == Verdict::kOk);
  plane.Sweep(without.Build(), 2min);
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("A pulled cable is one warning while both nodes answer", "[rules][unit]") {
  const auto fabric = FatTree();
  auto pulled = fabric;
  pulled.Pull(Guid{7}, 5);
  Plane plane;
  plane.Sweep(fabric.Build());
  const auto& found = plane.Sweep(pulled.Build());
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "link-lost");
  CHECK(found[0].summary == "spine0 port 1 to leaf0 port 5 carried a link and is down");
  CHECK(plane.Sweep(pulled.Build()).size() == 1);
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A link that is down at one end only is lost", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Port& port = fabric.At(Guid{5}, 1);
  port.info->phys_state = PhysState::kDisabled;
  port.info->state = PortState::kDown;
  fabric.At(Guid{7}, 5).info_answer = Answer::kNotAsked;
  fabric.At(Guid{7}, 5).info_sweep = 1;
  CHECK(Of(plane.Sweep(fabric.Build()), "link-lost").size() == 1);
}

TEST_CASE("A cable that was moved to another port is not lost", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  fabric.Pull(Guid{7}, 6);
  fabric.Pull(Guid{8}, 6);
  fabric.Connect(Guid{7}, 6, Guid{6}, 2);
  fabric.Connect(Guid{8}, 6, Guid{6}, 1);
  CHECK(Of(plane.Sweep(fabric.Build()), "link-lost").empty());
}

TEST_CASE("A port that never had a link is not lost", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.Pull(Guid{7}, 5);
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("since is when a finding was first seen, and is forgotten with it", "[rules][unit]") {
  const auto fabric = FatTree();
  auto pulled = fabric;
  pulled.Pull(Guid{7}, 5);
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(pulled.Build());
  const WallTime first = plane.now();
  plane.Sweep(pulled.Build());
  CHECK(plane.findings().at(0).since == first);
  plane.Sweep(fabric.Build());
  plane.Sweep(pulled.Build());
  CHECK(plane.findings().at(0).since == plane.now());
}

}  // namespace
}  // namespace aftershock::tests

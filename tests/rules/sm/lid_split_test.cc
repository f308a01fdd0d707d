#include <catch2/catch.hpp>

#include "managed.h"

namespace aftershock::tests {
namespace {

constexpr const char* kSplit = "sm-lid-split";
constexpr Guid kSpine{5};

TEST_CASE("Ports with another SM LID than the master's are a note, and critical when read again",
          "[rules][sm][unit]") {
  auto fabric = WithStandby();
  fabric.At(kThirdHost, 1).info->sm_lid = Lid{40};
  fabric.At(kSpine, 0).info->sm_lid = Lid{3};
  Plane plane;
  CHECK(Of(plane.Sweep(fabric.Build()), kSplit).at(0).severity == Severity::kNote);
  CHECK(Of(plane.Sweep(fabric.Build(), 2s), kSplit).at(0).severity == Severity::kNote);
  const auto found = Of(plane.Sweep(fabric.Build(), 1s), kSplit);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary ==
        "The master is at LID 1, of which 10 ports were told, and spine0 port 0 of LID 3, host2 port 1 of "
        "LID 40");
}

TEST_CASE("Ports that all know the master are no split", "[rules][sm][unit]") {
  CHECK(Judged(WithStandby(), kSplit).empty());
}

TEST_CASE("The SM LIDs of external switch ports and of ports that are down do not matter",
          "[rules][sm][unit]") {
  auto fabric = WithMaster();
  fabric.At(kSpine, 1).info->sm_lid = Lid{40};
  fabric.Pull(kThirdHost, 1);
  fabric.At(kThirdHost, 1).info->sm_lid = Lid{40};
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.Sweep(fabric.Build()), kSplit).empty());
}

TEST_CASE("A handover in which the ports follow one after the other is no alarm", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Plane plane;
  plane.Sweep(fabric.Build());
  Lead(fabric, kStandbyHost);
  auto between = fabric.Build();
  for (Node& node : between.nodes) {
    if (node.guid == kThirdHost) node.ports[0].info->sm_lid = Lid{1};
  }
  CHECK(Of(plane.Sweep(between), kSplit).at(0).severity == Severity::kNote);
  CHECK(Of(plane.Sweep(fabric.Build()), kSplit).empty());
}

TEST_CASE("A port that was not read again since the master moved confirms nothing", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Plane plane;
  plane.Sweep(fabric.Build());
  Lead(fabric, kStandbyHost);
  auto stale = fabric.Build();
  for (Node& node : stale.nodes) {
    if (node.guid != kThirdHost) continue;
    node.ports[0].info->sm_lid = Lid{1};
    node.ports[0].info_answer = Answer::kNotAsked;
  }
  for (int i = 0; i < 5; ++i) CHECK(Of(plane.Sweep(stale), kSplit).empty());
}

TEST_CASE("A master that moves between two reads begins them anew", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Plane plane;
  for (int i = 0; i < 6; ++i) {
    Lead(fabric, i % 2 == 0 ? kMasterHost : kStandbyHost);
    fabric.At(kThirdHost, 1).info->sm_lid = Lid{40};
    CHECK(Of(plane.Sweep(fabric.Build()), kSplit).at(0).severity == Severity::kNote);
  }
}

TEST_CASE("With two masters a port may know either", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kMaster;
  fabric.At(kThirdHost, 1).info->sm_lid = Lid{3};
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), kSplit).empty());
  CHECK(Of(plane.findings(), "sm-several").size() == 1);
}

}  // namespace
}  // namespace aftershock::tests

#include <catch2/catch.hpp>

#include "managed.h"

namespace aftershock::tests {
namespace {

FabricBuilder WithSa(Duration latency = 1ms) {
  auto fabric = WithStandby();
  fabric.sa() = {.lid = Lid{1}, .answer = Answer::kAnswered, .latency = latency};
  return fabric;
}

TEST_CASE("An SA that answers at once is no finding", "[rules][sm][unit]") {
  CHECK(Judged(WithSa(), "sa-silent").empty());
  CHECK(Judged(WithSa(), "sa-slow").empty());
}

TEST_CASE("An SA that does not answer is unknown", "[rules][sm][unit]") {
  auto fabric = WithSa();
  fabric.sa().answer = GENERATE(Answer::kTimeout, Answer::kError);
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "sa-silent");
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject == Subject::Fabric());
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("An SA that was not asked is not silent", "[rules][sm][unit]") {
  auto fabric = WithSa();
  fabric.sa() = {};
  CHECK(Judged(fabric, "sa-silent").empty());
  fabric.sa().answer = Answer::kUnreachable;
  fabric.sweep().complete = false;
  CHECK(Judged(fabric, "sa-silent").empty());
}

TEST_CASE("Without a master a silent SA is folded under that", "[rules][sm][unit]") {
  auto fabric = WithSa();
  fabric.sa().answer = Answer::kTimeout;
  fabric.sm().info->state = SmState::kStandby;
  ManagerOn(fabric, kMasterHost).info->state = GENERATE(SmState::kStandby, SmState::kDiscovering);
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), "sa-silent").at(0).because == "sm-missing fabric");
}

TEST_CASE("A master that took over just now may answer as busy for a while", "[rules][sm][unit]") {
  auto fabric = WithSa();
  Plane plane;
  plane.Sweep(fabric.Build());
  Lead(fabric, kStandbyHost);
  fabric.sa().answer = Answer::kError;
  for (int i = 0; i < 3; ++i) {
    CHECK(Of(plane.Sweep(fabric.Build()), "sa-silent").at(0).severity == Severity::kNote);
  }
  CHECK(Of(plane.Sweep(fabric.Build()), "sa-silent").at(0).severity == Severity::kWarning);
}

TEST_CASE("An SA is slow when several answers in turn were", "[rules][sm][unit]") {
  Plane plane;
  plane.Sweep(WithSa(150ms).Build());
  plane.Sweep(WithSa(150ms).Build());
  CHECK(Of(plane.findings(), "sa-slow").empty());
  plane.Sweep(WithSa(100ms).Build());
  CHECK(Of(plane.findings(), "sa-slow").at(0).summary ==
        "The subnet's administration at LID 1 took 100 ms and more for each of its last 3 answers");
  plane.Sweep(WithSa(99ms).Build());
  CHECK(Of(plane.findings(), "sa-slow").empty());
}

TEST_CASE("The answers of the master before do not count against a new one", "[rules][sm][unit]") {
  auto fabric = WithSa(150ms);
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(fabric.Build());
  Lead(fabric, kStandbyHost);
  CHECK(Of(plane.Sweep(fabric.Build()), "sa-slow").empty());
}

}  // namespace
}  // namespace aftershock::tests

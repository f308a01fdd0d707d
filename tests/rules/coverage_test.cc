#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

TEST_CASE("A healthy fabric is OK and gives no finding", "[rules][unit]") {
  Plane plane;
  plane.Sweep(FatTree(2).Build());
  CHECK(plane.Sweep(FatTree(2).Build()).empty());
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("A snapshot without a node is UNKNOWN", "[rules][unit]") {
  Plane plane;
  CHECK(Of(plane.Sweep(FabricBuilder().Build()), "sweep-incomplete").size() == 1);
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("A partial sweep is UNKNOWN and says why", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.sweep().complete = false;
  fabric.sweep().incomplete_because = "the deadline came first";
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "sweep-incomplete");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "The fabric could not be read in full: the deadline came first");
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("A complete sweep is not incomplete", "[rules][unit]") {
  CHECK(Judged(FatTree(), "sweep-incomplete").empty());
}

TEST_CASE("Nodes that answer SMPs while every GMP is silent are one finding", "[rules][unit]") {
  auto fabric = FatTree();
  for (unsigned guid = 1; guid <= 8; ++guid) fabric.At(Guid{guid}).pma_answer = Answer::kTimeout;
  for (unsigned guid = 1; guid <= 8; ++guid) {
    for (Port& port : fabric.At(Guid{guid}).ports) port.counters_answer = Answer::kTimeout;
  }
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(plane.findings().front().rule == "sweep-incomplete");
  for (const Finding& f : Of(plane.findings(), "node-unresponsive")) CHECK(f.because);
}

TEST_CASE("A silent node is UNKNOWN and named", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}).answer = Answer::kTimeout;
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "node-unresponsive");
  REQUIRE(found.size() == 1);
  CHECK(found[0].unknown);
  CHECK(found[0].summary == "leaf0 does not answer: no answer");
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("A node whose counters are silent is UNKNOWN", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}, 1).counters_answer = Answer::kTimeout;
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "node-unresponsive");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "leaf0 answers, but the counters of port 1 could not be read: no answer");
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("Counters that a device does not have are not missing", "[rules][unit]") {
  auto fabric = FatTree();
  for (Port& port : fabric.At(Guid{7}).ports) port.counters_answer = Answer::kUnsupported;
  CHECK(Judged(fabric, "node-unresponsive").empty());
}

TEST_CASE("Silent counters of a port without a cable are not missing", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.Pull(Guid{7}, 1);
  fabric.At(Guid{7}, 1).counters_answer = Answer::kTimeout;
  CHECK(Judged(fabric, "node-unresponsive").empty());
}

TEST_CASE("A signal behind which nobody answers is UNKNOWN at that port", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.Silence(Guid{1});
  const auto found = Judged(fabric, "node-unresponsive");
  REQUIRE(found.size() == 2);
  CHECK(found[0].subject.kind == SubjectKind::kLink);
  CHECK(found[0].unknown);
}

TEST_CASE("A node known before that falls silent behind live links is one finding about the node",
          "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  fabric.Silence(Guid{4});
  const auto found = Of(plane.Sweep(fabric.Build()), "node-unresponsive");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "host3 does not answer any more, though its links are up");
  CHECK(Of(plane.findings(), "node-lost").empty());
}

TEST_CASE("A tenth of the requests lost is a warning that leaves nothing unknown", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}).requests = 50;
  fabric.At(Guid{7}).lost = 5;
  Plane plane;
  CHECK(Of(plane.Sweep(fabric.Build()), "node-unresponsive").size() == 1);
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("A few lost requests are nothing", "[rules][unit]") {
  auto fabric = FatTree();
  const auto [requests, lost] = GENERATE(std::pair{10u, 4u}, std::pair{100u, 9u}, std::pair{0u, 0u});
  fabric.At(Guid{7}).requests = requests;
  fabric.At(Guid{7}).lost = lost;
  CHECK(Judged(fabric, "node-unresponsive").empty());
}

}  // namespace
}  // namespace aftershock::tests

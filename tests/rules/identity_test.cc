#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

TEST_CASE("Two nodes with one GUID are one critical finding", "[rules][unit]") {
  auto snapshot = FatTree().Build();
  snapshot.nodes[1].guid = snapshot.nodes[0].guid;
  snapshot.nodes[0].duplicate = snapshot.nodes[1].duplicate = true;
  Plane plane;
  const auto found = Of(plane.Sweep(snapshot), "guid-duplicate");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary == "2 devices have the GUID 0x0000000000000001: host0 and host1");
}

TEST_CASE("Two adapters with one port GUID are critical", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).guid = fabric.At(Guid{1}, 1).guid;
  CHECK(Judged(fabric, "guid-duplicate").size() == 1);
}

TEST_CASE("Ports of a switch share its GUID and are no duplicates", "[rules][unit]") {
  auto fabric = FatTree();
  for (Port& port : fabric.At(Guid{7}).ports) port.guid = Guid{7};
  CHECK(Judged(fabric, "guid-duplicate").empty());
}

TEST_CASE("Two ports with one LID are critical", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).info->lid = fabric.At(Guid{1}, 1).info->lid;
  const auto found = Judged(fabric, "lid-duplicate");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary == "host0 port 1 and host1 port 1 both answer to LID 1");
}

TEST_CASE("Overlapping ranges of LIDs count as duplicates", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{1}, 1).info->lid = Lid{512};
  fabric.At(Guid{1}, 1).info->lmc = 2;
  fabric.At(Guid{2}, 1).info->lid = Lid{515};
  CHECK(Judged(fabric, "lid-duplicate").size() == 1);
}

TEST_CASE("Ranges of LIDs that only touch are no duplicates", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{1}, 1).info->lid = Lid{512};
  fabric.At(Guid{1}, 1).info->lmc = 2;
  fabric.At(Guid{2}, 1).info->lid = Lid{516};
  CHECK(Judged(fabric, "lid-duplicate").empty());
}

TEST_CASE("The LID of a port without a link counts for nothing", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).info->lid = fabric.At(Guid{1}, 1).info->lid;
  fabric.Pull(Guid{2}, 1);
  CHECK(Judged(fabric, "lid-duplicate").empty());
}

TEST_CASE("A LID read earlier makes a duplicate only a note", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  auto snapshot = fabric.Build();
  snapshot.nodes[1].ports[0].info->lid = snapshot.nodes[0].ports[0].info->lid;
  snapshot.nodes[0].ports[0].info_answer = Answer::kNotAsked;
  snapshot.nodes[0].ports[0].info_sweep = 1;
  const auto found = Of(plane.Sweep(snapshot), "lid-duplicate");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
}

TEST_CASE("An Active port without a valid LID is a note, and a warning when read again", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).info->lid = GENERATE(Lid{0}, Lid{0xffff}, Lid{0xc000});
  Plane plane;
  REQUIRE(Of(plane.Sweep(fabric.Build()), "lid-invalid").size() == 1);
  CHECK(plane.findings()[0].severity == Severity::kNote);
  REQUIRE(Of(plane.Sweep(fabric.Build()), "lid-invalid").size() == 1);
  CHECK(plane.findings()[0].severity == Severity::kWarning);
}

TEST_CASE("A second read too soon does not confirm an invalid LID", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).info->lid = Lid{0};
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(fabric.Build(), 1s);
  CHECK(plane.findings().at(0).severity == Severity::kNote);
}

TEST_CASE("The LIDs of a switch's external ports and of ports that are down do not matter", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}, 1).info->lid = Lid{0};
  fabric.Pull(Guid{3}, 1);
  fabric.At(Guid{3}, 1).info->lid = Lid{0xffff};
  CHECK(Judged(fabric, "lid-invalid").empty());
}

}  // namespace
}  // namespace aftershock::tests

#include <catch2/catch.hpp>

#include <algorithm>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

constexpr const char* kLeaf0 = "switch:0x0000000000000007";

// Own host and two single-port hosts behind a leaf below a spine.
FabricBuilder Tree() {
  FabricBuilder fabric;
  const Guid own = fabric.AddHost("own");
  const Guid near = fabric.AddSwitch("near");
  const Guid far = fabric.AddSwitch("far");
  fabric.Connect(own, 1, near, 1);
  fabric.Connect(near, 2, far, 1);
  fabric.Connect(near, 3, far, 2);
  for (int i = 0; i < 2; ++i) fabric.Connect(fabric.AddHost("host" + std::to_string(i)), 1, far, 4 + i);
  return fabric;
}
constexpr Guid kFar{3};

TEST_CASE("Hosts that hang only behind a lost switch are folded under it", "[rules][unit]") {
  auto fabric = Tree();
  Plane plane;
  plane.Sweep(fabric.Build());
  for (const Guid guid : {kFar, Guid{4}, Guid{5}}) fabric.Remove(guid);
  const auto& found = plane.Sweep(fabric.Build());
  REQUIRE(found.size() == 3);
  CHECK(found[0].rule == "switch-lost");
  CHECK_FALSE(found[0].because);
  CHECK(found[1].because == "switch-lost switch:0x0000000000000003");
  CHECK(found[2].because == "switch-lost switch:0x0000000000000003");
  CHECK(found[1].summary == "host0 cannot be reached behind far");
  CHECK(plane.verdict() == Verdict::kCritical);
}

TEST_CASE("Hosts that hang only behind a silent switch are folded under it", "[rules][unit]") {
  auto fabric = Tree();
  Plane plane;
  plane.Sweep(fabric.Build());
  fabric.At(kFar).answer = Answer::kTimeout;
  for (const Guid host : {Guid{4}, Guid{5}}) fabric.Remove(host);
  const auto& found = plane.Sweep(fabric.Build());
  REQUIRE(found.size() == 3);
  CHECK(Key(found[0]) == "node-unresponsive switch:0x0000000000000003");
  CHECK(found[1].because == Key(found[0]));
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("A host that has another path is not folded under a silent switch", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}).answer = Answer::kTimeout;
  fabric.At(Guid{3}).answer = Answer::kTimeout;
  Plane plane;
  for (const Finding& f : plane.Sweep(fabric.Build())) CHECK_FALSE(f.because);
}

TEST_CASE("A missing SM folds the ports that are not Active", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{2}, 1).info->state = PortState::kInit;
  fabric.At(Guid{3}, 1).info->lid = Lid{0};
  fabric.sm().answer = Answer::kTimeout;
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(fabric.Build());
  REQUIRE(Of(plane.findings(), "port-not-active").size() == 1);
  CHECK(Of(plane.findings(), "port-not-active")[0].because == "sm-missing fabric");
  CHECK(Of(plane.findings(), "lid-invalid").at(0).because == "sm-missing fabric");
}

TEST_CASE("An unusable port of our own folds everything else", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  fabric.Pull(Guid{1}, 1);
  fabric.At(Guid{4}).answer = Answer::kUnreachable;
  fabric.sweep().complete = false;
  fabric.sweep().incomplete_because = "our own port mlx5_0:1 is Down/Polling";
  const auto& found = plane.Sweep(fabric.Build());
  CHECK(found[0].rule == "sweep-incomplete");
  CHECK(found.size() > 1);
  CHECK(std::all_of(found.begin() + 1, found.end(),
                    [](const Finding& f) { return f.because == "sweep-incomplete fabric"; }));
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("What a duplicate GUID brings with it is folded under it", "[rules][unit]") {
  auto snapshot = FatTree().Build();
  snapshot.nodes[1].guid = snapshot.nodes[0].guid;
  snapshot.nodes[0].duplicate = snapshot.nodes[1].duplicate = true;
  snapshot.nodes[1].answer = Answer::kTimeout;
  Plane plane;
  const auto found = Of(plane.Sweep(snapshot), "node-unresponsive");
  REQUIRE(found.size() == 1);
  CHECK(found[0].because == "guid-duplicate host:0x0000000000000001");
}

TEST_CASE("A flapping link that is down is one finding", "[rules][unit]") {
  const auto fabric = FatTree();
  auto pulled = fabric;
  pulled.Pull(Guid{7}, 5);
  Plane plane;
  for (int i = 0; i < 3; ++i) {
    plane.Sweep(fabric.Build());
    plane.Sweep(pulled.Build());
  }
  REQUIRE(Of(plane.findings(), "link-lost").size() == 1);
  CHECK(Of(plane.findings(), "link-lost")[0].because == "link-flapping link:0x0000000000000005/1");
}

TEST_CASE("A lost host does not lose its links besides", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  fabric.Remove(Guid{3});
  CHECK(Of(plane.Sweep(fabric.Build()), "link-lost").empty());
}

TEST_CASE("Counters that cannot be asked for want of a LID follow from the port that is not Active",
          "[rules][unit]") {
  auto fabric = FatTree();
  Port& port = fabric.At(Guid{2}, 1);
  port.info->state = PortState::kInit;
  port.info->lid = Lid{0};
  port.counters_answer = Answer::kUnreachable;
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(plane.verdict() == Verdict::kUnknown);
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), "node-unresponsive").at(0).because ==
        "port-not-active link:0x0000000000000002/1");
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("An unknown does not fold under a mere warning", "[rules][unit]") {
  const auto fabric = FatTree();
  auto bad = fabric;
  Plane plane;
  plane.Sweep(fabric.Build());
  bad.Pull(Guid{7}, 5);
  bad.At(Guid{7}).switch_answer = Answer::kTimeout;
  plane.Sweep(bad.Build());
  CHECK(plane.verdict() == Verdict::kUnknown);
}

TEST_CASE("What an unreachable node misses in a partial sweep follows from the sweep", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.sweep().complete = false;
  fabric.At(Guid{7}).answer = Answer::kUnreachable;
  fabric.At(Guid{8}).answer = Answer::kTimeout;
  Plane plane;
  for (const Finding& f : Of(plane.Sweep(fabric.Build()), "node-unresponsive")) {
    CHECK(f.because.has_value() == (ToString(f.subject) == kLeaf0));
  }
}

}  // namespace

TEST_CASE("Losses on the far side of a switch that loses requests follow from that switch", "[rules][unit]") {
  FabricBuilder fabric;
  const Guid own = fabric.AddHost("own");
  const Guid near = fabric.AddSwitch("near");
  const Guid lossy = fabric.AddSwitch("lossy");
  const Guid host = fabric.AddHost("host");
  fabric.Connect(own, 1, near, 1);
  fabric.Connect(near, 2, lossy, 1);
  fabric.Connect(lossy, 2, host, 1);
  fabric.At(near).route = {1};
  fabric.At(lossy).route = {1, 2};
  fabric.At(host).route = {1, 2, 2};
  for (const Guid guid : {lossy, host}) {
    fabric.At(guid).requests = 20;
    fabric.At(guid).lost = 8;
  }
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "node-unresponsive");
  REQUIRE(found.size() == 2);
  CHECK(found[0].subject.guid == lossy);
  CHECK_FALSE(found[0].because);
  CHECK(found[1].because == Key(found[0]));
  CHECK(plane.verdict() == Verdict::kWarning);
}

}  // namespace aftershock::tests

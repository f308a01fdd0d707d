// Any fabric compared with itself has changed in nothing; of a random change, exactly that is told.
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "before_after.h"

namespace aftershock::tests {
namespace {

FabricBuilder AnyTree() {
  return FatTree(*rc::gen::inRange(1, 4), *rc::gen::inRange(1, 6));
}

std::vector<Finding> Changes(const FabricBuilder& before, const FabricBuilder& now) {
  BeforeAfter world{ImageOf(before)};
  return world.Look(ImageOf(now));
}

// Any node of a kind, except our own.
Guid AnyNode(const FabricBuilder& fabric, NodeType type) {
  std::vector<Guid> nodes;
  for (const Node& node : fabric.Build().nodes) {
    if (node.type == type && node.guid != Guid{1}) nodes.push_back(node.guid);
  }
  return nodes.empty() ? Guid{} : *rc::gen::elementOf(nodes);
}

TEST_CASE("A fabric compared with itself has no findings", "[rules][unit]") {
  CHECK(rc::check([] {
    const FabricBuilder fabric = AnyTree();
    RC_ASSERT(Changes(fabric, fabric).empty());
  }));
}

TEST_CASE("Of a random switch that goes, exactly that is told", "[rules][unit]") {
  CHECK(rc::check([] {
    const FabricBuilder before = AnyTree();
    FabricBuilder now = before;
    const Guid gone = AnyNode(before, NodeType::kSwitch);
    now.Remove(gone);
    const auto findings = Changes(before, now);
    RC_ASSERT(Of(findings, "switch-lost").size() == 1u);
    RC_ASSERT(Of(findings, "switch-lost")[0].subject.guid == gone);
    RC_ASSERT(Of(findings, "unannounced-change").size() == 1u);
    RC_ASSERT(findings.size() == 2u);
  }));
}

TEST_CASE("Of a random host that goes, exactly that is told, and nothing of one that is silent",
          "[rules][unit]") {
  CHECK(rc::check([] {
    const FabricBuilder before = AnyTree();
    const Guid gone = AnyNode(before, NodeType::kAdapter);
    RC_PRE(gone != Guid{});
    FabricBuilder now = before, silent = before;
    now.Remove(gone);
    silent.Silence(gone);
    const auto findings = Changes(before, now);
    RC_ASSERT(findings.size() == 1u);
    RC_ASSERT(Key(findings[0]) == "node-lost " + ToString(Subject::Host(gone)));
    RC_ASSERT(Changes(before, silent).empty());
  }));
}

TEST_CASE("Of a random cable that is pulled, exactly that is told", "[rules][unit]") {
  CHECK(rc::check([] {
    const FabricBuilder before = AnyTree();
    const auto cables = ImageOf(before).planes.begin()->second.cables;
    const CableImage cable = *rc::gen::elementOf(cables);
    FabricBuilder now = before;
    now.Pull(cable.a.node, cable.a.port);
    const auto findings = Changes(before, now);
    const auto lost = Of(findings, "link-lost");
    RC_ASSERT(lost.size() == 1u);
    RC_ASSERT(lost[0].subject == Subject::Link(cable.a));
    RC_ASSERT(findings.size() == 1u + Of(findings, "unannounced-change").size());
  }));
}

TEST_CASE("A fabric of thousands is judged without a quadratic step", "[rules][unit]") {
  // 5,136 nodes; a quadratic step over cables would be felt by everybody who runs this.
  const FabricBuilder before = FatTree(32, 62);
  FabricBuilder now = before;
  now.At(Guid{1985}).revision = 3;
  CHECK(Of(Changes(before, now), "firmware-changed").size() == 1);
}

}  // namespace
}  // namespace aftershock::tests

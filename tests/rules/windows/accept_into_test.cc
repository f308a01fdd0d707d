// What becomes of a baseline into which a part of what is seen is accepted.
#include "rules/windows/accept_into.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "build_window.h"

namespace aftershock::rules {
namespace {

using namespace aftershock::tests;

FabricImage& Plane(Image& image) {
  return image.planes.begin()->second;
}

// sw2 is gone, a cable of sw1 with it, and node7's first port has another LID and P_Keys.
Image Changed() {
  Image image = TwoSwitches();
  FabricImage& plane = Plane(image);
  std::erase_if(plane.nodes, [](const NodeImage& node) { return node.guid == kSw2; });
  std::erase_if(plane.cables,
                [](const CableImage& cable) { return cable.a.node == kSw2 || cable.b.node == kSw2; });
  plane.lids[{kNode7, 1}].lid = Lid{70};
  plane.lids[{kNode8, 1}].lid = Lid{80};
  std::erase_if(image.pairs->front().members, [](const auto& member) { return member.first == kSw2; });
  return image;
}

ScopeItem Item(std::string text, Subject subject, std::string name = {}) {
  return {std::move(text), std::move(subject), std::move(name)};
}

TEST_CASE("A switch that is accepted as gone is gone with its cables, and nothing else changes",
          "[rules][windows]") {
  Image accepted = AcceptInto(TwoSwitches(), Changed(), Sw2Item());
  CHECK(Plane(accepted).FindNode(kSw2) == nullptr);
  CHECK(Plane(accepted).cables.size() == 2);
  CHECK(Plane(accepted).lids.empty());
  CHECK(accepted.pairs->front().members.size() == 2);
}

TEST_CASE("A host that is accepted brings its LIDs, and no other host's", "[rules][windows]") {
  Image accepted = AcceptInto(TwoSwitches(), Changed(), Item("host:node7", Subject::Host(kNode7), "node7"));
  CHECK(Plane(accepted).lids.contains({kNode7, 1}));
  CHECK_FALSE(Plane(accepted).lids.contains({kNode8, 1}));
  CHECK(Plane(accepted).FindNode(kSw2) != nullptr);
}

TEST_CASE("With the name of a switch that was replaced both are accepted, whichever the name is taken for",
          "[rules][windows]") {
  constexpr Guid kNew{0x22};
  Image replaced = TwoSwitches();
  for (NodeImage& node : Plane(replaced).nodes) {
    if (node.guid == kSw2) node.guid = kNew;
  }
  const ScopeItem item = Item("switch:sw2", GENERATE(SwitchOf(kSw2), SwitchOf(Guid{0x22})), "sw2");
  Image accepted = AcceptInto(TwoSwitches(), replaced, item);
  CHECK(Plane(accepted).FindNode(kSw2) == nullptr);
  CHECK(Plane(accepted).FindNode(kNew) != nullptr);
  CHECK(Plane(accepted).nodes.size() == 5);
}

TEST_CASE("A cable that is accepted as gone takes no node with it", "[rules][windows]") {
  Image accepted = AcceptInto(TwoSwitches(), Changed(), Item("link:1/8", Subject::Link({kSw1, 8})));
  CHECK_FALSE(Plane(accepted).FarEnd({kSw1, 8}));
  CHECK(Plane(accepted).FindNode(kSw2) != nullptr);
  CHECK(Plane(accepted).cables.size() == 5);
}

TEST_CASE("A pair that is accepted is the pair alone, and the fabric is all of it", "[rules][windows]") {
  Image pair = AcceptInto(TwoSwitches(), Changed(), Item("pair:core", Subject::Pair("core")));
  CHECK(pair.pairs->front().members.size() == 1);
  CHECK(Plane(pair).FindNode(kSw2) != nullptr);
  CHECK(AcceptInto(TwoSwitches(), Changed(), Item("fabric", Subject::Fabric())).planes == Changed().planes);
}

TEST_CASE("With a switch its routes are accepted, and no circle of credits", "[rules][windows]") {
  Image baseline = TwoSwitches(), now = Changed();
  Plane(baseline).routing.emplace().facts.emplace().looped.emplace();
  Plane(now).routing.emplace().facts.emplace().looped.emplace();
  now.planes.begin()->second.routing->facts->looped->push_back({kSw1, 8});
  const Image accepted = AcceptInto(baseline, now, Sw2Item());
  CHECK(accepted.planes.begin()->second.routing->facts->looped->empty());
}

}  // namespace
}  // namespace aftershock::rules

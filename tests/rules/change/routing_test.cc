// What forwarding tables tell against a baseline. Of FatTree: hosts 1 to 4, spine0 5, spine1 6, leaf0 7,
// leaf1 8; the uplinks of a leaf are its ports 5 and 6; host N has port N of both leaves.
#include <catch2/catch.hpp>

#include "before_after.h"

namespace aftershock::tests {
namespace {

using Rules = std::vector<std::string>;
constexpr Guid kSpine0{5}, kLeaf0{7}, kLeaf1{8};
constexpr std::uint8_t kToSpine0 = 5, kToSpine1 = 6;

// An entry for every LID of the image, each by `exit`.
std::shared_ptr<LinearTable> TableFor(const FabricBuilder& fabric, std::uint8_t exit) {
  auto table = std::make_shared<LinearTable>();
  const Image image = ImageOf(fabric);
  for (const auto& [port, lid] : image.planes.begin()->second.lids) {
    const auto index = static_cast<std::size_t>(lid.lid);
    if (table->exit.size() <= index) table->exit.resize(index + 1, LinearTable::kNoExit);
    table->exit[index] = exit;
  }
  return table;
}

// leaf0 sends everything by spine0.
FabricBuilder Tree(std::uint8_t exit = kToSpine0) {
  FabricBuilder tree = FatTree();
  tree.At(kLeaf0).tables.linear.table = TableFor(tree, exit);
  return tree;
}

Image With(const FabricBuilder& fabric, RoutingFacts facts) {
  Image image = ImageOf(fabric);
  image.planes.begin()->second.routing->facts = std::move(facts);
  return image;
}

// A table with one entry that leads elsewhere.
void MoveOneEntry(FabricBuilder& tree) {
  auto table = std::make_shared<LinearTable>(*tree.At(kLeaf0).tables.linear.table);
  table->exit.back() = kToSpine1;
  tree.At(kLeaf0).tables.linear.table = table;
}

TEST_CASE("One changed entry, with nothing that explains it, is an unannounced change", "[rules][routing]") {
  BeforeAfter world{ImageOf(Tree())};
  FabricBuilder now = Tree();
  MoveOneEntry(now);
  world.Look(ImageOf(now));
  REQUIRE(world.Told() == Rules{"unannounced-change"});
  const auto changed = world.Of("routing-changed");
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].summary.find("1 of ") == 0);
  CHECK(world.Of("unannounced-change")[0].severity == Severity::kCritical);
}

TEST_CASE("Routes around a lost switch are explained by it, also when it is back", "[rules][routing]") {
  BeforeAfter world{ImageOf(Tree())};
  FabricBuilder now = Tree(kToSpine1);
  now.Remove(kSpine0);
  world.Look(ImageOf(now));
  REQUIRE(world.Of("routing-changed").size() == 1);
  CHECK(world.Of("routing-changed")[0].severity == Severity::kNote);
  world.Look(ImageOf(Tree(kToSpine1)));
  CHECK(world.Told() == Rules{"routing-changed"});
  CHECK(world.Of("routing-changed")[0].severity == Severity::kNote);
  world.Restart();
  world.Look(ImageOf(Tree(kToSpine1)));
  CHECK(world.Of("routing-changed")[0].severity == Severity::kNote);
}

TEST_CASE("The same tables, and entries for LIDs that nobody has, are no change", "[rules][routing]") {
  BeforeAfter world{ImageOf(Tree())};
  FabricBuilder now = Tree();
  auto table = std::make_shared<LinearTable>(*now.At(kLeaf0).tables.linear.table);
  table->exit.resize(table->exit.size() + 100, kToSpine1);
  now.At(kLeaf0).tables.linear.table = table;
  CHECK(world.Look(ImageOf(now)).empty());
}

TEST_CASE("A table that moved while it was read, and an adaptive switch, are not compared",
          "[rules][routing]") {
  BeforeAfter world{ImageOf(Tree())};
  FabricBuilder moving = Tree(kToSpine1);
  moving.At(kLeaf0).tables.linear.unstable = true;
  CHECK(world.Look(ImageOf(moving)).empty());
  FabricBuilder adaptive = Tree(kToSpine1);
  adaptive.At(kLeaf0).tables.adaptive = true;
  CHECK(world.Look(ImageOf(adaptive)).empty());
}

TEST_CASE("Paths that no longer go up and then down are told, where they did", "[rules][routing]") {
  BeforeAfter world{With(Tree(), {.complete = true, .up_down = true})};
  world.Look(With(Tree(), {.complete = true, .up_down = false}));
  CHECK(world.Told() == Rules{"routing-engine-fallback"});
  world.Look(With(Tree(), {.complete = true, .up_down = std::nullopt}));
  CHECK(world.Told().empty());
  BeforeAfter never{With(Tree(), {.complete = true, .up_down = false})};
  never.Look(With(Tree(), {.complete = true, .up_down = false}));
  CHECK(never.Told().empty());
}

TEST_CASE("Virtual lanes that differ from the baseline are told", "[rules][routing]") {
  const auto lanes = [](std::uint8_t vl) {
    auto table = std::make_shared<SlToVlTable>();
    table->vl[{1, 2}].fill(vl);
    return table;
  };
  FabricBuilder before = Tree(), now = Tree();
  before.At(kLeaf1).tables.sl_to_vl.table = lanes(0);
  now.At(kLeaf1).tables.sl_to_vl.table = lanes(1);
  BeforeAfter world{ImageOf(before)};
  world.Look(ImageOf(now));
  CHECK(world.Told() == Rules{"sl2vl-differs"});
  CHECK(world.Look(ImageOf(before)).empty());
}

TEST_CASE("The virtual lanes of a port that has no link any more are no difference", "[rules][routing]") {
  auto whole = std::make_shared<SlToVlTable>(), rest = std::make_shared<SlToVlTable>();
  whole->vl[{1, 2}].fill(1);
  whole->vl[{1, 3}].fill(1);
  rest->vl[{1, 2}].fill(1);
  FabricBuilder before = Tree(), now = Tree();
  before.At(kLeaf1).tables.sl_to_vl.table = whole;
  now.At(kLeaf1).tables.sl_to_vl.table = rest;
  BeforeAfter world{ImageOf(before)};
  CHECK(world.Look(ImageOf(now)).empty());
}

// A window that is open for as long as the world looks, and expects the switch to go.
Window Expecting(Guid guid) {
  const Subject subject{SubjectKind::kSwitch, guid, 0, {}, {}};
  Window window = OpenWindow(subject);
  window.expect.push_back({{"switch:it", subject, "it"}});
  return window;
}

TEST_CASE("Routes through a switch that a window took out are told while it is gone", "[rules][routing]") {
  BeforeAfter world{ImageOf(Tree())};
  world.windows = {Expecting(kSpine0)};
  world.Look(ImageOf(Tree()));
  CHECK(world.Of("route-through-excluded").empty());
  FabricBuilder gone = Tree();
  gone.Remove(kSpine0);
  world.Look(ImageOf(gone));
  REQUIRE(world.Of("route-through-excluded").size() == 1);
  CHECK(world.Of("route-through-excluded")[0].severity == Severity::kWarning);
  FabricBuilder around = Tree(kToSpine1);
  around.Remove(kSpine0);
  world.Look(ImageOf(around));
  CHECK(world.Of("route-through-excluded").empty());
  world.Look(ImageOf(Tree()));
  REQUIRE(world.Of("route-through-excluded").size() == 1);
  CHECK(world.Of("route-through-excluded")[0].severity == Severity::kNote);
  world.windows[0].state = WindowState::kVerifying;
  world.Look(ImageOf(Tree()));
  CHECK(world.Of("route-through-excluded").empty());
}

TEST_CASE("A credit loop that the baseline had is a warning, one more channel is critical",
          "[rules][routing]") {
  const std::vector<PortKey> ring{{kLeaf0, 1}, {kLeaf1, 2}};
  std::vector<PortKey> more = ring;
  more.push_back({kLeaf1, 3});
  Finding loop;
  loop.rule = "credit-loop";
  loop.severity = Severity::kCritical;
  const Image before = With(Tree(), {.complete = true, .looped = ring});
  const auto weigh = [&](const std::vector<PlaneReport>& planes, const Image* baseline) {
    std::vector<Finding> findings{loop};
    rules::WeighAgainstBaseline(findings, planes, baseline);
    return findings[0].severity;
  };
  const auto plane = [](const std::string& name, const std::vector<PortKey>& now) {
    PlaneReport report;
    report.plane = name;
    report.routing = std::make_shared<RoutingFacts>(RoutingFacts{.complete = true, .looped = now});
    return report;
  };
  const std::string name = before.planes.begin()->first;
  const auto weighed = [&](const std::vector<PortKey>& now, const Image* baseline) {
    return weigh({plane(name, now)}, baseline);
  };
  CHECK(weighed(ring, &before) == Severity::kWarning);
  CHECK(weighed(more, &before) == Severity::kCritical);
  CHECK(weighed(ring, nullptr) == Severity::kCritical);
  const Image unread = ImageOf(FatTree());
  CHECK(weighed(ring, &unread) == Severity::kCritical);
  // A plane that nothing is known of, or that the baseline has not, makes no loop an old one.
  CHECK(weigh({}, &before) == Severity::kCritical);
  CHECK(weigh({plane("other", ring)}, &before) == Severity::kCritical);
  CHECK(weigh({plane(name, ring), plane("other", ring)}, &before) == Severity::kCritical);
  CHECK(weigh({plane(name, ring), plane("other", {})}, &before) == Severity::kWarning);
}

}  // namespace
}  // namespace aftershock::tests

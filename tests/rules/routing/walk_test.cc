// Ways of small fabrics, and what is made of those that do not arrive.
#include <catch2/catch.hpp>

#include "route_fabric.h"
#include "rules/routing/blame.h"
#include "rules/routing/walk.h"

namespace aftershock::tests {
namespace {

std::vector<RouteFault> FaultsIn(const FabricSnapshot& snapshot) {
  const rules::RoutingMap map(snapshot);
  rules::DependencyGraph graph(map);
  return rules::FaultsOf(map, rules::WalkAll(map, graph));
}

// Those that weigh.
std::vector<RouteFault> GraveIn(const FabricSnapshot& snapshot) {
  auto faults = FaultsIn(snapshot);
  std::erase_if(faults, [](const RouteFault& f) { return f.severity == Severity::kNote; });
  return faults;
}

std::int64_t Number(const RouteFault& fault, std::string_view name) {
  for (const Evidence& e : fault.evidence) {
    if (e.name == name) return std::get<std::int64_t>(e.value);
  }
  return -1;
}

Routed Tree() {
  return RouteMinHop(FatTree(2, 3).Build(), true);
}

TEST_CASE("Every way of a tree with whole tables arrives", "[routing]") {
  CHECK(FaultsIn(Tree().snapshot).empty());
  CHECK(FaultsIn(RouteMinHop(Ring(6)).snapshot).empty());
}

TEST_CASE("Up/down routing leaves spine to spine unrouted, and that is a note", "[routing]") {
  const auto faults = FaultsIn(RouteUpDown(FatTree(2, 3).Build(), {"spine0", "spine1"}).snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].severity == Severity::kNote);
  CHECK(faults[0].rule == "route-missing");
  CHECK(Number(faults[0], "ways between switches missing") == 2);
}

TEST_CASE("A leaf without a way to another switch itself is a note, and a fault where the master manager is",
          "[routing]") {
  auto routed = Tree();
  routed.Set("leaf2", routed.LidOf("leaf0"), LinearTable::kNoExit);
  const auto faults = FaultsIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].severity == Severity::kNote);
  CHECK(Number(faults[0], "ways between switches missing") == 1);
  routed.snapshot.sm.lid = routed.LidOf("host4");
  const auto managed = GraveIn(routed.snapshot);
  REQUIRE(managed.size() == 1);
  CHECK(managed[0].summary.starts_with("leaf2 has no way to leaf0"));
}

TEST_CASE("An entry that is dropped is found at its switch", "[routing]") {
  auto routed = Tree();
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  const auto faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].rule == "route-missing");
  CHECK(faults[0].summary == "leaf0 has no way to host4 port 1");
  CHECK(Number(faults[0], "ways cut") == 3);
}

TEST_CASE("A destination that no switch has is one fault, and so is a switch without entries", "[routing]") {
  auto routed = Tree();
  for (Node& node : routed.snapshot.nodes) {
    if (node.IsSwitch()) routed.Set(node.name, routed.LidOf("host4"), LinearTable::kNoExit);
  }
  auto faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].summary == "4 switches have no way to host4 port 1");

  routed = Tree();
  routed.At("leaf1").tables.linear.table = std::make_shared<LinearTable>();
  faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].subject == Subject{SubjectKind::kSwitch, routed.At("leaf1").guid, 0, {}, {}});
}

TEST_CASE("An exit to a link without a signal is one dead end however many LIDs go there", "[routing]") {
  auto fabric = FatTree(2, 3);
  auto routed = RouteMinHop(fabric.Build());
  const Guid leaf = routed.At("leaf0").guid;
  fabric.Pull(leaf, 4);
  auto after = fabric.Build();
  for (Node& node : after.nodes) node.tables = routed.At(node.name).tables;
  const auto faults = GraveIn(after);
  // leaf0 still sends by port 4, and the spine behind it back by its port 1.
  REQUIRE(faults.size() == 2);
  for (const auto& fault : faults) CHECK(fault.rule == "route-dead-end");
  CHECK(faults[1].subject == Subject::Link({leaf, 4}));
  CHECK(faults[1].summary.find("has no signal") != std::string::npos);
  CHECK(Number(faults[1], "to") > 1);
}

TEST_CASE("An exit that the switch does not have is a dead end", "[routing]") {
  auto routed = Tree();
  routed.Set("leaf0", routed.LidOf("host4"), 200);
  const auto faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].rule == "route-dead-end");
}

TEST_CASE("An entry that leads back is a loop between its two switches", "[routing]") {
  auto routed = Tree();
  const Lid lid = routed.LidOf("host4");
  const int up = routed.ExitOf("leaf0", lid);
  const std::string spine = up == 4 ? "spine0" : "spine1";
  routed.Set(spine, lid, 1);
  const auto faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].rule == "route-loop");
  CHECK(faults[0].switches.size() == 2);
  CHECK(faults[0].summary.find("leaf0") != std::string::npos);
}

TEST_CASE("A packet that ends at another adapter, or at a switch, has a wrong exit", "[routing]") {
  auto routed = Tree();
  routed.Set("leaf2", routed.LidOf("host4"), 3);
  auto faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].rule == "route-wrong-exit");
  CHECK(faults[0].summary.find("host5 port 1") != std::string::npos);

  routed = Tree();
  routed.Set("leaf2", routed.LidOf("host4"), 0);
  faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].summary == "leaf2 keeps what is for host4 port 1 to itself");
}

TEST_CASE("An entry that nobody's packets come to is no fault", "[routing]") {
  auto routed = RouteMinHop(FatTree(2, 3).Build());  // everything goes by the first spine
  const int by = routed.ExitOf("leaf0", routed.LidOf("host4"));
  REQUIRE(by == 4);
  routed.Set("spine1", routed.LidOf("host4"), LinearTable::kNoExit);
  CHECK(GraveIn(routed.snapshot).empty());
}

TEST_CASE("The last LID of a range counts like the first", "[routing]") {
  auto snapshot = FatTree(2, 3).Build();
  SpreadLids(snapshot, 2);
  auto routed = RouteMinHop(snapshot, true);
  CHECK(FaultsIn(routed.snapshot).empty());
  const auto last = static_cast<Lid>(static_cast<unsigned>(routed.LidOf("host4")) + 3);
  routed.Set("leaf1", last, LinearTable::kNoExit);
  CHECK(GraveIn(routed.snapshot).size() == 1);
}

TEST_CASE("A switch's own port is judged from where adapters are", "[routing]") {
  auto routed = Tree();
  routed.Set("leaf0", routed.LidOf("spine1"), LinearTable::kNoExit);
  const auto faults = GraveIn(routed.snapshot);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].summary == "leaf0 has no way to spine1");
}

TEST_CASE("A subnet manager on a switch sends, too", "[routing]") {
  auto routed = Tree();
  routed.snapshot.sm.lid = routed.LidOf("spine1");
  CHECK(GraveIn(routed.snapshot).empty());
  routed.Set("spine1", routed.LidOf("spine0"), LinearTable::kNoExit);
  CHECK(GraveIn(routed.snapshot).size() == 1);
}

TEST_CASE("What leads through an unread or moving table is unknown and no fault", "[routing]") {
  auto routed = Tree();
  SECTION("never read") {
    routed.At("spine0").tables = {};
  }
  SECTION("no answer") {
    routed.At("spine0").tables.linear.answer = Answer::kTimeout;
  }
  SECTION("moving") {
    routed.At("spine0").tables.linear.unstable = true;
  }
  const rules::RoutingMap map(routed.snapshot);
  rules::DependencyGraph graph(map);
  const auto walk = rules::WalkAll(map, graph);
  CHECK(walk.Clean());
  CHECK(walk.unknown > 0);
  const auto unread = rules::UnreadTables(map);
  REQUIRE(unread.size() == 1);
  CHECK(unread[0].unknown);
  CHECK(unread[0].subject.guid == routed.At("spine0").guid);
}

TEST_CASE("Hundreds of faults of one kind are a few and a count of the rest", "[routing]") {
  auto routed = RouteMinHop(FatTree(20, 2).Build(), true);
  for (Node& node : routed.snapshot.nodes) {
    if (node.IsSwitch())
      routed.Set(node.name, routed.LidOf(node.name == "leaf0" ? "host3" : "host0", 1), 200);
  }
  const auto faults = GraveIn(routed.snapshot);
  CHECK(faults.size() == 17);
  CHECK(faults.back().subject == Subject::Fabric());
}

TEST_CASE("A way is told switch by switch", "[routing]") {
  auto routed = Tree();
  const rules::RoutingMap map(routed.snapshot);
  const auto from = map.OwnerOf(routed.LidOf("host0"));
  const auto& end = map.ends()[from.index];
  const auto way = rules::Follow(map, end.sw, end.sw_port, routed.LidOf("host4"));
  CHECK(way.outcome == rules::Outcome::kArrives);
  REQUIRE(way.hops.size() == 3);
  CHECK(way.hops[0].entry == end.sw_port);
  CHECK(map.switches()[way.hops[2].sw].node->name == "leaf2");
  CHECK(way.hops[2].exit == 2);
}

}  // namespace
}  // namespace aftershock::tests

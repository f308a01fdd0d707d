// Which small fabrics have cycles of credits.
#include <catch2/catch.hpp>

#include "route_fabric.h"
#include "rules/routing/blame.h"
#include "rules/routing/credits.h"
#include "rules/routing/walk.h"

namespace aftershock::tests {
namespace {

using Verdict = rules::Credits::Verdict;

rules::Credits CreditsOf(const FabricSnapshot& snapshot, const PathSls* dump = nullptr) {
  const rules::RoutingMap map(snapshot);
  rules::DependencyGraph graph(map);
  rules::WalkAll(map, graph);
  return rules::JudgeCredits(map, graph, {dump, 24});
}

TEST_CASE("A ring of six switches that is routed the shortest way has a cycle in each direction",
          "[routing]") {
  const auto routed = RouteMinHop(Ring(6));
  const auto credits = CreditsOf(routed.snapshot);
  CHECK(credits.verdict == Verdict::kKnotted);
  REQUIRE(credits.knots.size() == 2);
  for (const auto& knot : credits.knots) {
    CHECK(knot.channels.size() == 6);
    CHECK(knot.cycle.size() == 6);
  }
  const rules::RoutingMap map(routed.snapshot);
  const auto faults = rules::FaultsOf(map, credits);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].summary == "12 directions of links can wait for each other in a circle of 6");
  const auto text = rules::CycleText(map, credits.knots[0].cycle, false);
  CHECK(text.find("s0 port 7 to s1 port 8, s1 port 7 to s2 port 8") == 0);
}

TEST_CASE("Nodes that aggregate in the switches do not speak with everybody, and make no cycle",
          "[routing]") {
  auto routed = RouteMinHop(Ring(6));
  for (Node& node : routed.snapshot.nodes) {
    if (!node.IsSwitch()) node.description = "Mellanox Technologies Aggregation Node";
  }
  CHECK(CreditsOf(routed.snapshot).verdict == Verdict::kFree);
  for (const char* name : {"h0", "h2"}) routed.At(name).description = name;
  CHECK(CreditsOf(routed.snapshot).verdict == Verdict::kFree);
  for (const char* name : {"h1", "h3", "h4", "h5"}) routed.At(name).description = name;
  CHECK(CreditsOf(routed.snapshot).verdict == Verdict::kKnotted);
}

TEST_CASE("A ring of three has ways of one link only, which wait for nothing", "[routing]") {
  CHECK(CreditsOf(RouteMinHop(Ring(3)).snapshot).verdict == Verdict::kFree);
}

TEST_CASE("A torus that is routed the shortest way has cycles", "[routing]") {
  const auto credits = CreditsOf(RouteMinHop(Torus(4, 4)).snapshot);
  CHECK(credits.verdict == Verdict::kKnotted);
  CHECK(credits.knots.front().cycle.size() == 4);
}

TEST_CASE("A ring and a torus that are routed up and down have none", "[routing]") {
  CHECK(CreditsOf(RouteUpDown(Ring(6), {"s0"}).snapshot).verdict == Verdict::kFree);
  CHECK(CreditsOf(RouteUpDown(Torus(4, 4), {"s0-0"}).snapshot).verdict == Verdict::kFree);
}

TEST_CASE("A tree has none, whichever way it is routed", "[routing]") {
  CHECK(CreditsOf(RouteMinHop(FatTree(3, 3).Build(), true).snapshot).verdict == Verdict::kFree);
  CHECK(CreditsOf(RouteUpDown(FatTree(3, 3).Build(), {"spine0", "spine1"}).snapshot).verdict ==
        Verdict::kFree);
}

TEST_CASE("A tree that lost links on both sides goes down and up again, and has one", "[routing]") {
  // Two leaves that meet at no spine any more go by a third one: down and up again.
  FabricBuilder fabric;
  std::vector<Guid> hosts, leaves, spines;
  for (int i = 0; i < 4; ++i) hosts.push_back(fabric.AddHost("h" + std::to_string(i)));
  for (int i = 0; i < 4; ++i) leaves.push_back(fabric.AddSwitch("leaf" + std::to_string(i)));
  for (int i = 0; i < 4; ++i) spines.push_back(fabric.AddSwitch("spine" + std::to_string(i)));
  for (std::size_t i = 0; i < 4; ++i) {
    fabric.Connect(hosts[i], 1, leaves[i], 1);
    fabric.Connect(leaves[i], 2, spines[i], 1);
    fabric.Connect(leaves[i], 3, spines[(i + 1) % 4], 2);
  }
  CHECK(CreditsOf(RouteMinHop(fabric.Build()).snapshot).verdict == Verdict::kKnotted);
}

TEST_CASE("Ways that nobody takes make no cycle", "[routing]") {
  auto snapshot = Ring(6);
  for (Node& node : snapshot.nodes) {  // only two neighbours send
    if (!node.IsSwitch() && node.name != "h0" && node.name != "h1")
      node.ports[0].info->state = PortState::kInit;
  }
  CHECK(CreditsOf(RouteMinHop(snapshot).snapshot).verdict == Verdict::kFree);
}

TEST_CASE("A fabric with an adaptive switch is not judged", "[routing]") {
  auto routed = RouteMinHop(Ring(6));
  routed.At("s3").tables.adaptive = true;
  const auto credits = CreditsOf(routed.snapshot);
  CHECK(credits.verdict == Verdict::kAdaptive);
  const auto faults = rules::FaultsOf(rules::RoutingMap(routed.snapshot), credits);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].severity == Severity::kNote);
}

// Two data lanes; SL 0 and 1 each on the lane of its number.
Routed TwoLanes() {
  auto routed = RouteMinHop(Ring(6));
  auto table = std::make_shared<SlToVlTable>();
  for (int in = 0; in <= 8; ++in) {
    for (int out = 1; out <= 8; ++out) {
      auto& row = table->vl[{static_cast<std::uint8_t>(in), static_cast<std::uint8_t>(out)}];
      for (std::size_t sl = 0; sl < row.size(); ++sl) row[sl] = static_cast<std::uint8_t>(sl % 2);
    }
  }
  for (Node& node : routed.snapshot.nodes) {
    if (node.IsSwitch()) node.tables.sl_to_vl.table = table;
    for (Port& port : node.ports) port.info->operational_vls = 2;
  }
  return routed;
}

// As dfsssp parts a ring: what passes between s5 and s0, either way, goes by a lane of its own.
PathSls PartedByDateLine(Routed& routed) {
  PathSls sls;
  for (int from = 0; from < 6; ++from) {
    const auto source = static_cast<std::uint16_t>(routed.LidOf("h" + std::to_string(from)));
    auto& row = sls.by_source[source];
    row.resize(64, PathSls::kUnknown);
    for (int to = 0; to < 6; ++to) {
      const Lid lid = routed.LidOf("h" + std::to_string(to));
      bool crosses = false;
      for (int at = from; at != to;) {
        const bool onward = routed.ExitOf("s" + std::to_string(at), lid) == 7;
        const int next = (at + (onward ? 1 : 5)) % 6;
        crosses = crosses || (at == 5 && next == 0) || (at == 0 && next == 5);
        at = next;
      }
      row[static_cast<std::size_t>(lid)] = crosses ? 1 : 0;
    }
  }
  return sls;
}

TEST_CASE("Ways parted by service level are free only when levels and lanes are taken into account",
          "[routing]") {
  auto routed = TwoLanes();
  const PathSls sls = PartedByDateLine(routed);
  CHECK(CreditsOf(routed.snapshot, &sls).verdict == Verdict::kFree);

  const auto blind = CreditsOf(routed.snapshot);
  CHECK(blind.verdict == Verdict::kBySl);
  CHECK(blind.because == "no path's service level is known");

  // The same levels on the same lane part nothing.
  auto one_lane = std::make_shared<SlToVlTable>(*routed.At("s0").tables.sl_to_vl.table);
  for (auto& [ports, row] : one_lane->vl) row.fill(0);
  for (Node& node : routed.snapshot.nodes) {
    if (node.IsSwitch()) node.tables.sl_to_vl.table = one_lane;
  }
  const auto merged = CreditsOf(routed.snapshot, &sls);
  CHECK(merged.verdict == Verdict::kKnotted);
  CHECK(merged.by_lane);
}

TEST_CASE("One operational lane needs no service levels", "[routing]") {
  auto routed = TwoLanes();
  for (Node& node : routed.snapshot.nodes) {
    for (Port& port : node.ports) port.info->operational_vls = 1;
  }
  CHECK(CreditsOf(routed.snapshot).verdict == Verdict::kKnotted);
}

TEST_CASE("Sampled paths tell enough when they all agree, or when they are all there are", "[routing]") {
  auto routed = TwoLanes();
  const PathSls parted = PartedByDateLine(routed);
  const auto sample = [&](int from, int to, std::uint8_t sl) {
    routed.snapshot.sa.paths.push_back(
        {routed.LidOf("h" + std::to_string(from)), routed.LidOf("h" + std::to_string(to)), sl});
  };
  SECTION("one of many says little") {
    sample(0, 1, 0);
    const auto credits = CreditsOf(routed.snapshot);
    CHECK(credits.verdict == Verdict::kBySl);
    CHECK(credits.because.find("known of 1 paths only") != std::string::npos);
  }
  SECTION("two dozen of one level") {
    for (int i = 0; i < 24; ++i) sample(i % 6, (i % 6 + 1 + i / 6) % 6, 0);
    CHECK(CreditsOf(routed.snapshot).verdict == Verdict::kKnotted);
  }
  SECTION("all of them") {
    for (int from = 0; from < 6; ++from) {
      for (int to = 0; to < 6; ++to) {
        if (from == to) continue;
        const auto source = static_cast<std::uint16_t>(routed.LidOf("h" + std::to_string(from)));
        const auto lid = static_cast<std::size_t>(routed.LidOf("h" + std::to_string(to)));
        sample(from, to, parted.by_source.at(source)[lid]);
      }
    }
    CHECK(CreditsOf(routed.snapshot).verdict == Verdict::kFree);
  }
}

TEST_CASE("A switch that did not tell its lanes leaves the cycle unknown", "[routing]") {
  auto routed = TwoLanes();
  const PathSls sls = PartedByDateLine(routed);
  routed.At("s2").tables.sl_to_vl.table = nullptr;
  const auto credits = CreditsOf(routed.snapshot, &sls);
  CHECK(credits.verdict == Verdict::kBySl);
  CHECK(credits.because.find("maps service levels") != std::string::npos);
  const auto faults = rules::FaultsOf(rules::RoutingMap(routed.snapshot), credits);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].unknown);
}

}  // namespace
}  // namespace aftershock::tests

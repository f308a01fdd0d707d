// What `aftershock route` tells of small fabrics.
#include <catch2/catch.hpp>

#include "route_fabric.h"
#include "rules/routing/trace.h"

namespace aftershock::tests {
namespace {

Route TraceIn(const FabricSnapshot& snapshot, const char* from, const char* to,
              const std::vector<Finding>& findings = {}) {
  const rules::RoutingMap map(snapshot);
  const auto a = rules::FindRouteSubject(map, from), b = rules::FindRouteSubject(map, to);
  REQUIRE(a);
  REQUIRE(b);
  return rules::TraceRoute(map, *a, *b, findings);
}

Routed Tree() {
  return RouteMinHop(FatTree(2, 3).Build(), true);
}

TEST_CASE("A way is told link by link from adapter to adapter", "[routing]") {
  auto routed = Tree();
  const Route route = TraceIn(routed.snapshot, "host0", "host4");
  CHECK(route.ending == RouteEnding::kArrives);
  CHECK(route.wrong.empty());
  REQUIRE(route.steps.size() == 4);
  CHECK(route.steps.front().from.node == "host0");
  CHECK(route.steps[0].to.node == "leaf0");
  CHECK(route.steps[1].to.node.starts_with("spine"));
  CHECK(route.steps[2].to.node == "leaf2");
  CHECK(route.steps[3].to.node == "host4");
  for (std::size_t i = 1; i < route.steps.size(); ++i) {
    CHECK(route.steps[i].from.guid == route.steps[i - 1].to.guid);
    CHECK(route.steps[i].state == "Active");
    CHECK(route.steps[i].speed == "4x EDR");
  }
}

TEST_CASE("A way begins and ends at switches, too", "[routing]") {
  auto routed = Tree();
  CHECK(TraceIn(routed.snapshot, "switch:leaf0", "spine1").steps.size() == 1);
  CHECK(TraceIn(routed.snapshot, "leaf0", "leaf0").ending == RouteEnding::kArrives);
}

TEST_CASE("Each way that breaks says where", "[routing]") {
  auto routed = Tree();
  const Lid lid = routed.LidOf("host4");
  SECTION("no entry") {
    routed.Set("leaf0", lid, LinearTable::kNoExit);
    CHECK(TraceIn(routed.snapshot, "host0", "host4").wrong == "leaf0 has no entry for LID 9");
  }
  SECTION("dead end") {
    routed.Set("leaf2", lid, 200);
    const auto route = TraceIn(routed.snapshot, "host0", "host4");
    CHECK(route.wrong == "leaf2 sends LID 9 out of port 200, which carries nothing");
    CHECK(route.steps.size() == 3);
  }
  SECTION("loop") {
    routed.Set("leaf2", lid, 4);
    routed.Set("spine0", lid, 3);
    routed.Set("leaf0", lid, 4);
    const auto route = TraceIn(routed.snapshot, "host0", "host4");
    CHECK(route.wrong.find("again and again") != std::string::npos);
  }
  CHECK(TraceIn(routed.snapshot, "host0", "host4").ending == RouteEnding::kBroken);
}

TEST_CASE("A way through a table that is not known is not known", "[routing]") {
  auto routed = Tree();
  routed.At("leaf2").tables = {};
  const Route route = TraceIn(routed.snapshot, "host0", "host4");
  CHECK(route.ending == RouteEnding::kUnknown);
  CHECK(route.wrong == "the forwarding table of leaf2 is not known");
}

TEST_CASE("What was counted and found on a link is told beside it", "[routing]") {
  auto routed = Tree();
  Count(*routed.At("leaf0").FindPort(1), Counter::kSymbolErrors, 12);
  Finding finding;
  finding.rule = "link-errors";
  finding.severity = Severity::kCritical;
  finding.subject = Subject::Link({routed.At("leaf0").guid, 1});
  finding.summary = "it errs";
  const Route route = TraceIn(routed.snapshot, "host0", "host4", {finding});
  CHECK(route.steps[0].errors == std::vector<std::string>{"SymbolErrorCounter 12 at leaf0 port 1"});
  CHECK(route.steps[0].findings == std::vector<std::string>{"critical link-errors: it errs"});
  CHECK(route.steps[1].findings.empty());
}

TEST_CASE("Ends are named by name, GUID, port or LID, and near names are offered", "[routing]") {
  auto routed = Tree();
  const rules::RoutingMap map(routed.snapshot);
  const auto find = [&](const std::string& text) { return rules::FindRouteSubject(map, text); };
  const auto host = find("host4");
  REQUIRE(host);
  const Guid guid = routed.At("host4").guid;
  for (const std::string& text :
       {std::string("host:host4"), std::string("host4/1"), ToString(guid),
        ToString(routed.At("host4").ports[0].guid), std::string("9"), std::string("0x9")}) {
    CAPTURE(text);
    const auto found = find(text);
    REQUIRE(found);
    CHECK(found->end == host->end);
  }
  CHECK(find("host4/2")->end != host->end);
  CHECK(find("leaf0")->sw != rules::RoutingMap::kNone);
  for (const char* text : {"switch:host4", "host:leaf0", "nobody", "host4/9", "9999", "", "0xffff"}) {
    CAPTURE(text);
    REQUIRE_FALSE(find(text));
    CHECK(find(text).error().code == Errc::kAbsent);
  }
  CHECK(find("spine").error().what.find("there are spine0, spine1") != std::string::npos);
  routed.At("host5").name = "host4";
  const rules::RoutingMap twice(routed.snapshot);
  CHECK(rules::FindRouteSubject(twice, "host4").error().code == Errc::kInvalid);
}

TEST_CASE("Cycles are told port by port, and a fabric without tables is not known", "[routing]") {
  const Settings settings;
  const auto ring = RouteMinHop(Ring(6));
  const auto cycles = rules::FindCycles(rules::RoutingMap(ring.snapshot), settings, {});
  CHECK(cycles.verdict == Verdict::kCritical);
  REQUIRE(cycles.cycles.size() == 2);
  REQUIRE(cycles.cycles[0].steps.size() == 6);
  CHECK(cycles.cycles[0].steps[0].from.node == "s0");
  CHECK(cycles.cycles[0].steps[0].to.node == "s1");
  const auto tree = Tree();
  CHECK(rules::FindCycles(rules::RoutingMap(tree.snapshot), settings, {}).verdict == Verdict::kOk);
  const auto blank = FatTree().Build();
  CHECK(rules::FindCycles(rules::RoutingMap(blank), settings, {}).verdict == Verdict::kUnknown);
}

}  // namespace
}  // namespace aftershock::tests

// Sweep after sweep: what is kept, what has to be seen twice, and what is folded.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "route_fabric.h"

namespace aftershock::tests {
namespace {

std::vector<Finding> About(const std::vector<Finding>& findings) {
  std::vector<Finding> some;
  for (const Finding& f : findings) {
    if (f.rule.starts_with("route-") || f.rule == "credit-loop" || f.rule == "routing-unread")
      some.push_back(f);
  }
  return some;
}

Routed Tree() {
  return RouteMinHop(FatTree(2, 3).Build(), true);
}

TEST_CASE("A fabric with whole tables is OK and has facts", "[routing]") {
  const auto judged = rules::JudgeFabric({}, Tree().snapshot, {{}, std::make_unique<Settings>().get()});
  CHECK(judged.findings.empty());
  REQUIRE(judged.routing);
  CHECK(judged.routing->complete);
  CHECK(judged.routing->looped == std::vector<PortKey>());
}

TEST_CASE("A fabric whose tables were never asked for has no facts and no findings", "[routing]") {
  const Settings settings;
  const auto judged = rules::JudgeFabric({}, FatTree().Build(), {{}, &settings});
  CHECK(judged.routing == nullptr);
  CHECK(About(judged.findings).empty());
}

TEST_CASE("What is wrong at the first look weighs at once", "[routing]") {
  auto routed = Tree();
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  Plane plane;
  const auto found = Of(plane.Sweep(routed.snapshot), "route-missing");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(plane.verdict() == Verdict::kCritical);
}

TEST_CASE("What a change brings is a note until its tables were read again", "[routing]") {
  auto routed = Tree();
  Plane plane;
  plane.Sweep(routed.snapshot);
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  routed.ReadAgain(2);
  auto found = Of(plane.Sweep(routed.snapshot), "route-missing");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(plane.verdict() == Verdict::kOk);
  // Another sweep that did not read the table again tells nothing new.
  CHECK(Of(plane.Sweep(routed.snapshot), "route-missing").front().severity == Severity::kNote);
  routed.ReadAgain(4);
  CHECK(Of(plane.Sweep(routed.snapshot), "route-missing").front().severity == Severity::kCritical);
}

TEST_CASE("What stands for three sweeps needs no other reading, unless its table is older than it",
          "[routing]") {
  auto routed = Tree();
  routed.ReadAgain(1);
  Plane plane;
  plane.Sweep(routed.snapshot);
  SECTION("read with it") {
    routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
    routed.ReadAgain(2);
    for (int sweep = 2; sweep <= 4; ++sweep) plane.Sweep(routed.snapshot);
    CHECK(Of(plane.findings(), "route-missing").front().severity == Severity::kCritical);
  }
  SECTION("older than it") {
    routed.Set("leaf0", routed.LidOf("host5"), 200);
    routed.ReadAgain(1);
    for (int sweep = 2; sweep <= 5; ++sweep) plane.Sweep(routed.snapshot);
    for (const Finding& f : Of(plane.findings(), "route-dead-end")) CHECK(f.severity == Severity::kNote);
  }
}

TEST_CASE("What a subnet manager may be about to mend is a note, however fast the sweeps are", "[routing]") {
  using namespace std::chrono_literals;
  auto routed = Tree();
  routed.ReadAgain(1);
  Plane plane;
  plane.Sweep(routed.snapshot);
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  const auto weight = [&](std::uint32_t sweep) {
    routed.ReadAgain(sweep);
    return Of(plane.Sweep(routed.snapshot, 1s), "route-missing").front().severity;
  };
  for (std::uint32_t sweep = 2; sweep <= 4; ++sweep) CHECK(weight(sweep) == Severity::kNote);
  CHECK(weight(5) == Severity::kCritical);
}

TEST_CASE(
    "A node whose counters cannot be read since our own way to it is broken is folded under the broken ways",
    "[routing]") {
  auto routed = Tree();
  const auto own = std::ranges::find_if(routed.snapshot.nodes, [](const Node& n) { return n.route.empty(); });
  REQUIRE(own->name == "host0");
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  for (Port& port : routed.At("host4").ports) port.counters_answer = Answer::kTimeout;
  const auto because = [&](const std::string& name) {
    Plane plane;
    for (const Finding& f : Of(plane.Sweep(routed.snapshot), "node-unresponsive")) {
      if (f.subject.guid == routed.At(name).guid) return f.because.value_or("");
    }
    return std::string("not told");
  };
  CHECK(because("host4").starts_with("route-missing "));
  for (Port& port : routed.At("host5").ports) port.counters_answer = Answer::kTimeout;
  CHECK(because("host5").empty());
  SECTION("but not under one that its own way has nothing to do with") {
    routed.Set("leaf0", routed.LidOf("host4"), routed.ExitOf("leaf0", routed.LidOf("host5")));
    routed.Set("leaf2", routed.LidOf("host1"), LinearTable::kNoExit);
    CHECK(because("host4").empty());
    CHECK(because("host5").empty());
  }
  SECTION("and so is one whose answers go astray") {
    routed.Set("leaf2", routed.LidOf("host0"), LinearTable::kNoExit);
    CHECK(because("host5").starts_with("route-missing "));
  }
}

TEST_CASE("Tables that were just being written cry for nothing", "[routing]") {
  auto routed = Tree();
  const auto whole = routed;
  Plane plane;
  plane.Sweep(routed.snapshot);
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  routed.ReadAgain(2);
  plane.Sweep(routed.snapshot);
  CHECK(plane.verdict() == Verdict::kOk);
  auto after = whole;
  after.ReadAgain(3);
  CHECK(About(plane.Sweep(after.snapshot)).empty());
}

TEST_CASE("A cycle that a change brings weighs when it stands", "[routing]") {
  auto routed = RouteUpDown(Ring(6), {"s0"});
  routed.ReadAgain(1);
  Plane plane;
  plane.Sweep(routed.snapshot);
  CHECK(plane.verdict() == Verdict::kOk);
  auto minhop = RouteMinHop(Ring(6));
  minhop.ReadAgain(2);
  plane.Sweep(minhop.snapshot);
  CHECK(Of(plane.findings(), "credit-loop").front().severity == Severity::kNote);
  minhop.ReadAgain(3);
  plane.Sweep(minhop.snapshot);
  const auto found = Of(plane.findings(), "credit-loop");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  REQUIRE(plane.state().routing.facts);
  CHECK(plane.state().routing.facts->looped->size() == 12);
}

TEST_CASE("Nothing is walked again while nothing moves", "[routing]") {
  const auto routed = Tree();
  Plane plane;
  plane.Sweep(routed.snapshot);
  const auto facts = plane.state().routing.facts;
  plane.Sweep(routed.snapshot);
  CHECK(plane.state().routing.facts == facts);
  auto rested = routed;  // a table that is not asked for in this sweep is the same one
  for (Node& node : rested.snapshot.nodes) node.tables.linear.answer = Answer::kNotAsked;
  plane.Sweep(rested.snapshot);
  CHECK(plane.state().routing.facts == facts);
  auto other = routed;
  SECTION("but when a table is another one") {
    other.Set("leaf0", Lid{500}, 1);
  }
  SECTION("but when a port goes down") {
    other.At("leaf0").ports[4].info->state = PortState::kInit;
  }
  SECTION("but when a LID moves") {
    other.At("host0").ports[0].info->lid = Lid{600};
  }
  plane.Sweep(other.snapshot);
  CHECK(plane.state().routing.facts != facts);
}

TEST_CASE("A table that did not answer is unknown, never a fault", "[routing]") {
  auto routed = Tree();
  Plane plane;
  plane.Sweep(routed.snapshot);
  routed.At("spine0").tables.linear.answer = Answer::kTimeout;
  plane.Sweep(routed.snapshot);
  const auto found = About(plane.findings());
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "routing-unread");
  CHECK(found[0].unknown);
  CHECK(plane.verdict() == Verdict::kUnknown);
  CHECK_FALSE(plane.state().routing.facts->complete);
  CHECK_FALSE(plane.state().routing.facts->looped.has_value());
}

TEST_CASE("A switch that answers nothing is not reported as unread as well", "[routing]") {
  auto routed = Tree();
  Plane plane;
  plane.Sweep(routed.snapshot);
  routed.At("spine0").answer = routed.At("spine0").tables.linear.answer = Answer::kTimeout;
  plane.Sweep(routed.snapshot);
  CHECK(About(plane.findings()).empty());
  CHECK(plane.verdict() != Verdict::kOk);
}

TEST_CASE("Entries that lead to a switch that died are folded under its death", "[routing]") {
  auto fabric = FatTree(2, 3);
  auto routed = RouteMinHop(fabric.Build(), true);
  Plane plane;
  plane.Sweep(routed.snapshot);
  const Guid spine = routed.At("spine0").guid;
  fabric.Remove(spine);
  auto after = fabric.Build();
  for (Node& node : after.nodes) {
    node.tables = routed.At(node.name).tables;
    node.tables.linear.sweep = 2;
  }
  for (int sweep = 2; sweep < 4; ++sweep) {
    plane.Sweep(after);
    for (Node& node : after.nodes) node.tables.linear.sweep = 3;
    const auto found = Of(plane.findings(), "route-dead-end");
    REQUIRE(found.size() == 4);
    for (const Finding& f : found) {
      REQUIRE(f.because);
      CHECK(*f.because == fmt::format("switch-lost switch:{}", ToString(spine)));
    }
  }
}

TEST_CASE("With no subnet manager every stale table follows from that", "[routing]") {
  auto routed = Tree();
  routed.snapshot.sm.answer = Answer::kTimeout;
  routed.Set("leaf0", routed.LidOf("host4"), LinearTable::kNoExit);
  Plane plane;
  const auto found = Of(plane.Sweep(routed.snapshot), "route-missing");
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].because);
  CHECK(*found[0].because == "sm-missing fabric");
}

TEST_CASE("Every finding about routes has a key of its own and sentences without holes", "[routing]") {
  auto routed = RouteMinHop(FatTree(20, 2).Build(), true);
  for (Node& node : routed.snapshot.nodes) {
    if (!node.IsSwitch()) continue;
    routed.Set(node.name, routed.LidOf("host0", 1), 200);
    routed.Set(node.name, routed.LidOf("host1", 1), LinearTable::kNoExit);
    routed.Set(node.name, routed.LidOf("host2", 1), 1);
  }
  Plane plane;
  std::set<std::string> keys;
  for (const Finding& f : plane.Sweep(routed.snapshot)) {
    CHECK(keys.insert(Key(f)).second);
    CHECK(f.summary.find("{}") == std::string::npos);
  }
}

}  // namespace
}  // namespace aftershock::tests

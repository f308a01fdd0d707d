#include "rules/whatif/plan.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "brute_force.h"

namespace aftershock::tests {
namespace {

// Two leaves with two hosts each; a cable from each to each of two spines.
SmallFabric LeavesAndSpines() {
  return {.switches = 4, .cables = {{0, 2}, {0, 3}, {1, 2}, {1, 3}}, .hosts = {{0}, {0}, {1}, {1}}};
}

Plan Without(SmallFabric f, std::set<int> switches) {
  f.gone_switches = std::move(switches);
  return Ask(Build(f), f);
}

const PlanFailure* Failure(const Plan& plan, const std::string& what) {
  const auto at = std::ranges::find(plan.further, what, &PlanFailure::what);
  return at == plan.further.end() ? nullptr : &*at;
}

Plan Ask(const FabricBuilder& f, const std::string& subject) {
  const FabricSnapshot snapshot = f.Build();
  const whatif::PlaneView view{"plane", &snapshot};
  const whatif::Network network = whatif::MakeNetwork({&view, 1});
  whatif::Question question{whatif::Exclusion(network)};
  REQUIRE(whatif::TakeAway(network, subject, question.gone));
  return whatif::Answer(network, question);
}

}  // namespace

TEST_CASE("Without one of two spines nobody is cut off, and one more failure would", "[rules][whatif]") {
  const Plan plan = Without(LeavesAndSpines(), {2});
  CHECK(plan.verdict == Verdict::kWarning);
  CHECK(std::ranges::none_of(plan.hosts, &PlanHost::cut_off));
  CHECK(std::ranges::all_of(plan.hosts, &PlanHost::exposed));
  CHECK(*plan.switches[0].paths_before == 2);
  CHECK(*plan.switches[0].paths_after == 1);
  REQUIRE(Failure(plan, "switch s3") != nullptr);
  CHECK(Failure(plan, "switch s3")->hosts_by_plan == 4);
}

TEST_CASE("Without both spines the halves are cut off from each other", "[rules][whatif]") {
  const Plan plan = Without(LeavesAndSpines(), {2, 3});
  CHECK(plan.verdict == Verdict::kCritical);
  CHECK(std::ranges::all_of(plan.hosts, &PlanHost::cut_off));
  CHECK(plan.hosts[0].paths->after == 0);
}

TEST_CASE("A host with both legs on one switch has no redundancy to lose", "[rules][whatif]") {
  SmallFabric f = LeavesAndSpines();
  f.hosts = {{0, 0}, {0, 1}, {1}};
  const Plan plan = Without(f, {0});
  CHECK(plan.hosts[0].cut_off);
  CHECK_FALSE(plan.hosts[1].cut_off);
  CHECK(plan.hosts[1].exposed);
  CHECK(plan.hosts[1].paths->before == 2);
}

TEST_CASE("A fabric that loses nothing by the plan is OK", "[rules][whatif]") {
  SmallFabric f = LeavesAndSpines();
  f.switches = 5;
  f.cables.insert(f.cables.end(), {{0, 4}, {1, 4}});
  const Plan plan = Without(f, {4});
  CHECK(plan.verdict == Verdict::kOk);
  CHECK(plan.failures_tried == 4);
}

TEST_CASE("Planes are counted apart and summed", "[rules][whatif]") {
  const SmallFabric f{
      .switches = 6, .cables = {{0, 2}, {1, 2}, {3, 5}, {4, 5}}, .hosts = {{0, 3}, {1, 4}, {0, 3}, {1, 4}}};
  const Plan plan = Without(f, {2});
  for (const PlanHost& host : plan.hosts) {
    CHECK(host.paths->before == 2);
    CHECK_FALSE(host.cut_off);
  }
  CHECK(plan.verdict == Verdict::kWarning);
}

TEST_CASE("A spine with a management node on it stays a spine", "[rules][whatif]") {
  SmallFabric f{.switches = 4, .cables = {{0, 2}, {0, 3}, {1, 2}, {1, 3}}, .hosts = {}};
  for (int i = 0; i < 8; ++i) f.hosts.insert(f.hosts.end(), {{0}, {1}});
  f.hosts.push_back({2});
  const Plan plan = Without(f, {3});
  CHECK(plan.switches[2].tier == 2);
  CHECK(*plan.switches[0].paths_after == 1);
}

TEST_CASE("Switches in a ring have no tiers, and no share is made up", "[rules][whatif]") {
  const SmallFabric f{
      .switches = 4, .cables = {{0, 1}, {1, 2}, {2, 3}, {3, 0}}, .hosts = {{0}, {1}, {2}, {3}}};
  const Plan plan = Without(f, {1});
  CHECK(
      std::ranges::none_of(plan.switches, [](const PlanSwitch& sw) { return sw.paths_before.has_value(); }));
  CHECK(plan.hosts[0].paths->leaves_lost == 0);
  CHECK(plan.hosts[1].cut_off);
}

TEST_CASE("A cable that would part what is left is a failure of its own", "[rules][whatif]") {
  SmallFabric f{.switches = 2, .cables = {{0, 1}, {0, 1}}, .hosts = {{0}, {0}, {1}}};
  f.gone_cables = {0};
  const Plan plan = Ask(Build(f), f);
  CHECK(plan.hosts[2].exposed);
  CHECK(Failure(plan, "link s0 port 2 to s1 port 2") != nullptr);
  CHECK(plan.verdict == Verdict::kWarning);
}

TEST_CASE("The last subnet manager gone is critical, its take-over is not", "[rules][whatif]") {
  FabricBuilder f = FatTree(1, 4);
  const Guid spine0{5}, spine1{6};
  f.At(spine0, 0).info->capability_mask |= kCapIsSm;
  f.sm().lid = f.At(spine0, 0).info->lid;
  const Plan alone = Ask(f, "switch:spine0");
  CHECK(alone.planes[0].sm == SmFate::kNone);
  CHECK(alone.planes[0].sm_name == "spine0");
  CHECK(alone.verdict == Verdict::kCritical);
  f.At(spine1, 0).info->capability_mask |= kCapIsSm;
  const Plan two = Ask(f, "switch:spine0");
  CHECK(two.planes[0].sm == SmFate::kTakeover);
  CHECK(two.planes[0].sm_next == "spine1");
  CHECK(two.verdict == Verdict::kWarning);
  CHECK(Ask(f, "switch:spine1").planes[0].sm == SmFate::kStays);
}

TEST_CASE("Where no subnet manager was seen, whether one stays is not known", "[rules][whatif]") {
  CHECK(Without(LeavesAndSpines(), {2}).planes[0].sm == SmFate::kNotKnown);
}

TEST_CASE("A sweep that is not complete leaves the verdict unknown, unless it is critical",
          "[rules][whatif]") {
  SmallFabric f = LeavesAndSpines();
  f.gone_switches = {2};
  FabricSnapshot snapshot = Build(f);
  snapshot.sweep.complete = false;
  CHECK(tests::Ask(snapshot, f).verdict == Verdict::kUnknown);
  f.gone_switches = {2, 3};
  CHECK(tests::Ask(snapshot, f).verdict == Verdict::kCritical);
}

TEST_CASE("Duplicate GUIDs, loops and cables to nobody are survived", "[rules][whatif]") {
  SmallFabric f = LeavesAndSpines();
  f.gone_switches = {2};
  FabricSnapshot snapshot = Build(f);
  snapshot.nodes[1].guid = snapshot.nodes[0].guid;
  snapshot.nodes[0].duplicate = snapshot.nodes[1].duplicate = true;
  snapshot.nodes[3].ports[1].peer = Peer{3, 1};
  snapshot.nodes[3].ports[2].peer = Peer{3, 200};
  CHECK_FALSE(tests::Ask(snapshot, f).hosts.empty());
}

TEST_CASE("A fabric without hosts is not known to be safe", "[rules][whatif]") {
  const SmallFabric f{.switches = 2, .cables = {{0, 1}}, .hosts = {}};
  CHECK(Without(f, {0}).verdict == Verdict::kUnknown);
}

}  // namespace aftershock::tests

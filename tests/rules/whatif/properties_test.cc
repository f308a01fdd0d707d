#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "brute_force.h"

namespace aftershock::tests {
namespace {

int Below(int bound) {
  return *rc::gen::inRange(0, bound);
}

SmallFabric AnyFabric() {
  SmallFabric f;
  f.switches = *rc::gen::inRange(1, 7);
  const int cables = f.switches == 1 ? 0 : *rc::gen::inRange(0, 3 * f.switches);
  for (int i = 0; i < cables; ++i) {
    const int a = Below(f.switches), b = Below(f.switches);
    if (a != b) f.cables.emplace_back(a, b);
  }
  const int hosts = *rc::gen::inRange(1, 7);
  for (int h = 0; h < hosts; ++h) {
    std::vector<int> legs(static_cast<std::size_t>(*rc::gen::inRange(1, 5)));
    for (int& leg : legs) leg = Below(f.switches);
    f.hosts.push_back(legs);
  }
  return f;
}

void TakeSomething(SmallFabric& f) {
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) f.gone_switches.insert(Below(f.switches));
  for (int i = *rc::gen::inRange(0, 3); i > 0 && !f.cables.empty(); --i)
    f.gone_cables.insert(Below(static_cast<int>(f.cables.size())));
  for (int i = *rc::gen::inRange(0, 2); i > 0; --i) {
    const int host = Below(static_cast<int>(f.hosts.size()));
    f.gone_legs.insert({host, Below(static_cast<int>(f.hosts[static_cast<std::size_t>(host)].size()))});
  }
}

SmallFabric AnyPlan() {
  SmallFabric f = AnyFabric();
  TakeSomething(f);
  return f;
}

// Leaves with hosts, one or two tiers above them without.
SmallFabric AnyTree() {
  SmallFabric f;
  const int leaves = *rc::gen::inRange(1, 5), middle = *rc::gen::inRange(1, 4), top = *rc::gen::inRange(0, 3);
  f.switches = leaves + middle + top;
  const auto join = [&](int from, int many, int to, int count) {
    for (int a = from; a < from + many; ++a) {
      for (int b = to; b < to + count; ++b) {
        for (int i = *rc::gen::inRange(0, 3); i > 0; --i) f.cables.emplace_back(a, b);
      }
    }
  };
  join(0, leaves, leaves, middle);
  join(leaves, middle, leaves + middle, top);
  for (int leaf = 0; leaf < leaves; ++leaf) f.hosts.insert(f.hosts.end(), 2, {leaf});
  TakeSomething(f);
  return f;
}

int HostNumber(const PlanHost& host) {
  return std::stoi(host.name.substr(1));
}

}  // namespace

TEST_CASE("Hosts are cut off, and legs lost, exactly as a search of its own finds", "[rules][whatif]") {
  CHECK(rc::check([] {
    const SmallFabric f = AnyPlan();
    const Plan plan = Ask(Build(f), f);
    const std::vector<HostTruth> truth = Truth(f);
    const std::set<int> cut = CutOff(f);
    RC_ASSERT(plan.hosts.size() == f.hosts.size());
    for (const PlanHost& host : plan.hosts) {
      RC_ASSERT(host.cut_off == cut.contains(HostNumber(host)));
      RC_ASSERT(host.legs_after == truth[static_cast<std::size_t>(HostNumber(host))].legs_after);
    }
  }));
}

TEST_CASE("Link-disjoint paths are the smallest maximum flow to any other leaf", "[rules][whatif]") {
  CHECK(rc::check([] {
    const SmallFabric f = AnyPlan();
    const Plan plan = Ask(Build(f), f);
    const std::vector<HostTruth> truth = Truth(f);
    for (const PlanHost& host : plan.hosts) {
      const PlanPaths& expected = truth[static_cast<std::size_t>(HostNumber(host))].paths;
      RC_ASSERT(host.paths->before == expected.before);
      RC_ASSERT(host.paths->after == expected.after);
      RC_ASSERT(host.paths->after_reached == expected.after_reached);
      RC_ASSERT(host.paths->leaves_lost == expected.leaves_lost);
    }
  }));
}

TEST_CASE("Up-paths are those that walking up finds, before and after", "[rules][whatif]") {
  CHECK(rc::check([] {
    const SmallFabric f = AnyTree();
    const Plan plan = Ask(Build(f), f);
    const std::vector<double> before = WalkUp(f, true), after = WalkUp(f, false);
    for (const PlanSwitch& sw : plan.switches) {
      if (!sw.paths_before) continue;
      const auto number = static_cast<std::size_t>(std::stoi(sw.name.substr(1)));
      RC_ASSERT(*sw.paths_before == before[number]);
      RC_ASSERT(*sw.paths_after == after[number]);
    }
  }));
}

TEST_CASE("A further failure cuts off whom taking it away as well would", "[rules][whatif]") {
  CHECK(rc::check([] {
    const SmallFabric f = AnyPlan();
    const Plan plan = Ask(Build(f), f);
    const std::set<int> now = CutOff(f);
    std::set<int> exposed;
    for (int sw = 0; sw < f.switches; ++sw) {
      SmallFabric more = f, alone = f;
      more.gone_switches.insert(sw);
      alone.gone_switches = {sw};
      alone.gone_cables.clear();
      alone.gone_legs.clear();
      std::set<int> cut = CutOff(more);
      std::erase_if(cut, [&](int h) { return now.contains(h); });
      const std::set<int> without_plan = CutOff(alone);
      const auto failure =
          std::ranges::find(plan.further, "switch s" + std::to_string(sw), &PlanFailure::what);
      const std::uint32_t found = failure == plan.further.end() ? 0 : failure->hosts_cut_off;
      const bool stays = std::ranges::any_of(plan.switches, [&](const PlanSwitch& s) {
        return s.name == "s" + std::to_string(sw) && s.fate == Fate::kStays;
      });
      if (!stays) continue;
      RC_ASSERT(found == cut.size());
      for (const int h : cut) {
        if (!without_plan.contains(h)) exposed.insert(h);
      }
    }
    for (const PlanHost& host : plan.hosts) {
      if (exposed.contains(HostNumber(host))) RC_ASSERT(host.exposed);
    }
  }));
}

TEST_CASE("Whoever is exposed is cut off by each of the failures that are named", "[rules][whatif]") {
  CHECK(rc::check([] {
    const SmallFabric f = AnyPlan();
    const Plan plan = Ask(Build(f), f);
    for (const PlanHost& host : plan.hosts) {
      RC_ASSERT(host.exposed != host.failing.empty());
      RC_ASSERT(!(host.exposed && host.cut_off));
      for (const std::string& what : host.failing) {
        if (!what.starts_with("switch s")) continue;
        SmallFabric more = f;
        more.gone_switches.insert(std::stoi(what.substr(8)));
        RC_ASSERT(CutOff(more).contains(HostNumber(host)));
      }
    }
  }));
}

}  // namespace aftershock::tests

#include "rules/whatif/load.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "rules/whatif/plan.h"

namespace aftershock::tests {
namespace {

constexpr double kLink = 100e9;  // 4x EDR

// A leaf with two hosts and a cable to each of two spines, and another like it.
struct TwoLeaves {
  FabricBuilder f;
  Guid leaf, spine1, spine2, host;
  PortLoads loads;
  TwoLeaves() {
    leaf = f.AddSwitch("leaf1");
    const Guid other = f.AddSwitch("leaf2");
    spine1 = f.AddSwitch("spine1");
    spine2 = f.AddSwitch("spine2");
    int port = 0;
    for (const Guid l : {leaf, other}) {
      ++port;
      f.Connect(l, 7, spine1, port);
      f.Connect(l, 8, spine2, port);
      for (int i = 1; i <= 2; ++i)
        f.Connect(f.AddHost("h" + std::to_string(port) + std::to_string(i)), 1, l, i);
    }
  }
  void Load(Guid node, std::uint8_t port, double xmit, double rcv) {
    loads[{node, port}] = {3600, xmit, rcv, xmit, rcv};
  }
  void LoadAll(double share) {
    const FabricSnapshot snapshot = f.Build();
    for (const Node& node : snapshot.nodes) {
      for (const Port& port : node.ports) {
        if (port.peer) Load(node.guid, port.num, share * kLink, share * kLink);
      }
    }
  }
  Plan Without(const std::string& subject, bool required = true) {
    const FabricSnapshot snapshot = f.Build();
    const whatif::PlaneView view{"plane", &snapshot};
    const whatif::Network network = whatif::MakeNetwork({&view, 1});
    whatif::Question question{whatif::Exclusion(network)};
    REQUIRE(whatif::TakeAway(network, subject, question.gone));
    question.loads = &loads;
    question.load_required = required;
    return whatif::Answer(network, question);
  }
};

}  // namespace

TEST_CASE("Load that fits on half of the uplinks is no finding", "[rules][load]") {
  TwoLeaves t;
  t.LoadAll(0.3);
  const Plan plan = t.Without("switch:spine1");
  CHECK(plan.load_known == LoadKnown::kYes);
  REQUIRE(plan.loads.size() == 2);
  CHECK(plan.loads[0].what == "uplinks of leaf1");
  CHECK(*plan.loads[0].before == Approx(0.3));
  CHECK(*plan.loads[0].after == Approx(0.6));
  CHECK_FALSE(plan.loads[0].overloaded);
  CHECK(plan.verdict == Verdict::kWarning);
}

TEST_CASE("Load above the head-room of what is left is critical", "[rules][load]") {
  TwoLeaves t;
  t.LoadAll(0.4);
  const Plan plan = t.Without("switch:spine1");
  CHECK(plan.loads[0].overloaded);
  CHECK(plan.verdict == Verdict::kCritical);
}

TEST_CASE("The busier direction decides", "[rules][load]") {
  TwoLeaves t;
  t.LoadAll(0.1);
  t.Load(t.leaf, 7, 0, 0.5 * kLink);
  t.Load(t.leaf, 8, 0, 0.5 * kLink);
  CHECK(t.Without("switch:spine1").loads[0].overloaded);
}

TEST_CASE("Load that nobody measured is not known, and never fits", "[rules][load]") {
  TwoLeaves t;
  const Plan plan = t.Without("switch:spine1");
  CHECK(plan.load_known == LoadKnown::kNo);
  CHECK(plan.verdict == Verdict::kUnknown);
  CHECK(t.Without("switch:spine1", false).verdict == Verdict::kWarning);
}

TEST_CASE("A link without a measure makes what it is part of unknown", "[rules][load]") {
  TwoLeaves t;
  t.LoadAll(0.1);
  t.loads.erase({t.leaf, 8});
  t.loads.erase({t.spine2, 1});
  const Plan plan = t.Without("switch:spine1");
  CHECK(plan.load_known == LoadKnown::kPartly);
  CHECK(plan.verdict == Verdict::kUnknown);
}

TEST_CASE("Traffic of a lost leg moves to the host's other leg, and on to its leaf's uplinks",
          "[rules][load]") {
  FabricBuilder f = FatTree(1, 4);
  PortLoads loads;
  const FabricSnapshot snapshot = f.Build();
  for (const Node& node : snapshot.nodes) {
    for (const Port& port : node.ports) {
      if (port.peer) loads[{node.guid, port.num}] = {3600, 40e9, 40e9, 40e9, 40e9};
    }
  }
  const whatif::PlaneView view{"plane", &snapshot};
  const whatif::Network network = whatif::MakeNetwork({&view, 1});
  whatif::Question question{whatif::Exclusion(network)};
  const std::string leaf = network.switches[network.legs[0].sw].name;
  REQUIRE(whatif::TakeAway(network, "switch:" + leaf, question.gone));
  question.loads = &loads;
  const Plan plan = whatif::Answer(network, question);
  const auto host = std::ranges::find(plan.loads, plan.hosts[0].name, &PlanLoad::what);
  REQUIRE(host != plan.loads.end());
  CHECK(*host->before == Approx(0.4));
  CHECK(*host->after == Approx(0.8));
  CHECK(host->overloaded);
}

}  // namespace aftershock::tests

#include "rules/accept.h"

#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

Plane WithLostLink(AcceptSpec spec) {
  Settings settings;
  settings.accept.push_back(std::move(spec));
  Plane plane(settings);
  auto fabric = FatTree();
  plane.Sweep(fabric.Build());
  fabric.Pull(Guid{7}, 5);
  plane.Sweep(fabric.Build());
  return plane;
}

TEST_CASE("An accepted finding stays listed with its reason and has no weight", "[rules][unit]") {
  const auto* subject = GENERATE("link:0x0000000000000005/1", "spine0", "leaf0", "leaf*", "spine?");
  const Plane plane = WithLostLink({"link-lost", subject, "cable on order", {}});
  REQUIRE(plane.findings().size() == 1);
  CHECK(plane.findings()[0].accepted == "cable on order");
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("What is accepted of another rule or subject changes nothing", "[rules][unit]") {
  const auto& [rule, subject] = GENERATE(std::pair{"link-*ed", "*"}, std::pair{"link-lost", "leaf1"});
  CHECK(WithLostLink({rule, subject, "", {}}).verdict() == Verdict::kWarning);
}

TEST_CASE("What is accepted until a time counts again from then on", "[rules][unit]") {
  CHECK(WithLostLink({"*", "*", "", WallTime{}}).verdict() == Verdict::kWarning);
  CHECK(WithLostLink({"*", "*", "", WallTime::max()}).verdict() == Verdict::kOk);
}

TEST_CASE("A glob matches runs and single characters", "[rules][unit]") {
  CHECK(rules::Matches("", ""));
  CHECK(rules::Matches("*", ""));
  CHECK(rules::Matches("a*b*c", "a.b.b.c"));
  CHECK(rules::Matches("l??f01", "leaf01"));
  CHECK_FALSE(rules::Matches("leaf?", "leaf"));
  CHECK_FALSE(rules::Matches("leaf", "leaf01"));
}

TEST_CASE("A rule that is switched off finds nothing", "[rules][unit]") {
  Settings settings;
  settings.rules["link-lost"].enabled = false;
  Plane plane(settings);
  auto fabric = FatTree();
  plane.Sweep(fabric.Build());
  fabric.Pull(Guid{7}, 5);
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A configured severity and threshold are used", "[rules][unit]") {
  Settings settings;
  settings.rules["link-lost"].severity = Severity::kCritical;
  settings.rules["link-lost"].thresholds["down_seconds"] = 15;
  Plane plane(settings);
  auto fabric = FatTree();
  plane.Sweep(fabric.Build());
  fabric.Pull(Guid{7}, 5);
  CHECK(plane.Sweep(fabric.Build()).empty());
  plane.Sweep(fabric.Build(), 20s);
  CHECK(plane.verdict() == Verdict::kCritical);
}

}  // namespace
}  // namespace aftershock::tests

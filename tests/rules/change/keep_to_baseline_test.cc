// What is missed is what the baseline has.
#include "rules/change/keep_to_baseline.h"

#include <catch2/catch.hpp>

#include "before_after.h"

using namespace aftershock;
using namespace aftershock::tests;

namespace {

constexpr Guid kThere{0x10}, kRogue{0x20};
constexpr WallTime kTaken{std::chrono::hours(1000)};

Image Baseline() {
  Image image;
  image.taken = kTaken;
  FabricImage fabric;
  fabric.nodes = {{.guid = kThere, .type = NodeType::kSwitch}};
  fabric.cables = {{{kThere, 1}, {kThere, 2}}};
  image.planes.emplace(kPlane, fabric);
  return image;
}

Finding Lost(std::string rule, Subject subject, Duration after_taken) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.subject = std::move(subject);
  finding.severity = Severity::kCritical;
  finding.since = kTaken + std::chrono::duration_cast<std::chrono::milliseconds>(after_taken);
  return finding;
}

const Subject kRogueSwitch{SubjectKind::kSwitch, kRogue, 0, {}, {}};
const Subject kRogueCable = Subject::Link({kThere, 7});

}  // namespace

TEST_CASE("What the baseline has is missed", "[rules][unit]") {
  std::vector findings{Lost("switch-lost", {SubjectKind::kSwitch, kThere, 0, {}, {}}, std::chrono::hours(1)),
                       Lost("link-lost", Subject::Link({kThere, 2}), std::chrono::hours(1))};
  rules::KeepToBaseline(findings, Baseline(), std::nullopt);
  CHECK(findings.size() == 2);
}

TEST_CASE("What nobody announced and is gone again is not missed", "[rules][unit]") {
  std::vector findings{Lost("switch-lost", kRogueSwitch, std::chrono::hours(1)),
                       Lost("link-lost", kRogueCable, std::chrono::hours(1)),
                       Lost("link-errors", kRogueCable, std::chrono::hours(1))};
  findings[2].because = Key(findings[0]);
  rules::KeepToBaseline(findings, Baseline(), std::nullopt);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "link-errors");
  CHECK_FALSE(findings[0].because);
}

TEST_CASE(
    "What was put in during a window is missed while that is unfinished, unless it was accepted as gone",
    "[rules][unit]") {
  std::vector findings{Lost("switch-lost", kRogueSwitch, std::chrono::hours(2)),
                       Lost("link-lost", kRogueCable, -std::chrono::hours(1))};
  rules::KeepToBaseline(findings, Baseline(), kTaken - std::chrono::hours(2));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "switch-lost");
}

TEST_CASE("A window brings nothing back that was gone before it was opened", "[rules][unit]") {
  std::vector findings{Lost("switch-lost", kRogueSwitch, std::chrono::hours(1))};
  rules::KeepToBaseline(findings, Baseline(), kTaken + std::chrono::hours(2));
  CHECK(findings.empty());
}

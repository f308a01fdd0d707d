#include <catch2/catch.hpp>

#include "before_after.h"
#include "rules/change/fold_change.h"

namespace aftershock::tests {
namespace {

Finding Make(std::string rule, Subject subject, Severity severity) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.subject = std::move(subject);
  finding.severity = severity;
  return finding;
}

const Subject kSpine{SubjectKind::kSwitch, Guid{6}, 0, {}, {}};

TEST_CASE("Of two findings of the same key the change is kept, with both evidences", "[rules][unit]") {
  Finding seen = Make("switch-lost", kSpine, Severity::kCritical);
  seen.evidence.push_back({"gone for", 5.0, "s"});
  seen.since = WallTime(std::chrono::hours(1));
  Finding change = Make("switch-lost", kSpine, Severity::kWarning);
  change.because = "unannounced-change switch:0x0000000000000006";
  Finding told = Make("unannounced-change", kSpine, Severity::kCritical);
  std::vector<Finding> findings{seen};
  rules::JoinChanges(findings, {change, told});
  REQUIRE(findings.size() == 2);
  const Finding lost = Of(findings, "switch-lost").at(0);
  CHECK(lost.severity == Severity::kCritical);
  CHECK(lost.because == change.because);
  CHECK(lost.since == seen.since);
  CHECK(lost.evidence.size() == 1);
}

TEST_CASE("What was folded under a finding that is folded now comes under its root", "[rules][unit]") {
  Finding seen = Make("switch-lost", kSpine, Severity::kCritical);
  Finding pair = Make("pair-degraded", Subject::Pair("core"), Severity::kWarning);
  pair.because = "switch-lost switch:0x0000000000000006";
  Finding change = seen;
  change.because = "unannounced-change switch:0x0000000000000006";
  std::vector<Finding> findings{seen, pair};
  rules::JoinChanges(findings, {change, Make("unannounced-change", kSpine, Severity::kCritical)});
  CHECK(Of(findings, "pair-degraded").at(0).because == change.because);
}

TEST_CASE("Nothing folds under what weighs less", "[rules][unit]") {
  auto now = FatTree();
  now.Remove(Guid{6});
  BeforeAfter world{ImageOf(FatTree())};
  world.settings.rules["unannounced-change"].severity = Severity::kNote;
  world.Look(ImageOf(now));
  CHECK_FALSE(world.Of("switch-lost").at(0).because);
  CHECK(Judge(world.judgement.findings) == Verdict::kCritical);
}

}  // namespace
}  // namespace aftershock::tests

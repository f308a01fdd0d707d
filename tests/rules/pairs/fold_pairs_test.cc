#include <catch2/catch.hpp>

#include "rules/pairs/judge_pairs.h"

using namespace aftershock;

namespace {

constexpr Guid kA{0xa}, kB{0xb};

Finding Make(std::string rule, Subject subject, Severity severity, bool unknown = false) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.subject = std::move(subject);
  finding.severity = severity;
  finding.unknown = unknown;
  return finding;
}

Subject Switch(Guid guid) {
  return {SubjectKind::kSwitch, guid, 0, {}, {}};
}

PairsReport PairOf(MemberState a, MemberState b) {
  PairsReport report;
  PairReport& pair = report.pairs.emplace_back();
  pair.name = "core";
  pair.members = {{"a", "a", kA, a, 0, 0, 0, ""}, {"b", "b", kB, b, 0, 0, 0, ""}};
  return report;
}

}  // namespace

TEST_CASE("A degraded pair is told by its lost switch", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kDead);
  std::vector<Finding> all{Make("switch-lost", Switch(kB), Severity::kCritical),
                           Make("pair-degraded", Subject::Pair("core"), Severity::kWarning)};
  rules::FoldPairs(report, all);
  CHECK(all[1].because == Key(all[0]));
  CHECK(report.pairs[0].verdict == Verdict::kWarning);
}

TEST_CASE("A lost switch that is accepted takes its pair's finding along", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kDead);
  std::vector<Finding> all{Make("switch-lost", Switch(kB), Severity::kCritical),
                           Make("pair-degraded", Subject::Pair("core"), Severity::kWarning)};
  all[0].accepted = "change 4711";
  rules::FoldPairs(report, all);
  CHECK(Judge(all) == Verdict::kOk);
  CHECK(report.pairs[0].verdict == Verdict::kOk);
}

TEST_CASE("Two lost switches and what follows from them are one lost pair", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kDead, MemberState::kDead);
  std::vector<Finding> all{Make("switch-lost", Switch(kA), Severity::kCritical),
                           Make("switch-lost", Switch(kB), Severity::kCritical),
                           Make("link-lost", Subject::Link({Guid{0xc}, 1}), Severity::kWarning),
                           Make("pair-lost", Subject::Pair("core"), Severity::kCritical),
                           Make("pair-correlated", Subject::Pair("core"), Severity::kWarning)};
  all[2].because = Key(all[0]);
  rules::FoldPairs(report, all);
  for (const std::size_t i : {0u, 1u, 2u, 4u}) CHECK(all[i].because == Key(all[3]));
  CHECK_FALSE(all[3].because);
}

TEST_CASE("A switch that is unknown is not folded under a warning", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kIntermittent);
  std::vector<Finding> all{Make("node-unresponsive", Switch(kB), Severity::kWarning, true),
                           Make("pair-intermittent", Subject::Pair("core"), Severity::kWarning)};
  rules::FoldPairs(report, all);
  CHECK_FALSE(all[0].because);
  CHECK(all[1].because == Key(all[0]));
}

TEST_CASE("Lost requests of an intermittent member are the pair's", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kIntermittent);
  std::vector<Finding> all{Make("node-unresponsive", Switch(kB), Severity::kWarning),
                           Make("pair-intermittent", Subject::Pair("core"), Severity::kWarning)};
  rules::FoldPairs(report, all);
  CHECK(all[0].because == Key(all[1]));
  CHECK_FALSE(all[1].because);
}

TEST_CASE("A pair with a member that was not asked so far is unknown", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kUnknown);
  std::vector<Finding> none;
  rules::FoldPairs(report, none);
  CHECK(report.pairs[0].verdict == Verdict::kUnknown);
}

TEST_CASE("A member whose being unseen is accepted leaves its pair well", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kUnknown);
  std::vector<Finding> all{Make("pair-unseen", Subject::Pair("core"), Severity::kWarning, true)};
  all[0].accepted = "moved to another building this week";
  rules::FoldPairs(report, all);
  CHECK(report.pairs[0].verdict == Verdict::kOk);
}

TEST_CASE("Findings of one pair leave another's alone", "[rules][pairs][unit]") {
  auto report = PairOf(MemberState::kLive, MemberState::kDead);
  std::vector<Finding> all{Make("switch-lost", Switch(Guid{0xd}), Severity::kCritical),
                           Make("pair-degraded", Subject::Pair("core"), Severity::kWarning)};
  rules::FoldPairs(report, all);
  CHECK_FALSE(all[1].because);
}

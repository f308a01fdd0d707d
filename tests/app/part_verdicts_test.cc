#include "app/part_verdicts.h"

#include <catch2/catch.hpp>

using namespace aftershock;
using namespace aftershock::app;

namespace {

Finding Critical(std::string rule, Subject subject) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = Severity::kCritical;
  finding.subject = std::move(subject);
  return finding;
}

Subject Switch(Guid guid) {
  return {SubjectKind::kSwitch, guid, 0, {}, {}};
}

PlaneReport PlaneWith(std::string name, Guid node, std::vector<Finding> own = {}) {
  auto snapshot = std::make_shared<FabricSnapshot>();
  snapshot->sweep.complete = true;
  snapshot->nodes.emplace_back().guid = node;
  std::vector<std::string> keys;
  for (const Finding& finding : own) keys.push_back(Key(finding));
  PlaneReport plane;
  plane.plane = std::move(name);
  plane.snapshot = std::move(snapshot);
  plane.verdict = Judge(own);
  plane.own = std::make_shared<const std::vector<std::string>>(std::move(keys));
  return plane;
}

}  // namespace

TEST_CASE("A plane is ok while a window explains what it lost", "[app][windows][unit]") {
  Finding lost = Critical("switch-lost", Switch(Guid{2}));
  Report report;
  report.planes = {PlaneWith("a", Guid{1}, {lost})};
  REQUIRE(report.planes[0].verdict == Verdict::kCritical);
  report.findings = {lost};
  JudgeParts(report, nullptr);
  CHECK(report.planes[0].verdict == Verdict::kCritical);
  report.findings[0].explained = "w12 expects it";
  Finding folded = Critical("link-lost", Subject::Link({Guid{1}, 1}));
  folded.because = Key(lost);
  report.findings.push_back(folded);
  JudgeParts(report, nullptr);
  CHECK(report.planes[0].verdict == Verdict::kOk);
}

TEST_CASE("A plane that was not swept completely is unknown, whatever is explained", "[app][windows][unit]") {
  Report report;
  report.planes = {PlaneWith("a", Guid{1})};
  report.planes[0].snapshot = nullptr;
  JudgeParts(report, nullptr);
  CHECK(report.planes[0].verdict == Verdict::kUnknown);
}

TEST_CASE("A change is of the plane that has, or had, its subject", "[app][windows][unit]") {
  Report report;
  report.planes = {PlaneWith("a", Guid{1}), PlaneWith("b", Guid{2})};
  Image baseline;
  baseline.planes["b"].nodes.push_back({Guid{3}, NodeType::kSwitch, "sw3", 8, false});
  report.findings = {Critical("unannounced-change", Switch(Guid{3}))};
  JudgeParts(report, &baseline);
  CHECK(report.planes[0].verdict == Verdict::kOk);
  CHECK(report.planes[1].verdict == Verdict::kCritical);
}

TEST_CASE("A change of the fabric as a whole is every plane's, and no host's", "[app][windows][unit]") {
  Report report;
  report.planes = {PlaneWith("a", Guid{1}), PlaneWith("b", Guid{2})};
  report.host.emplace().snapshot = std::make_shared<HostSnapshot>();
  report.findings = {Critical("sm-changed", Subject::Fabric())};
  JudgeParts(report, nullptr);
  CHECK(report.planes[0].verdict == Verdict::kCritical);
  CHECK(report.planes[1].verdict == Verdict::kCritical);
  CHECK(report.host->verdict == Verdict::kOk);
}

TEST_CASE("A host is ok while a window explains what it lost", "[app][windows][unit]") {
  Finding lost = Critical("bond-degraded", Subject::Bond("bond0"));
  Report report;
  report.host.emplace().snapshot = std::make_shared<HostSnapshot>();
  report.host->findings = {lost};
  report.findings = {lost};
  JudgeParts(report, nullptr);
  CHECK(report.host->verdict == Verdict::kCritical);
  report.findings[0].explained = "w12 expects it";
  JudgeParts(report, nullptr);
  CHECK(report.host->verdict == Verdict::kOk);
}

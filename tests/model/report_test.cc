#include "model/report.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

namespace aftershock {
namespace {

Finding Of(std::string rule, Severity severity, bool unknown = false) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = severity;
  finding.unknown = unknown;
  return finding;
}

Finding At(Finding finding, std::uint8_t port) {
  finding.subject = Subject::Link({Guid{1}, port});
  return finding;
}

Finding Folded(Finding finding) {
  finding.because = "node-unresponsive switch:0x0000000000000001";
  return finding;
}

Finding Accepted(Finding finding) {
  finding.accepted = "known";
  return finding;
}

std::vector<std::string> Keys(const std::vector<Finding>& findings) {
  std::vector<std::string> keys;
  std::ranges::transform(findings, std::back_inserter(keys), Key);
  return keys;
}

}  // namespace

TEST_CASE("Findings with weight come first, worst first; then notes, folded and accepted ones",
          "[model][unit]") {
  std::vector<Finding> findings{
      Of("a-critical", Severity::kCritical),
      Of("b-unknown", Severity::kNote, /*unknown=*/true),
      Of("a-warning", Severity::kWarning),
      Of("a-note", Severity::kNote),
      Folded(Of("a-folded", Severity::kCritical)),
      Accepted(Of("a-accepted", Severity::kCritical)),
      Accepted(Folded(Of("b-both", Severity::kCritical))),
  };
  const std::vector<std::string> sorted = Keys(findings);
  std::mt19937 engine(GENERATE(range(0u, 20u)));
  std::ranges::shuffle(findings, engine);
  SortFindings(findings);
  CHECK(Keys(findings) == sorted);
}

TEST_CASE("Findings of one weight are in the order of rule, then subject", "[model][unit]") {
  std::vector<Finding> findings{
      At(Of("link-errors", Severity::kWarning), 2),
      At(Of("link-degraded", Severity::kWarning), 10),
      At(Of("link-errors", Severity::kWarning), 1),
      At(Of("link-degraded", Severity::kWarning), 9),
  };
  SortFindings(findings);
  CHECK(Keys(findings) == std::vector<std::string>{
                              "link-degraded link:0x0000000000000001/9",
                              "link-degraded link:0x0000000000000001/10",
                              "link-errors link:0x0000000000000001/1",
                              "link-errors link:0x0000000000000001/2",
                          });
}

TEST_CASE("The finding that gives the verdict is the first one", "[model][unit]") {
  std::vector<Finding> findings{
      Accepted(Of("a", Severity::kCritical)),
      Of("b", Severity::kWarning),
      Of("c", Severity::kNote, /*unknown=*/true),
  };
  SortFindings(findings);
  CHECK(Judge(findings) == Verdict::kUnknown);
  CHECK(Judge(std::span(findings).first(1)) == Verdict::kUnknown);
}

}  // namespace aftershock

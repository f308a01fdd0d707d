#include "model/finding.h"

#include <array>
#include <catch2/catch.hpp>

namespace aftershock {
namespace {

Finding Of(Severity severity, bool unknown = false) {
  Finding finding;
  finding.rule = "link-degraded";
  finding.severity = severity;
  finding.unknown = unknown;
  return finding;
}

}  // namespace

TEST_CASE("Without findings the verdict is OK", "[model][unit]") {
  CHECK(Judge({}) == Verdict::kOk);
  CHECK(Judge(std::array{Of(Severity::kNote)}) == Verdict::kOk);
}

TEST_CASE("The worst finding gives the verdict, in the order CRITICAL, UNKNOWN, WARNING", "[model][unit]") {
  const Finding note = Of(Severity::kNote), warning = Of(Severity::kWarning),
                critical = Of(Severity::kCritical), unknown = Of(Severity::kNote, /*unknown=*/true);
  CHECK(Judge(std::array{note, warning}) == Verdict::kWarning);
  CHECK(Judge(std::array{unknown, note}) == Verdict::kUnknown);
  CHECK(Judge(std::array{unknown, warning}) == Verdict::kUnknown);
  CHECK(Judge(std::array{warning, unknown}) == Verdict::kUnknown);
  CHECK(Judge(std::array{critical, unknown, warning}) == Verdict::kCritical);
  CHECK(Judge(std::array{unknown, critical}) == Verdict::kCritical);
}

TEST_CASE("A finding that is critical and unknown is critical", "[model][unit]") {
  CHECK(Judge(std::array{Of(Severity::kCritical, /*unknown=*/true)}) == Verdict::kCritical);
  CHECK(Judge(std::array{Of(Severity::kWarning, /*unknown=*/true)}) == Verdict::kUnknown);
}

TEST_CASE("Accepted and folded findings have no weight", "[model][unit]") {
  Finding accepted = Of(Severity::kCritical);
  accepted.accepted = "known bad cable, replaced on Monday";
  Finding folded = Of(Severity::kCritical, /*unknown=*/true);
  folded.because = "node-unresponsive switch:0x0000000000000001";
  CHECK(Judge(std::array{accepted, folded}) == Verdict::kOk);
  CHECK(Judge(std::array{accepted, folded, Of(Severity::kWarning)}) == Verdict::kWarning);
}

TEST_CASE("Exit codes are those of the design", "[model][unit]") {
  CHECK(ExitCode(Verdict::kOk) == 0);
  CHECK(ExitCode(Verdict::kWarning) == 1);
  CHECK(ExitCode(Verdict::kCritical) == 2);
  CHECK(ExitCode(Verdict::kUnknown) == 3);
}

TEST_CASE("Verdicts and severities are lower-case words", "[model][unit]") {
  CHECK(ToString(Verdict::kOk) == "ok");
  CHECK(ToString(Verdict::kWarning) == "warning");
  CHECK(ToString(Verdict::kUnknown) == "unknown");
  CHECK(ToString(Verdict::kCritical) == "critical");
  CHECK(ToString(Severity::kNote) == "note");
  CHECK(ToString(Severity::kWarning) == "warning");
  CHECK(ToString(Severity::kCritical) == "critical");
}

TEST_CASE("A subject names its kind, its GUID and where needed its route", "[model][unit]") {
  CHECK(ToString(Subject::Fabric()) == "fabric");
  CHECK(ToString(Subject::Link({Guid{1}, 7})) == "link:0x0000000000000001/7");
  CHECK(ToString(Subject{SubjectKind::kSwitch, Guid{2}, 0, ""}) == "switch:0x0000000000000002");
  CHECK(ToString(Subject{SubjectKind::kHost, Guid{2}, 0, "0,1,7"}) == "host:0x0000000000000002@0,1,7");
  CHECK(ToString(Subject{SubjectKind::kLink, Guid{2}, 3, "0,1"}) == "link:0x0000000000000002/3@0,1");
}

TEST_CASE("A finding is known again by its rule and subject", "[model][unit]") {
  Finding first = Of(Severity::kNote), second = Of(Severity::kCritical, /*unknown=*/true);
  first.subject = second.subject = Subject::Link({Guid{1}, 7});
  second.summary = "another sentence";
  CHECK(Key(first) == "link-degraded link:0x0000000000000001/7");
  CHECK(Key(first) == Key(second));
}

TEST_CASE("Evidence shows its number with its unit", "[model][unit]") {
  CHECK(ToString(Evidence{"symbol errors", std::int64_t{4711}, "errors in 10 s"}) ==
        "symbol errors 4711 errors in 10 s");
  CHECK(ToString(Evidence{"bit error ratio", 1.23456e-12, ""}) == "bit error ratio 1.235e-12");
  CHECK(ToString(Evidence{"active", std::string("4x SDR"), ""}) == "active 4x SDR");
}

}  // namespace aftershock

#include "app/change_log.h"

#include <spdlog/sinks/ostream_sink.h>

#include <catch2/catch.hpp>
#include <sstream>

using namespace aftershock;
using namespace aftershock::app;

namespace {

Report With(Verdict verdict, std::vector<Finding> findings) {
  Report report;
  report.verdict = verdict;
  report.findings = std::move(findings);
  return report;
}

Finding Degraded(Severity severity = Severity::kWarning) {
  Finding finding;
  finding.rule = "link-degraded";
  finding.severity = severity;
  finding.summary = "slow";
  return finding;
}

struct Log {
  std::ostringstream text;
  ChangeLog changes{
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(text))};

  // What a report adds to the log.
  std::string After(const Report& report) {
    text.str("");
    changes.Note(report);
    return text.str();
  }
};

}  // namespace

TEST_CASE("The first report tells its verdict and what stands", "[app][log][unit]") {
  Log log;
  const std::string text = log.After(With(Verdict::kWarning, {Degraded()}));
  CHECK(text.find("the verdict is warning") != std::string::npos);
  CHECK(text.find("found: link-degraded fabric [warning]: slow") != std::string::npos);
}

TEST_CASE("A report like the one before logs nothing", "[app][log][unit]") {
  Log log;
  log.After(With(Verdict::kWarning, {Degraded()}));
  CHECK(log.After(With(Verdict::kWarning, {Degraded()})).empty());
}

TEST_CASE("A finding that is gone is told", "[app][log][unit]") {
  Log log;
  log.After(With(Verdict::kWarning, {Degraded()}));
  CHECK(log.After(With(Verdict::kOk, {})).find("gone: link-degraded fabric") != std::string::npos);
}

TEST_CASE("Notes, folded and accepted findings are not logged", "[app][log][unit]") {
  Log log;
  log.After(With(Verdict::kOk, {}));
  Finding folded = Degraded(), accepted = Degraded();
  folded.because = "switch-lost switch:0x1";
  accepted.accepted = "known";
  CHECK(log.After(With(Verdict::kOk, {Degraded(Severity::kNote), folded, accepted})).empty());
}

#include "exporter/text_report.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "exporter/index_page.h"
#include "sample.h"

namespace aftershock::exporter {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

}  // namespace

TEST_CASE("A report for people has the verdict first and the findings worst first", "[exporter][unit]") {
  CHECK(TextReport(SampleReport(), {}) ==
        R"(CRITICAL  3 findings (1 critical, 1 unknown, 1 warning), 2 notes, 1 accepted

critical  node-unresponsive  Switch spine1 does not answer.
          requests 12 MADs; lost 1 of all
          Next: See whether it has power.
          Since 2011-03-14T01:43:20.250Z
          and 2 findings because of it; --all lists them
unknown   sweep-incomplete  One port was not read.
warning   transmit-discards  leaf1 port 4 to evil"}\ <script>alert('1')</script> discards packets.
notes     counter-reset 2; --all lists them
accepted  link-flapping  leaf1 port 3 flaps.
          Accepted: cable on order

5 nodes, 7 ports answered of 8; 1,234 MADs in 0.42 s
)");
}

TEST_CASE("With --all folded findings stand below their cause and notes are listed", "[exporter][unit]") {
  const std::string text = TextReport(SampleReport(), {.all = true});
  CHECK_THAT(text, Contains("          - warning link-degraded  leaf1 port 1 is slow.\n"
                            "          - warning link-errors  host1 port 1 errs.\n"));
  CHECK_THAT(text, Contains("note      counter-reset  Cleared.\nnote      counter-reset  Cleared.\n"));
  CHECK_THAT(text, !Contains("--all"));
}

TEST_CASE("A folded finding whose cause is not in the report is not lost", "[exporter][unit]") {
  Report report = HealthyReport();
  Finding finding;
  finding.rule = "link-errors";
  finding.because = "node-unresponsive switch:0x0000000000000001";
  report.findings.push_back(finding);
  CHECK_THAT(TextReport(report, {}), Contains("and 1 finding because of others; --all lists them\n"));
  CHECK_THAT(TextReport(report, {.all = true}),
             Contains("Because of: node-unresponsive switch:0x0000000000000001"));
}

TEST_CASE("Findings that name each other as cause end", "[exporter][unit]") {
  Report report = HealthyReport();
  for (const char* rule : {"a", "b"}) {
    report.findings.emplace_back().rule = rule;
    report.findings.back().because = rule == std::string("a") ? "b fabric" : "a fabric";
  }
  CHECK_THAT(TextReport(report, {}), Contains("and 2 findings because of others"));
}

TEST_CASE("A healthy fabric takes two lines", "[exporter][unit]") {
  CHECK(TextReport(HealthyReport(), {}) ==
        "OK  no findings\n\n5 nodes, 7 ports answered of 8; 1,234 MADs in 0.42 s\n");
}

TEST_CASE("UNKNOWN says what is not known", "[exporter][unit]") {
  Report report = HealthyReport();
  FabricSnapshot fabric = SampleFabric();
  fabric.sweep.complete = false;
  fabric.sweep.incomplete_because = "the deadline came first";
  report.planes[0].snapshot = std::make_shared<const FabricSnapshot>(fabric);
  report.planes.push_back({"mlx5_1:1", nullptr, {}, {}, Verdict::kUnknown});
  report.verdict = Verdict::kUnknown;
  const std::string text = TextReport(report, {});
  CHECK_THAT(text, Contains("Not known: mlx5_0:1: the sweep is not complete: the deadline came first\n"));
  CHECK_THAT(text, Contains("Not known: mlx5_0:1: 0 nodes and 1 port did not answer\n"));
  CHECK_THAT(text, Contains("Not known: mlx5_1:1: was not swept\n"));
  CHECK_THAT(TextReport(Report{}, {}), Contains("Not known: the fabric was not swept\n"));
}

TEST_CASE("Text wraps between words at the width, and names stay whole", "[exporter][unit]") {
  Report report = HealthyReport();
  report.findings.emplace_back();
  report.findings[0].severity = Severity::kWarning;
  report.findings[0].rule = "link-errors";
  report.findings[0].summary = "many many many many many many words and " + std::string(60, 'x') + " at last";
  std::istringstream lines(TextReport(report, {.width = 40}));
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK((line.size() <= 40 || line == std::string(10, ' ') + std::string(60, 'x') ||
           line.starts_with("5 nodes")));
  }
}

TEST_CASE("There are colours only when asked for", "[exporter][unit]") {
  CHECK_THAT(TextReport(SampleReport(), {}), !Contains("\x1b"));
  CHECK_THAT(TextReport(SampleReport(), {.colour = true}), StartsWith("\x1b[1;31mCRITICAL\x1b[0m  "));
}

TEST_CASE("A reason from the configuration cannot steer the terminal", "[exporter][unit]") {
  Report report = SampleReport();
  report.findings.back().accepted = "\x1b[2J\nOK  no findings";
  CHECK_THAT(TextReport(report, {}), Contains("Accepted: \\x1b[2J\\x0aOK no findings") ||
                                         Contains("Accepted: \\x1b[2J\\x0aOK  no findings"));
}

TEST_CASE("A hostile name is text on the page for people", "[exporter][unit]") {
  const std::string page = IndexPage(SampleReport(), StoppedClock().Steady(), SampleBuild());
  CHECK_THAT(page, Contains("evil&quot;}\\ &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; discards"));
  CHECK_THAT(page, !Contains("<script"));
}

TEST_CASE("The page for people lists at most 200 findings and says how many more there are",
          "[exporter][unit]") {
  Report report = SampleReport();
  report.findings.assign(250, report.findings[2]);
  const std::string page = IndexPage(report, StoppedClock().Steady(), SampleBuild());
  CHECK_THAT(page, Contains("<p>and 50 more: see the report.</p>"));
}

}  // namespace aftershock::exporter

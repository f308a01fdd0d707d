#include <catch2/catch.hpp>
#include <sstream>

#include "exporter/freshness.h"
#include "exporter/index_page.h"
#include "exporter/text_report.h"
#include "model/json/report.h"
#include "sample.h"
#include "sample_host.h"

namespace aftershock::exporter {
namespace {

using Catch::Matchers::Contains;

std::string TextOf(const HostSnapshot& host, const TextStyle& style = {.width = 80}) {
  return TextReport(HostReportOf(host), style);
}

}  // namespace

TEST_CASE("A host's report for people says what was found, what was looked at and what stands there",
          "[exporter][host]") {
  CHECK(TextOf(SampleHost()) == R"#(CRITICAL  2 findings (1 critical, 1 warning)

critical  ipoib-not-member  The SA does not have ib0.8001 in its broadcast
          group.
warning   ipoib-flapping  Carrier of evil"}\ <script>alert('1')</script> flaps.

n1: 3 adapters, 4 interfaces, 1 bond; 18 MADs since the start, looked for 0.12 s
seen      adapters, interfaces, sa
not seen  kernel_log: denied: /dev/kmsg may not be read without CAP_SYSLOG
odd file  class/infiniband/mlx5_1/fw_ver: malformed: it is empty

port      state           rate                 LID  cabled to
mlx5_0:1  Active          100 Gb/sec (4X EDR)  10   leaf1 port 7
mlx5_1:1  Down (Polling)  ?                    ?    -

interface                            P_Key   mode      MTU   state       member
          over
ib0                                  0xffff  datagram  2044  up          yes
          mlx5_0:1
ib1                                  0xffff  datagram  2044  no carrier  timeout
          mlx5_1:1
ib0.8001                             0x8001  datagram  2044  up          no
          mlx5_0:1
evil"}\ <script>alert('1')</script>  0xffff  ?         2044  up          ?
          ?

bond   mode           leg           state       failures  cabled to
bond0  active-backup  ib0 (active)  up          1         leaf1 port 7
bond0  active-backup  ib1           no carrier  ?         -
bond0: its live legs end at 1 switch
)#");
}

TEST_CASE("A host's report fits into 80 columns, but for names", "[exporter][host]") {
  std::istringstream lines(TextOf(SampleHost()));
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK((line.size() <= 80 || line.find("evil") != std::string::npos));
    CHECK_FALSE(line.ends_with(' '));
  }
}

TEST_CASE("With long names the last column has a line of its own", "[exporter][host]") {
  HostSnapshot host = SampleHost();
  host.hcas[0].name = std::string(60, 'x');
  CHECK_THAT(TextOf(host), Contains("\n          leaf1 port 7\n"));
}

TEST_CASE("What a live port is cabled to is unknown with the reason, a dead one's is nothing",
          "[exporter][host]") {
  HostSnapshot host = SampleHost();
  host.hcas[0].ports[0].uplink = Fail(Errc::kTimeout, "no answer");
  CHECK_THAT(TextOf(host), Contains("? (no answer)"));
  CHECK_THAT(TextOf(host), Contains("bond0: where its live legs end is not known\n"));
}

TEST_CASE("More than three odd files are listed with --all only", "[exporter][host]") {
  HostSnapshot host = SampleHost();
  host.faults.assign(5, host.faults[0]);
  CHECK_THAT(TextOf(host), Contains("and 2 more odd files; --all lists them\n"));
  CHECK_THAT(TextOf(host, {.all = true}), !Contains("more odd file"));
}

TEST_CASE("A host's names cannot steer the terminal", "[exporter][hostile]") {
  HostSnapshot host = SampleHost();
  host.hostname = host.links[0].name = host.bonds[0].name = host.hcas[0].name = "\x1b[2J\n";
  host.parts[2].error->what = host.faults[0].path = "\x1b]0;x\x07";
  host.hcas[0].ports[0].uplink = Fail(Errc::kTimeout, "\x1b[31m");
  CHECK_THAT(TextOf(host), !Contains("\x1b") && !Contains("\x07"));
}

TEST_CASE("A host's names are text on the page for people", "[exporter][hostile]") {
  HostSnapshot host = SampleHost();
  host.hostname = host.bonds[0].name = host.hcas[0].name = kHostileName;
  host.parts[2].error->what = host.faults[0].path = kHostileName;
  host.hcas[0].ports[0].uplink = Fail(Errc::kTimeout, kHostileName);
  const std::string page = IndexPage(HostReportOf(host), StoppedClock().Steady(), SampleBuild());
  CHECK_THAT(page, !Contains("<script"));
  CHECK_THAT(page, Contains("evil&quot;}"));
}

TEST_CASE("The page for people shows host, parts and tables", "[exporter][host]") {
  const std::string page = IndexPage(HostReportOf(SampleHost()), StoppedClock().Steady(), SampleBuild());
  CHECK_THAT(page, Contains("<b class=\"critical\">critical</b> n1: 3 adapters"));
  CHECK_THAT(page, Contains("not seen</span>: kernel_log: denied"));
  CHECK_THAT(page, Contains("<td>leaf1 port 7</td>"));
  CHECK_THAT(page, Contains("<a href=\"snapshot.json\">"));
}

TEST_CASE("The page for people shows at most 200 interfaces and says how many more there are",
          "[exporter][host]") {
  HostSnapshot host = SampleHost();
  host.links.resize(250);
  const std::string page = IndexPage(HostReportOf(host), StoppedClock().Steady(), SampleBuild());
  CHECK_THAT(page, Contains("<p>and 50 more: see the snapshot.</p>"));
}

TEST_CASE("A host that was never looked at is not green on any page", "[exporter][host]") {
  Report report;
  report.verdict = Verdict::kOk;
  report.host.emplace().verdict = Verdict::kOk;
  const Report current = AsOf(report, StoppedClock().Steady());
  CHECK(current.verdict == Verdict::kUnknown);
  CHECK_THAT(TextReport(current, {}), Contains("Not known: the host was not looked at\n"));
  CHECK_THAT(IndexPage(current, StoppedClock().Steady(), SampleBuild()), Contains("not looked at so far"));
  CHECK(ToJson(current)["host"]["coverage"].is_null());
}

TEST_CASE("A host alone is ready without any fabric until its look is stale", "[exporter][host]") {
  const Report report = HostReportOf(SampleHost());
  const SteadyTime now = StoppedClock().Steady();
  CHECK_FALSE(WhyNotReady(report, now));
  CHECK(AsOf(report, now).verdict == report.verdict);
  CHECK(WhyNotReady(report, now + std::chrono::seconds(41)) ==
        "host: the last look ended 41 s ago, more than 40 s");
}

TEST_CASE("A report's JSON has the host's verdict and coverage", "[json][host]") {
  const auto json = ToJson(HostReportOf(SampleHost()));
  CHECK(json["host"]["hostname"] == "n1");
  CHECK(json["host"]["verdict"] == "critical");
  CHECK(json["host"]["taken"] == "2011-03-14T01:59:26.415Z");
  CHECK(json["host"]["coverage"][0] == nlohmann::json{{"part", "adapters"}, {"error", nullptr}});
  CHECK(json["host"]["coverage"][2]["error"]["code"] == "denied");
  CHECK(json["coverage"].is_null());
  CHECK_FALSE(ToJson(SampleReport()).contains("host"));
}

}  // namespace aftershock::exporter

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "exporter/metrics.h"
#include "sample.h"
#include "sample_host.h"

namespace aftershock::exporter {
namespace {

using Catch::Matchers::Contains;

std::string PageOf(const Report& report) {
  return MetricsText(report, StoppedClock().Steady());
}
std::string HostPage() {
  return PageOf(HostReportOf(SampleHost()));
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// How often each series is on the page.
std::map<std::string, int> Series(const std::string& page) {
  std::map<std::string, int> times;
  for (const std::string& line : Lines(page)) {
    if (!line.starts_with('#')) ++times[line.substr(0, line.rfind(' '))];
  }
  return times;
}

}  // namespace

TEST_CASE("The whole page of a fabric and a host is the golden one", "[exporter][golden]") {
  const std::string file = AFTERSHOCK_GOLDEN_DIR "/both.prom", page = PageOf(BothReport());
  if (std::getenv("AFTERSHOCK_UPDATE_GOLDEN")) std::ofstream(file) << page;
  std::ifstream in(file);
  const std::string golden(std::istreambuf_iterator<char>(in), {});
  CHECK(Lines(page) == Lines(golden));
}

TEST_CASE("A host's InfiniBand ports are joined with its name, and its clock is told", "[exporter][host]") {
  HostSnapshot host = SampleHost();
  host.hcas[0].node_guid = Guid{0x0002c90300b00010};
  const StoppedClock clock;
  const std::string page = MetricsText(HostReportOf(host), clock.Steady() + std::chrono::seconds(5));
  CHECK_THAT(
      page, Contains("aftershock_host_info{host=\"n1\",hca=\"mlx5_0\",port=\"1\",guid=\"0x0002c90300b00011\","
                     "node_guid=\"0x0002c90300b00010\"} 1\n"));
  CHECK_THAT(page, Contains("hca=\"mlx5_1\"") && !Contains("hca=\"mlx5_2\""));  // which is Ethernet's
  const double now = ToUnixSeconds(host.taken) + ToSeconds(clock.Steady() - host.taken_steady) + 5;
  const auto at = page.find("\naftershock_clock_timestamp_seconds ");
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(page.substr(page.find(' ', at))) == Approx(now).margin(0.001));
}

TEST_CASE("The host role exports none of the compatible families", "[exporter][host]") {
  CHECK_THAT(HostPage(), !Contains("infiniband_"));
}

TEST_CASE("A host alone has its own status and none of a fabric", "[exporter][host]") {
  const std::string page = HostPage();
  CHECK_THAT(page, Contains("aftershock_status{scope=\"host\",name=\"n1\",status=\"critical\"} 1\n"));
  CHECK_THAT(page, !Contains("scope=\"fabric\""));
}

TEST_CASE("With both roles each has its own status", "[exporter][host]") {
  Report report = HealthyReport();
  report.host = HostReportOf(SampleHost()).host;
  report.verdict = Verdict::kCritical;
  const std::string page = PageOf(report);
  CHECK_THAT(page, Contains(R"(aftershock_status{scope="fabric",name="fabric",status="ok"} 1)"));
  CHECK_THAT(page, Contains(R"(aftershock_status{scope="host",name="n1",status="critical"} 1)"));
}

TEST_CASE("A membership is 1 or 0, and nothing when the SA did not say", "[exporter][host]") {
  const std::string page = HostPage();
  CHECK_THAT(page, Contains("aftershock_ipoib_member{interface=\"ib0\",pkey=\"0xffff\"} 1\n"));
  CHECK_THAT(page, Contains("aftershock_ipoib_member{interface=\"ib0.8001\",pkey=\"0x8001\"} 0\n"));
  CHECK_THAT(page, !Contains("aftershock_ipoib_member{interface=\"ib1\""));
}

TEST_CASE("A bond has its live switches, and none when they are not known", "[exporter][host]") {
  CHECK_THAT(HostPage(), Contains("aftershock_bond_live_switches{bond=\"bond0\"} 1\n"));
  HostSnapshot host = SampleHost();
  host.hcas[0].ports[0].uplink = Fail(Errc::kTimeout, "no answer");
  CHECK_THAT(PageOf(HostReportOf(host)), !Contains("aftershock_bond_live_switches"));
}

TEST_CASE("Events that happened are counted by kind and source", "[exporter][host]") {
  const std::string page = HostPage();
  CHECK_THAT(page, Contains("aftershock_host_events_total{event=\"port_err\",source=\"mlx5_1:1\"} 2\n"));
  CHECK_THAT(page, Contains("aftershock_host_events_total{event=\"carrier_down\",source=\"ib1\"} 3\n"));
}

TEST_CASE("A part that is denied is visible as 0", "[exporter][host]") {
  const std::string page = HostPage();
  CHECK_THAT(page, Contains("aftershock_host_part_up{part=\"kernel_log\"} 0\n"));
  CHECK_THAT(page, Contains("aftershock_host_part_up{part=\"sa\"} 1\n"));
}

TEST_CASE("A look has its time, its length and what it asked", "[exporter][host]") {
  const std::string page = HostPage();
  CHECK_THAT(page, Contains("aftershock_sweep_timestamp_seconds{probe=\"host\"} 1300067966.535"));
  CHECK_THAT(page, Contains("aftershock_sweep_duration_seconds{probe=\"host\"} 0.12\n"));
  CHECK_THAT(page, Contains(R"(aftershock_mads_total{class="sa",result="timeout",plane="host"} 1)"));
}

TEST_CASE("A stale look makes a healthy host unknown, and the fabric stays as it is", "[exporter][host]") {
  StoppedClock clock;
  Report report = HealthyReport();
  report.host = HostReportOf(SampleHost()).host;
  report.host->verdict = Verdict::kOk;
  clock.later = std::chrono::seconds(41);
  const std::string page = MetricsText(report, clock.Steady());
  CHECK_THAT(page, Contains(R"(aftershock_status{scope="host",name="n1",status="unknown"} 1)"));
  CHECK_THAT(page, Contains(R"(aftershock_status{scope="fabric",name="fabric",status="ok"} 1)"));
}

TEST_CASE("A host that was never looked at is unknown and has no numbers", "[exporter][host]") {
  Report report;
  report.verdict = Verdict::kOk;
  report.host.emplace().verdict = Verdict::kOk;
  const std::string page = PageOf(report);
  CHECK_THAT(page, Contains(R"(aftershock_status{scope="host",name="host",status="unknown"} 1)"));
  CHECK_THAT(page, !Contains("aftershock_sweep") && !Contains("aftershock_host") && !Contains("mads"));
}

TEST_CASE("No series of a host is written twice, whatever comes up twice", "[exporter][hostile]") {
  HostSnapshot host = SampleHost();
  host.bonds.push_back(host.bonds[0]);
  host.parts.push_back({HostPart::kKernelLog, {}});
  host.memberships.push_back(host.memberships[0]);
  host.memberships.back().answer = SaAnswer::kNo;
  // Different octets, the same once they are printable.
  host.event_counts[{HostEventKind::kPortErr, "\x01"}] = 4;
  host.event_counts[{HostEventKind::kPortErr, "\\x01"}] = 5;
  const std::string page = PageOf(HostReportOf(host));
  for (const auto& [series, count] : Series(page)) {
    CAPTURE(series);
    CHECK(count == 1);
  }
  CHECK_THAT(page, Contains(R"(aftershock_host_events_total{event="port_err",source="\\x01"} 9)"));
  CHECK_THAT(page, Contains(R"(aftershock_ipoib_member{interface="ib0",pkey="0xffff"} 0)"));
}

}  // namespace aftershock::exporter

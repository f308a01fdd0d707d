#include "exporter/metrics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "sample.h"

namespace aftershock::exporter {
namespace {

using Catch::Matchers::Contains;

std::string Sample() {
  return MetricsText(SampleReport(), StoppedClock().Steady());
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The label sets of one family, as text.
std::multiset<std::string> LabelsOf(const std::string& text, const std::string& family) {
  std::multiset<std::string> labels;
  for (const std::string& line : Lines(text)) {
    if (line.starts_with(family + "{"))
      labels.insert(line.substr(family.size(), line.rfind(' ') - family.size()));
  }
  return labels;
}

std::string GoldenFile() {
  return AFTERSHOCK_GOLDEN_DIR "/fabric.prom";
}

}  // namespace

TEST_CASE("The whole page of the sample fabric is the golden one", "[exporter][golden]") {
  const std::string page = Sample();
  if (std::getenv("AFTERSHOCK_UPDATE_GOLDEN")) std::ofstream(GoldenFile()) << page;
  std::ifstream in(GoldenFile());
  const std::string golden(std::istreambuf_iterator<char>(in), {});
  CHECK(Lines(page) == Lines(golden));
}

TEST_CASE("Without the compatible families the page keeps ours", "[exporter][unit]") {
  std::string page;
  const auto keep = [&](std::string_view chunk) {
    page += chunk;
    return true;
  };
  REQUIRE(WriteMetrics(SampleReport(), StoppedClock().Steady(), {"0", "none"}, keep, Compat::kNone));
  CHECK_THAT(page, !Contains("infiniband_"));
  CHECK_THAT(page, Contains("aftershock_status{"));
}

TEST_CASE("No series is written twice, however often a GUID or a plane comes up", "[exporter][unit]") {
  Report report = SampleReport();
  report.planes.push_back(report.planes[0]);
  report.planes[1].plane = "mlx5_1:1";
  report.findings.push_back(report.findings[0]);
  std::map<std::string, int> times;
  for (const std::string& line : Lines(MetricsText(report, StoppedClock().Steady()))) {
    if (!line.starts_with('#')) ++times[line.substr(0, line.rfind(' '))];
  }
  for (const auto& [series, count] : times) {
    CAPTURE(series);
    CHECK(count == 1);
  }
}

TEST_CASE("A family's lines stand together below its only HELP and TYPE", "[exporter][unit]") {
  std::set<std::string> seen;
  std::string family;
  for (const std::string& line : Lines(Sample())) {
    CAPTURE(line);
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      CHECK(seen.insert(family).second);
    }
    if (!line.starts_with('#')) CHECK(line.starts_with(family + "{"));
  }
}

TEST_CASE("Of nodes with one GUID only the first is shown", "[exporter][unit]") {
  const auto uplinks = LabelsOf(Sample(), "infiniband_switch_uplink_info");
  CHECK(std::ranges::count_if(uplinks, [](const std::string& labels) {
          return labels.starts_with(R"({guid="0x0002c90300a00001",port="1")");
        }) == 1);
  CHECK_THAT(Sample(), !Contains("switch=\"twin of leaf1\""));
}

TEST_CASE("A port without a link has state 0 and neither rate nor uplink", "[exporter][unit]") {
  const std::string page = Sample();
  const std::string port = R"({guid="0x0002c90300a00001",port="3")";
  CHECK_THAT(page, Contains("infiniband_switch_port_state" + port + ",switch=\"leaf1\"} 0\n"));
  CHECK_THAT(page, !Contains("rate_bytes_per_second" + port));
  CHECK_THAT(page, !Contains("uplink_info" + port));
}

TEST_CASE("A port that did not answer has no state and no counters instead of old ones", "[exporter][unit]") {
  Report report = SampleReport();
  FabricSnapshot fabric = SampleFabric();
  fabric.nodes[0].FindPort(1)->info_answer = Answer::kUnreachable;
  report.planes[0].snapshot = std::make_shared<const FabricSnapshot>(fabric);
  const std::string page = MetricsText(report, StoppedClock().Steady());
  CHECK_THAT(page, !Contains(R"(infiniband_switch_port_state{guid="0x0002c90300a00001",port="1")"));
  CHECK_THAT(
      page,
      !Contains(R"(infiniband_switch_port_transmit_data_bytes_total{guid="0x0002c90300a00001",port="4"})"));
}

TEST_CASE("A silent node's ports are unknown, though they were not asked one by one", "[exporter][unit]") {
  Report report = SampleReport();
  FabricSnapshot fabric = SampleFabric();
  fabric.nodes[2].answer = Answer::kTimeout;
  for (Port& port : fabric.nodes[2].ports) port.info_answer = port.counters_answer = Answer::kNotAsked;
  report.planes[0].snapshot = std::make_shared<const FabricSnapshot>(fabric);
  const std::string page = MetricsText(report, StoppedClock().Steady());
  CHECK_THAT(page, !Contains(R"(infiniband_switch_port_state{guid="0x0002c90300a00002")"));
  CHECK_THAT(page, !Contains(R"(_total{guid="0x0002c90300a00002")"));
}

TEST_CASE("An adapter goes by its port GUID, and a port whose GUID is unknown is not shown",
          "[exporter][unit]") {
  const auto labels = LabelsOf(Sample(), "infiniband_hca_port_receive_data_bytes_total");
  CHECK(labels == std::multiset<std::string>{R"({guid="0x0002c90300b00011",port="1"})",
                                             R"({guid="0x0002c90300b00021",port="1"})"});
}

TEST_CASE("Counters keep all their 64 bits", "[exporter][unit]") {
  CHECK_THAT(
      Sample(),
      Contains(R"(infiniband_switch_port_receive_data_bytes_total{guid="0x0002c90300a00001",port="1"} )"
               "1152921504606846976\n"));
}

TEST_CASE("Rates are octets per second: 4x EDR carries 12.5 GB/s", "[exporter][unit]") {
  const std::string page = Sample();
  CHECK_THAT(page, Contains(R"(infiniband_hca_rate_bytes_per_second{guid="0x0002c90300b00011"} 1.25e+10)"));
  CHECK_THAT(
      page,
      Contains(R"(infiniband_switch_port_raw_rate_bytes_per_second{guid="0x0002c90300a00001",port="1"} )"
               "12890625000\n"));
}

TEST_CASE("A name of quotes and backslashes is one label, escaped", "[exporter][unit]") {
  CHECK_THAT(Sample(), Contains(R"(uplink="evil\"}\\ <script>alert('1')</script>",uplink_guid=")"));
}

TEST_CASE("Accepted and folded findings have no series, and notes only a count", "[exporter][unit]") {
  const std::string page = Sample();
  CHECK(LabelsOf(page, "aftershock_finding").size() == 3);
  CHECK_THAT(page, Contains("aftershock_notes{rule=\"counter-reset\"} 2\n"));
  CHECK_THAT(page, !Contains("link-flapping"));
  CHECK_THAT(page, !Contains("link-degraded"));
}

TEST_CASE("A stale sweep makes a healthy fabric unknown", "[exporter][unit]") {
  StoppedClock clock;
  const auto page = [&] { return MetricsText(HealthyReport(), clock.Steady()); };
  CHECK_THAT(page(), Contains(R"(aftershock_status{scope="fabric",name="mlx5_0:1",status="ok"} 1)"));
  clock.later = std::chrono::seconds(91);
  CHECK_THAT(page(), Contains(R"(aftershock_status{scope="fabric",name="mlx5_0:1",status="ok"} 0)"));
  CHECK_THAT(page(), Contains(R"(aftershock_status{scope="fabric",name="mlx5_0:1",status="unknown"} 1)"));
  CHECK_THAT(page(), Contains(R"(aftershock_status{scope="fabric",name="fabric",status="unknown"} 1)"));
}

TEST_CASE("What is known to be critical stays critical when the sweep gets stale", "[exporter][unit]") {
  StoppedClock clock;
  clock.later = std::chrono::hours(1);
  CHECK_THAT(MetricsText(SampleReport(), clock.Steady()),
             Contains(R"(aftershock_status{scope="fabric",name="fabric",status="critical"} 1)"));
}

TEST_CASE("A plane that was never swept is unknown and has no numbers", "[exporter][unit]") {
  Report report;
  report.verdict = Verdict::kOk;
  report.planes.push_back({"mlx5_0:1", nullptr, {}, {}, Verdict::kOk});
  const std::string page = MetricsText(report, StoppedClock().Steady());
  CHECK_THAT(page, Contains(R"(aftershock_status{scope="fabric",name="mlx5_0:1",status="unknown"} 1)"));
  CHECK_THAT(page, !Contains("aftershock_sweep"));
  CHECK_THAT(page, !Contains("infiniband_"));
}

TEST_CASE("The page comes in chunks of bounded size and ends when the reader is gone", "[exporter][unit]") {
  Report report = SampleReport();
  FabricSnapshot fabric = SampleFabric();
  for (std::uint64_t guid = 1; guid < 2000; ++guid) {
    fabric.nodes.push_back(fabric.nodes[2]);
    fabric.nodes.back().guid = Guid{0x0003000000000000 + guid};
  }
  report.planes[0].snapshot = std::make_shared<const FabricSnapshot>(fabric);
  std::size_t largest = 0;
  int calls = 0;
  const bool whole =
      WriteMetrics(report, StoppedClock().Steady(), SampleBuild(), [&](std::string_view chunk) {
        largest = std::max(largest, chunk.size());
        return ++calls < 3;
      });
  CHECK(largest <= kChunkBytes);
  CHECK(calls == 3);
  CHECK_FALSE(whole);
}

}  // namespace aftershock::exporter

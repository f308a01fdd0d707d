// How long one page of /metrics takes for 32,000 linked ports, and how much text and memory it is; and the
// same of a saved snapshot. Prints one line each.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>

#include "exporter/metrics.h"
#include "model/json/snapshot.h"

namespace aftershock {
namespace {

constexpr std::uint32_t kSwitches = 500;
constexpr std::uint8_t kPorts = 64;

// A ring of switches with all counters of the compatible families, at values as large as months of traffic
// make them.
FabricSnapshot LargeFabric() {
  FabricSnapshot fabric;
  for (std::uint32_t i = 0; i < kSwitches; ++i) {
    Node& node = fabric.nodes.emplace_back();
    node.guid = Guid{std::uint64_t{0x0002c90300a00000} + i};
    node.type = NodeType::kSwitch;
    node.name = node.description = "rack" + std::to_string(i / 10) + "-switch" + std::to_string(i);
    node.answer = Answer::kAnswered;
    for (std::uint8_t num = 0; num <= kPorts; ++num) {
      Port& port = node.ports.emplace_back();
      port.num = num;
      port.guid = node.guid;
      PortInfo& info = port.info.emplace();
      info.lid = Lid{static_cast<std::uint16_t>(i + 1)};
      info.phys_state = PhysState::kLinkUp;
      info.state = PortState::kActive;
      info.width_active = 2;
      info.speed_active = LinkSpeed::kHdr;
      port.info_answer = port.counters_answer = Answer::kAnswered;
      if (num == 0) continue;
      port.peer = Peer{(i + 1) % kSwitches, num};
      for (const CounterSpec& spec : Counters()) {
        if (spec.metric.empty()) continue;
        port.counters.Set(spec.id, spec.group == CounterGroup::kTraffic
                                       ? std::uint64_t{0x123456789abcde} + i * 977u
                                       : num % 5);
      }
    }
  }
  fabric.sweep.coverage = CountCoverage(fabric);
  return fabric;
}

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

template <typename Work>
double Seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return ToSeconds(std::chrono::steady_clock::now() - start);
}

void MeasureMetrics(const Report& report) {
  std::size_t bytes = 0, lines = 0;
  const long before = PeakMegabytes();
  const auto page = [&](bool count) {
    exporter::WriteMetrics(
        report, *report.planes[0].complete_steady, {"0", "0"}, [&](std::string_view chunk) {
          bytes += count ? chunk.size() : 0;
          lines += count ? static_cast<std::size_t>(std::count(chunk.begin(), chunk.end(), '\n')) : 0;
          return true;
        });
  };
  page(true);
  const double seconds = Seconds([&] { page(false); });
  std::printf(
      "/metrics of %u ports: %.3f s, %zu lines, %.1f MB of text, %ld MB more at the peak (%ld MB in all)\n",
      kSwitches * kPorts, seconds, lines, static_cast<double>(bytes) / 1e6, PeakMegabytes() - before,
      PeakMegabytes());
}

void MeasureSnapshot(const FabricSnapshot& fabric) {
  std::string text;
  const double write = Seconds([&] {
    std::ostringstream out;
    WriteJson(fabric, out);
    text = std::move(out).str();
  });
  bool read_back = false;
  const double read = Seconds([&] { read_back = SnapshotFromJson(text).has_value(); });
  std::printf("snapshot of %u ports: %.1f MB of JSON, written in %.3f s, read in %.3f s%s\n",
              kSwitches * kPorts, static_cast<double>(text.size()) / 1e6, write, read,
              read_back ? "" : " (and refused)");
}

}  // namespace
}  // namespace aftershock

int main() {
  using namespace aftershock;
  Report report;
  report.stale_after = std::chrono::seconds(90);
  PlaneReport& plane = report.planes.emplace_back();
  plane.plane = "mlx5_0:1";
  plane.snapshot = std::make_shared<const FabricSnapshot>(LargeFabric());
  plane.complete_steady = std::chrono::steady_clock::now();
  MeasureMetrics(report);
  MeasureSnapshot(*plane.snapshot);
}

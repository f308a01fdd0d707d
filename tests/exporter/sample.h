// One small fabric with everything in it that a page can get wrong, and what was found there.
#pragma once

#include <atomic>
#include <string>

#include "base/clock.h"
#include "exporter/metrics.h"
#include "model/report.h"

namespace aftershock {

// Stands still at the time the sample report was made, until a test moves it.
class StoppedClock final : public Clock {
 public:
  WallTime Wall() const override;
  SteadyTime Steady() const override { return SteadyTime{} + std::chrono::seconds(1000) + later.load(); }
  std::atomic<Duration> later{};
};

// Contains a quote, a backslash and HTML; line feeds and broken UTF-8 never pass Printable().
inline constexpr const char* kHostileName = R"(evil"}\ <script>alert('1')</script>)";

// Two switches and a third that has the first one's GUID; two hosts on them. leaf1: port 1 to spine1, 2 to
// host1, 3 down, 4 to host2, whose counters did not answer. The plane is "mlx5_0:1".
FabricSnapshot SampleFabric();
// Of SampleFabric(): a critical finding with two folded under it, an unknown one, a warning, notes, an
// accepted one.
Report SampleReport();
// One plane on which nothing is wrong.
Report HealthyReport();

exporter::BuildInfo SampleBuild();
std::string MetricsText(const Report& report, SteadyTime now);

}  // namespace aftershock

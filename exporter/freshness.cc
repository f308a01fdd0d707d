#include "exporter/freshness.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::exporter {
namespace {

bool Fresh(const Report& report, const PlaneReport& plane, SteadyTime now) {
  const auto age = Age(plane, now);
  return plane.snapshot && age && *age <= report.stale_after;
}

}  // namespace

std::optional<Duration> Age(const PlaneReport& plane, SteadyTime now) {
  if (!plane.complete_steady) return std::nullopt;
  return std::max(now - *plane.complete_steady, Duration::zero());
}

Report AsOf(const Report& report, SteadyTime now) {
  Report current = report;
  if (current.planes.empty()) current.verdict = std::max(current.verdict, Verdict::kUnknown);
  for (PlaneReport& plane : current.planes) {
    if (Fresh(report, plane, now)) continue;
    plane.verdict = std::max(plane.verdict, Verdict::kUnknown);
    current.verdict = std::max(current.verdict, Verdict::kUnknown);
  }
  return current;
}

std::optional<std::string> WhyNotReady(const Report& report, SteadyTime now) {
  if (report.planes.empty()) return "no sweep so far";
  for (const PlaneReport& plane : report.planes) {
    if (Fresh(report, plane, now)) continue;
    const std::string name = Printable(plane.plane);
    const auto age = Age(plane, now);
    if (!age) return fmt::format("{}: no complete sweep so far", name);
    return fmt::format("{}: the last complete sweep ended {:.0f} s ago, more than {:.0f} s", name,
                       ToSeconds(*age), ToSeconds(report.stale_after));
  }
  return std::nullopt;
}

}  // namespace aftershock::exporter

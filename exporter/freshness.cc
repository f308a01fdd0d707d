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

// What was heard of members too long ago is not known now.
void AgePairs(Report& report, SteadyTime now) {
  PairsReport& pairs = *report.pairs;
  const bool fresh = !pairs.asking || (pairs.asked && now - *pairs.asked <= pairs.stale_after);
  if (fresh || pairs.pairs.empty()) return;
  report.verdict = std::max(report.verdict, Verdict::kUnknown);
  for (PairReport& pair : pairs.pairs) {
    pair.verdict = std::max(pair.verdict, Verdict::kUnknown);
    for (MemberReport& member : pair.members) member.state = MemberState::kUnknown;
  }
}

// Nothing is watched: not even that is known.
bool Nothing(const Report& report) {
  return report.planes.empty() && !report.host;
}

}  // namespace

std::optional<Duration> Age(const PlaneReport& plane, SteadyTime now) {
  if (!plane.complete_steady) return std::nullopt;
  return std::max(now - *plane.complete_steady, Duration::zero());
}

std::optional<Duration> Age(const HostReport& host, SteadyTime now) {
  if (!host.snapshot) return std::nullopt;
  return std::max(now - (host.snapshot->taken_steady + host.snapshot->duration), Duration::zero());
}

bool Fresh(const HostReport& host, SteadyTime now) {
  const auto age = Age(host, now);
  return age && *age <= host.stale_after;
}

Report AsOf(const Report& report, SteadyTime now) {
  Report current = report;
  if (Nothing(current)) current.verdict = std::max(current.verdict, Verdict::kUnknown);
  for (PlaneReport& plane : current.planes) {
    if (Fresh(report, plane, now)) continue;
    plane.verdict = std::max(plane.verdict, Verdict::kUnknown);
    current.verdict = std::max(current.verdict, Verdict::kUnknown);
  }
  if (current.pairs) AgePairs(current, now);
  if (current.host && !Fresh(*current.host, now)) {
    current.host->verdict = std::max(current.host->verdict, Verdict::kUnknown);
    current.verdict = std::max(current.verdict, Verdict::kUnknown);
  }
  return current;
}

std::optional<std::string> WhyNotReady(const Report& report, SteadyTime now) {
  if (Nothing(report)) return "no sweep so far";
  for (const PlaneReport& plane : report.planes) {
    if (Fresh(report, plane, now)) continue;
    const std::string name = Printable(plane.plane);
    const auto age = Age(plane, now);
    if (!age) return fmt::format("{}: no complete sweep so far", name);
    return fmt::format("{}: the last complete sweep ended {:.0f} s ago, more than {:.0f} s", name,
                       ToSeconds(*age), ToSeconds(report.stale_after));
  }
  if (!report.host || Fresh(*report.host, now)) return std::nullopt;
  const auto age = Age(*report.host, now);
  if (!age) return "host: not looked at so far";
  return fmt::format("host: the last look ended {:.0f} s ago, more than {:.0f} s", ToSeconds(*age),
                     ToSeconds(report.host->stale_after));
}

}  // namespace aftershock::exporter

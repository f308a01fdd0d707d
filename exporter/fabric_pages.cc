#include "exporter/fabric_pages.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "exporter/freshness.h"
#include "model/json/loads.h"
#include "model/json/snapshot.h"

namespace aftershock::exporter {
namespace {

std::optional<std::string> WhyStale(const PlaneReport& plane, const Report& report, SteadyTime now) {
  const auto age = Age(plane, now);
  if (!age) return "no complete sweep so far";
  if (*age <= report.stale_after) return std::nullopt;
  return fmt::format("the last complete sweep is {:.0f} s old", ToSeconds(*age));
}

std::string Names(const Report& report) {
  std::string names;
  for (const PlaneReport& plane : report.planes) names += (names.empty() ? "" : ", ") + plane.plane;
  return names.empty() ? "none" : names;
}

}  // namespace

std::string LoadsPage(const Report& report, SteadyTime now) {
  std::vector<PlaneLoads> planes;
  for (const PlaneReport& plane : report.planes) {
    planes.push_back({plane.plane, WhyStale(plane, report, now), plane.loads ? *plane.loads : PortLoads()});
  }
  return LoadsToJson(planes);
}

Result<std::string> FabricPage(const Report& report, std::string_view name) {
  if (name.empty() && report.planes.size() > 1)
    return Fail(Errc::kInvalid, "there are several planes; choose one with ?plane=: " + Names(report));
  const auto plane = std::ranges::find_if(
      report.planes, [&](const PlaneReport& p) { return name.empty() || p.plane == name; });
  if (plane == report.planes.end())
    return Fail(Errc::kAbsent, "there is no such plane; there are: " + Names(report));
  if (plane->snapshot == nullptr) return Fail(Errc::kAbsent, "the plane was not swept so far");
  std::ostringstream out;
  WriteJson(*plane->snapshot, out);
  return std::move(out).str();
}

}  // namespace aftershock::exporter

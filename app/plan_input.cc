#include "app/plan_input.h"

#include <filesystem>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/console.h"
#include "app/node_names.h"
#include "app/open_fabric.h"
#include "app/planes.h"
#include "base/printable.h"
#include "probes/fleet/http.h"
#include "probes/fleet/monitor.h"
#include "probes/saved/saved.h"

namespace aftershock::app {
namespace {

Result<void> AddMonitor(const std::string& url, PlanInput& input) {
  auto planes = fleet::AskMonitor(url);
  if (!planes) return tl::unexpected(planes.error());
  input.measured = true;
  for (fleet::MonitoredPlane& plane : *planes) {
    if (plane.loads.stale) input.gaps.push_back(fmt::format("{}: {}", plane.loads.name, *plane.loads.stale));
    input.loads.merge(plane.loads.loads);
    input.planes.push_back(
        {plane.loads.name, std::make_shared<const FabricSnapshot>(std::move(plane.snapshot))});
  }
  return {};
}

Result<void> AddFile(const std::string& file, const fabric::NodeNames& names, PlanInput& input) {
  auto snapshot = saved::LoadTopology(file);
  if (!snapshot) return tl::unexpected(snapshot.error());
  for (Node& node : snapshot->nodes) {
    if (const auto at = names.find(node.guid); at != names.end()) node.name = at->second;
  }
  const std::string name = Printable(std::filesystem::path(file).filename().string());
  input.planes.push_back({name, std::make_shared<const FabricSnapshot>(std::move(*snapshot))});
  return {};
}

}  // namespace

Result<PlanInput> ReadPlanInput(const std::vector<std::string>& sources, const Config& config) {
  PlanInput input;
  fabric::NodeNames names;
  if (!config.fabric.node_name_map.empty()) {
    auto read = ReadNodeNames(config.fabric.node_name_map);
    if (!read) return Fail(Errc::kInvalid, "fabric.node_name_map: " + read.error().what);
    names.swap(*read);
  }
  for (const std::string& source : sources) {
    const auto added = fleet::IsUrl(source) ? AddMonitor(source, input) : AddFile(source, names, input);
    if (!added) return tl::unexpected(added.error());
  }
  return input;
}

Result<PlanInput> SweepPlanInput(const Config& config, const Clock& clock, std::stop_token stop) {
  const auto options = ReadSweepOptions(config.fabric);
  if (!options) return Fail(Errc::kInvalid, options.error().what);
  auto entrances = OpenEntrances(config.fabric, *options, clock);
  if (!entrances) return tl::unexpected(entrances.error());
  for (const auto& entrance : *entrances) Say(fmt::format("looking at the fabric by {}", entrance->Name()));
  PlaneSet planes(std::move(*entrances), clock, config.settings, config.StaleAfter());
  ProgressLine progress(clock);
  const ReportPtr report = planes.Sweep(stop, progress.Callback());
  progress.Clear();
  if (stop.stop_requested()) return Fail(Errc::kInternal, "stopped before the fabric was seen");
  PlanInput input;
  for (const PlaneReport& plane : report->planes) {
    if (plane.snapshot == nullptr) {
      input.gaps.push_back(plane.plane + ": was not swept");
    } else {
      input.planes.push_back({plane.plane, plane.snapshot});
    }
  }
  if (input.planes.empty()) return Fail(Errc::kInternal, report->findings.front().summary);
  return input;
}

}  // namespace aftershock::app

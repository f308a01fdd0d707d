// aftershock route: the way that packets take, and the cycles of all ways.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "app/open_fabric.h"
#include "app/planes.h"
#include "app/saved_entrance.h"
#include "app/stopping.h"
#include "base/printable.h"
#include "exporter/route_text.h"
#include "model/json/route.h"
#include "probes/saved/saved.h"
#include "rules/routing/trace.h"

namespace aftershock::app {
namespace {

struct RouteOptions {
  std::string from, to, file;
  std::vector<std::string> ports;
  std::string format = kText;
  bool loops = false;
  bool no_colour = false;
};

// kInvalid: of usage; every other code: the fabric could not be seen.
Result<ReportPtr> Look(const RouteOptions& options, const Config& config) {
  const SystemClock clock;
  StopOnSignal stop;
  std::vector<std::unique_ptr<Entrance>> entrances;
  if (!options.file.empty()) {
    auto snapshot = saved::LoadSnapshot(options.file);
    if (!snapshot) return Fail(Errc::kInternal, snapshot.error().what);
    entrances.push_back(std::make_unique<SavedEntrance>(
        Printable(options.file), std::make_shared<FabricSnapshot>(std::move(*snapshot))));
  } else {
    const auto sweep_options = ReadSweepOptions(config.fabric);
    if (!sweep_options) return Fail(Errc::kInvalid, sweep_options.error().what);
    auto opened = OpenEntrances(config.fabric, *sweep_options, clock);
    if (!opened) return Fail(Errc::kInternal, opened.error().what);
    entrances = std::move(*opened);
    for (const auto& entrance : entrances) Say(fmt::format("looking at the fabric by {}", entrance->Name()));
  }
  PlaneSet planes(std::move(entrances), clock, config.settings, config.StaleAfter());
  ProgressLine progress(clock);
  ReportPtr report = planes.Sweep(stop.token(), progress.Callback());
  progress.Clear();
  if (stop.token().stop_requested()) return Fail(Errc::kInternal, "stopped before the fabric was seen");
  const bool seen =
      std::ranges::any_of(report->planes, [](const PlaneReport& p) { return p.snapshot != nullptr; });
  if (!seen) {
    return Fail(Errc::kInternal, report->findings.empty() ? std::string("the fabric could not be seen")
                                                          : report->findings.front().summary);
  }
  return report;
}

bool SeenWhole(const Report& report) {
  return std::ranges::all_of(report.planes, [](const PlaneReport& plane) {
    return plane.snapshot != nullptr && plane.snapshot->sweep.complete &&
           plane.snapshot->sweep.coverage.nodes_unanswered == 0;
  });
}

exporter::TextStyle StyleOf(const RouteOptions& options) {
  return {.colour = !options.no_colour && ColourWanted(), .all = false, .width = OutputWidth()};
}

int PrintCycles(const Report& report, const RouteOptions& options, const Settings& settings) {
  std::vector<RouteCycles> planes;
  Verdict verdict = Verdict::kOk;
  for (const PlaneReport& plane : report.planes) {
    RouteCycles cycles;
    if (plane.snapshot == nullptr) {
      cycles.summary = "was not swept";
    } else {
      cycles = rules::FindCycles(rules::RoutingMap(*plane.snapshot), settings, report.findings);
    }
    cycles.plane = plane.plane;
    verdict = std::max(verdict, cycles.verdict);
    planes.push_back(std::move(cycles));
  }
  if (options.format == kJson) {
    std::cout << ToJson(planes, verdict).dump(2) << '\n';
  } else {
    for (const RouteCycles& cycles : planes) std::cout << exporter::CyclesText(cycles, StyleOf(options));
  }
  return FinishOutput(ExitCode(verdict));
}

// In every plane that has both ends. An error: no plane has.
Result<std::vector<Route>> FindRoutes(const Report& report, const RouteOptions& options) {
  std::vector<Route> routes;
  std::optional<Error> why;
  for (const PlaneReport& plane : report.planes) {
    if (plane.snapshot == nullptr) continue;
    const rules::RoutingMap map(*plane.snapshot);
    const auto from = rules::FindRouteSubject(map, options.from);
    const auto to = rules::FindRouteSubject(map, options.to);
    if (!from || !to) {
      const Error& error = !from ? from.error() : to.error();
      if (!why || error.code == Errc::kInvalid) why = error;
      continue;
    }
    routes.push_back(rules::TraceRoute(map, *from, *to, report.findings));
    routes.back().plane = plane.plane;
  }
  if (routes.empty()) return tl::unexpected(why.value_or(Error{Errc::kAbsent, "no plane was seen"}));
  return routes;
}

int PrintRoutes(const std::vector<Route>& routes, const RouteOptions& options) {
  int exit_code = 0;
  for (const Route& route : routes) {
    const int code = ExitCode(route.ending);
    // Broken weighs more than unknown.
    if (exit_code == 0 || code == ExitCode(RouteEnding::kBroken)) exit_code = code;
  }
  if (options.format == kJson) {
    std::cout << ToJson(std::span<const Route>(routes)).dump(2) << '\n';
    return FinishOutput(exit_code);
  }
  for (const Route& route : routes) {
    if (routes.size() > 1) std::cout << Printable(route.plane) << ":\n";
    std::cout << exporter::RouteText(route, StyleOf(options));
  }
  return FinishOutput(exit_code);
}

int ShowRoute(const RouteOptions& options, const Globals& globals) {
  if (options.loops ? !options.from.empty() : options.to.empty())
    return Complain(kExitUsage, "give FROM and TO, or --loops alone (see aftershock route --help)");
  const auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  const auto report = Look(options, *config);
  if (!report) {
    return Complain(report.error().code == Errc::kInvalid ? kExitUsage : kExitUnknown,
                    Printable(report.error().what));
  }
  if (options.loops) return PrintCycles(**report, options, config->settings);
  const auto routes = FindRoutes(**report, options);
  if (routes) return PrintRoutes(*routes, options);
  // What is not in a fabric that was seen in part may be in the rest of it.
  const bool usage = routes.error().code == Errc::kInvalid || SeenWhole(**report);
  return Complain(usage ? kExitUsage : kExitUnknown, Printable(routes.error().what));
}

}  // namespace

void AddRoute(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<RouteOptions>();
  CLI::App* command = app.add_subcommand(
      "route", "Show the way that packets take from one port to another, and what is wrong on it");
  command->fallthrough();
  command->footer(
      "FROM and TO are names or GUIDs of hosts and switches (host:NAME, switch:NAME, NAME/PORT) or LIDs. The "
      "way back may be another one: ask for it by itself.\n"
      "Exit codes: 0 it arrives, or there is no cycle; 2 it does not, or there is one; 3 not known.");
  AddPortOption(*command, options->ports);
  command->add_option("FROM", options->from, "Where packets come from");
  command->add_option("TO", options->to, "Where they go to");
  command->add_flag("--loops", options->loops,
                    "Print the cycles instead: of links that can wait for each other, and of packets");
  command->add_option("--from", options->file, "A snapshot that `aftershock sweep --format json` wrote")
      ->type_name("FILE")
      ->excludes("--port");
  AddFormatOption(*command, options->format);
  command->add_flag("--no-color,--no-colour", options->no_colour, "No colours on a terminal; as NO_COLOR=1");
  command->callback([options, &globals, &exit_code] { exit_code = ShowRoute(*options, globals); });
}

}  // namespace aftershock::app

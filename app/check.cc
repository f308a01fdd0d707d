// aftershock check: looks once and says what is wrong.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/console.h"
#include "app/host_check.h"
#include "app/open_fabric.h"
#include "app/pair_watch.h"
#include "app/planes.h"
#include "app/ports.h"
#include "app/report_board.h"
#include "app/saved_entrance.h"
#include "app/stopping.h"
#include "app/supervised.h"
#include "app/times.h"
#include "base/printable.h"
#include "exporter/text_report.h"
#include "model/json/report.h"
#include "probes/saved/saved.h"

namespace aftershock::app {
namespace {

struct CheckOptions {
  bool fabric = false;
  bool host = false;
  std::vector<std::string> ports;
  std::string window;  // empty: the default of what is checked
  std::string format = kText;
  std::string from;
  bool all = false;
  bool no_colour = false;
};

constexpr Duration kFabricWindow = std::chrono::seconds(10);

// So often the members of pairs are asked within the window, not faster than that and not slower.
constexpr int kRounds = 25;
constexpr Duration kLeastPause = std::chrono::milliseconds(20), kMostPause = std::chrono::seconds(4);
// Waiting for answers that do not come takes time: so many windows at most are spent on them.
constexpr int kMostWindows = 3;
// A member that loses packets may be missed by a sweep: so often it is looked for.
constexpr int kMostLooks = 3;

// A bare number is one of seconds here: it is what a hand types.
std::optional<Duration> ParseWindow(const std::string& text) {
  const auto window = ParseDuration(text);
  return window ? window : ParseDuration(text + "s");
}

int Print(const Report& report, const CheckOptions& options) {
  if (options.format == kJson) {
    std::cout << ToJson(report).dump(2) << '\n';
  } else {
    const bool colour = !options.no_colour && ColourWanted();
    std::cout << exporter::TextReport(report, {.colour = colour, .all = options.all, .width = OutputWidth()});
  }
  return FinishOutput(ExitCode(report.verdict));
}

// One clear line, and the same as an object for who asked for one.
int CannotCheck(const std::string& why, const CheckOptions& options, const Config& config,
                const Clock& clock) {
  Say(Printable(why));
  if (options.format != kJson) return kExitUnknown;
  return Print(ReportThatNothingIsKnown(why, clock, config.settings), options);
}

int CannotCheckHost(const std::string& why, const CheckOptions& options, const Config& config,
                    const Clock& clock) {
  Say(why);
  if (options.format != kJson) return kExitUnknown;
  return Print(ReportOfUnseenHost(why, clock, config.settings), options);
}

int NothingToCheck(const CheckOptions& options, const Clock& clock) {
  if (options.format != kJson) {
    std::cout << kNoInfiniBand << '\n';
    return FinishOutput(0);
  }
  Say(kNoInfiniBand);
  Report report;
  report.made = clock.Wall();
  report.verdict = Verdict::kOk;
  return Print(report, options);
}

int CheckSaved(const CheckOptions& options, const Config& config, const Clock& clock) {
  auto snapshot = saved::LoadSnapshot(options.from);
  if (!snapshot) return CannotCheck(snapshot.error().what, options, config, clock);
  std::vector<std::unique_ptr<Entrance>> entrances;
  entrances.push_back(std::make_unique<SavedEntrance>(
      Printable(options.from), std::make_shared<FabricSnapshot>(std::move(*snapshot))));
  PlaneSet planes(std::move(entrances), clock, config.settings, config.StaleAfter());
  const ReportPtr report = planes.Sweep({});
  std::optional<PairResult> pairs;
  PairWatch watch(config.settings, clock, {}, config.StaleAfter(), /*asking=*/false,
                  [&](PairResult result) { pairs = std::move(result); });
  watch.TakeSweep(*report, planes);
  return Print(Combine(report.get(), nullptr, &*pairs), options);
}

// Something did not answer, and there may be more behind it.
bool MayHide(const Report& report) {
  return std::ranges::any_of(report.planes, [](const PlaneReport& plane) {
    return plane.snapshot != nullptr && plane.snapshot->sweep.coverage.nodes_unanswered != 0;
  });
}

// Asks the members of pairs as often as it takes to judge them.
void AskPairs(PairWatch& watch, Duration window, const Clock& clock, std::stop_token stop) {
  const Duration pause = std::clamp(window / kRounds, kLeastPause, kMostPause);
  SteadyTime next = clock.Steady();
  const SteadyTime end = next + kMostWindows * std::max(window, kRounds * kLeastPause);
  for (int round = 0; round < kRounds && next <= end && WaitUntil(next, stop); ++round) {
    watch.Ask(stop);
    next = std::max(next + pause, clock.Steady());
  }
}

// The host alone, from a process that need not end: its parent has answered by then.
int LookAtHost(const CheckOptions& options, const Config& config, Duration window, const Clock& clock,
               const std::function<void()>& claim) {
  StopOnSignal stop;
  HostRole host = OpenHostForCheck(config, clock);
  const HostResult& result = LookTwice(host, window, clock, stop.token());
  claim();
  if (stop.token().stop_requested())
    return CannotCheckHost("stopped before the check was done", options, config, clock);
  if (host.NothingHere()) return NothingToCheck(options, clock);
  return Print(Combine(nullptr, &result), options);
}

int CheckHost(const CheckOptions& options, const Config& config, Duration window, const Clock& clock) {
  const auto code = RunSupervised(window + kHostCheckSlack, [&](const auto& claim) {
    return LookAtHost(options, config, window, clock, claim);
  });
  if (code) return *code;
  const std::string why = fmt::format(
      "the check of this host did not end within {} s: something hangs in the kernel (ps -eo state,pid,comm "
      "shows processes in state D), or the machine is too busy",
      ToSeconds(window + kHostCheckSlack));
  return CannotCheckHost(why, options, config, clock);
}

int CheckFabric(const CheckOptions& options, const Config& config, Duration window, const Clock& clock) {
  const auto sweep_options = ReadSweepOptions(config.fabric);
  if (!sweep_options) return Complain(kExitUsage, sweep_options.error().what);
  StopOnSignal stop;
  auto entrances = OpenEntrances(config.fabric, *sweep_options, clock);
  if (!entrances) return CannotCheck(entrances.error().what, options, config, clock);
  for (const auto& entrance : *entrances) Say(fmt::format("looking at the fabric by {}", entrance->Name()));
  PlaneSet planes(std::move(*entrances), clock, config.settings, config.StaleAfter());
  std::optional<HostRole> host;
  if (options.host) {
    host.emplace(OpenHostForCheck(config, clock));
    host->Look(kHostCheckSlack, stop.token());
  }
  std::optional<PairResult> pairs;
  PairWatch watch(config.settings, clock, LivenessOptionsOf(config.fabric, sweep_options->m_key),
                  PairsStaleAfter(config.fabric), /*asking=*/true,
                  [&](PairResult result) { pairs = std::move(result); });
  ProgressLine progress(clock);
  ReportPtr report = planes.Sweep(stop.token(), progress.Callback());
  watch.TakeSweep(*report, planes);
  for (int look = 1; look < kMostLooks && MayHide(*report) && watch.MissesMembers(); ++look) {
    report = planes.Sweep(stop.token(), progress.Callback());
    watch.TakeSweep(*report, planes);
  }
  const SteadyTime second = clock.Steady() + window;
  if (!config.settings.pairs.empty()) AskPairs(watch, window, clock, stop.token());
  if (window > Duration::zero() && WaitUntil(second, stop.token())) {
    report = planes.Sweep(stop.token(), progress.Callback());
    watch.TakeSweep(*report, planes);
    if (host) host->Look(kHostCheckSlack, stop.token());
  }
  progress.Clear();
  if (stop.token().stop_requested())
    return CannotCheck("stopped before the check was done", options, config, clock);
  return Print(Combine(report.get(), host ? &host->result() : nullptr, &*pairs), options);
}

int Check(const CheckOptions& options, const Globals& globals) {
  const bool host_alone = options.host && !options.fabric && options.ports.empty();
  const auto window = options.window.empty() ? std::optional(host_alone ? kHostWindow : kFabricWindow)
                                             : ParseWindow(options.window);
  if (!window || *window > std::chrono::hours(1)) {
    return Complain(kExitUsage, fmt::format("--window: \"{}\" is not a time from 0 to 1h like 10s or 2min",
                                            Printable(options.window)));
  }
  const auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  const SystemClock clock;
  if (!options.from.empty()) return CheckSaved(options, *config, clock);
  if (host_alone) return CheckHost(options, *config, *window, clock);
  const bool asked = options.fabric || !config->fabric.ports.empty();
  if (!asked) {
    const auto found = mad::ListPorts();
    if (!found && found.error().code != Errc::kAbsent)
      return CannotCheck(found.error().what, options, *config, clock);
    if (!found || !HasInfiniBand(*found)) return NothingToCheck(options, clock);
  }
  return CheckFabric(options, *config, *window, clock);
}

}  // namespace

void AddCheck(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Look once and say what is wrong");
  command->fallthrough();
  auto* fabric = command->add_flag("--fabric", options->fabric,
                                   "Check the fabric, the default; without a port that is an error");
  auto* host = command->add_flag("--host", options->host,
                                 "Check this host: within 5 s, whatever hangs; with --fabric, both");
  AddPortOption(*command, options->ports);
  auto* window =
      command->add_option("--window", options->window,
                          "Look twice, so far apart; 0: once, and nothing is said about rates. Default: 10s, "
                          "of the host alone 2s");
  window->type_name("TIME");
  AddFormatOption(*command, options->format);
  command->add_option("--from", options->from, "Judge a snapshot that `aftershock sweep --format json` wrote")
      ->type_name("FILE")
      ->excludes(fabric)
      ->excludes(host)
      ->excludes(window)
      ->excludes("--port");
  command->add_flag("--all", options->all, "List notes and what follows from other findings too");
  command->add_flag("--no-color,--no-colour", options->no_colour, "No colours on a terminal; as NO_COLOR=1");
  command->callback([options, &globals, &exit_code] { exit_code = Check(*options, globals); });
}

}  // namespace aftershock::app

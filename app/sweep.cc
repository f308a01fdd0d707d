// aftershock sweep: looks once and writes what was seen, without judging it.
#include <fmt/format.h>

#include <iostream>

#include "app/atomic_file.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/open_fabric.h"
#include "app/planes.h"
#include "app/stopping.h"
#include "model/json/snapshot.h"

namespace aftershock::app {
namespace {

struct SweepCommandOptions {
  std::vector<std::string> ports;
  std::string format = kText;
  std::string file;
};

void WriteText(const FabricSnapshot& snapshot, std::ostream& out) {
  const SweepReport& sweep = snapshot.sweep;
  const Coverage& coverage = sweep.coverage;
  out << fmt::format("Swept by {} in {:.3f} s{}.\n", snapshot.local.Name(), ToSeconds(sweep.duration),
                     sweep.complete ? "" : fmt::format(", incomplete: {}", sweep.incomplete_because));
  out << fmt::format("Nodes: {}, of which {} did not answer.\n", coverage.nodes_expected,
                     coverage.nodes_unanswered);
  out << fmt::format("Linked ports: {}, of which {} did not answer and {} have no counters.\n",
                     coverage.ports_expected, coverage.ports_unanswered, coverage.not_applicable);
  for (const Node& node : snapshot.nodes) {
    out << fmt::format("{} {:<8} {:>3} ports  {}\n", ToString(node.guid), ToString(node.type), node.num_ports,
                       node.name);
  }
}

Result<void> Write(const FabricSnapshot& snapshot, const SweepCommandOptions& options) {
  const auto write = [&](std::ostream& out) {
    if (options.format == kJson) {
      WriteJson(snapshot, out);
    } else {
      WriteText(snapshot, out);
    }
  };
  if (!options.file.empty()) return WriteFile(options.file, write);
  write(std::cout);
  return {};
}

// true: the fabric was not read in full.
bool SayWhatIsMissing(const FabricSnapshot& snapshot) {
  const SweepReport& sweep = snapshot.sweep;
  const Coverage& coverage = sweep.coverage;
  if (!sweep.complete) Say("the sweep is incomplete: " + sweep.incomplete_because);
  const bool silent = coverage.nodes_unanswered + coverage.ports_unanswered != 0;
  if (silent) {
    Say(fmt::format("{} nodes and {} linked ports did not answer", coverage.nodes_unanswered,
                    coverage.ports_unanswered));
  }
  return silent || !sweep.complete;
}

int Sweep(const SweepCommandOptions& options, const Globals& globals) {
  const auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  const auto sweep_options = ReadSweepOptions(config->fabric);
  if (!sweep_options) return Complain(kExitUsage, sweep_options.error().what);
  const SystemClock clock;
  StopOnSignal stop;
  auto entrances = OpenEntrances(config->fabric, *sweep_options, clock);
  if (!entrances) return Complain(kExitUnknown, entrances.error().what);
  for (const auto& entrance : *entrances) Say(fmt::format("sweeping by {}", entrance->Name()));
  PlaneSet planes(std::move(*entrances), clock, config->settings, config->StaleAfter());
  ProgressLine progress(clock);
  const ReportPtr report = planes.Sweep(stop.token(), progress.Callback());
  progress.Clear();
  if (report->planes.size() > 1) {
    return Complain(kExitUsage, "these ports lead to several subnets; choose one with --port");
  }
  const FabricSnapshotPtr& snapshot = report->planes.front().snapshot;
  if (snapshot == nullptr) return Complain(kExitUnknown, report->findings.front().summary);
  if (auto written = Write(*snapshot, options); !written) return Complain(kExitUnknown, written.error().what);
  return FinishOutput(SayWhatIsMissing(*snapshot) ? kExitUnknown : 0);
}

}  // namespace

void AddSweep(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<SweepCommandOptions>();
  CLI::App* command = app.add_subcommand("sweep", "Look once and write what was seen");
  command->fallthrough();
  AddPortOption(*command, options->ports);
  AddFormatOption(*command, options->format);
  command->add_option("-o,--output", options->file, "Write to this file instead of standard output")
      ->type_name("FILE");
  command->callback([options, &globals, &exit_code] { exit_code = Sweep(*options, globals); });
}

}  // namespace aftershock::app

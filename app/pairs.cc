// aftershock pairs suggest: redundancy groups that the topology makes look so, as YAML to paste.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/console.h"
#include "app/open_fabric.h"
#include "app/planes.h"
#include "app/saved_entrance.h"
#include "app/stopping.h"
#include "base/printable.h"
#include "probes/saved/saved.h"
#include "rules/pairs/suggest.h"

namespace aftershock::app {
namespace {

struct PairsOptions {
  std::vector<std::string> ports;
  std::vector<std::string> from;
};

using Entrances = std::vector<std::unique_ptr<Entrance>>;

Result<Entrances> OpenFiles(const std::vector<std::string>& files) {
  Entrances entrances;
  for (const std::string& file : files) {
    auto snapshot = saved::LoadSnapshot(file);
    if (!snapshot) return tl::unexpected(snapshot.error());
    entrances.push_back(std::make_unique<SavedEntrance>(
        Printable(file), std::make_shared<FabricSnapshot>(std::move(*snapshot))));
  }
  return entrances;
}

void Write(const std::vector<rules::SuggestedGroup>& groups, std::ostream& out) {
  out << "# Look at each, name the risks that its members share (power, rack), and delete what is no pair.\n"
      << "pairs:\n";
  for (const rules::SuggestedGroup& group : groups) {
    out << fmt::format("  # {}\n  - name: {}\n    must_live: {}\n    members:\n", Printable(group.reason),
                       group.name, group.must_live);
    for (const rules::SuggestedMember& member : group.members) {
      out << fmt::format("      - switch: {}  # {}\n        risks: {{}}\n", ToString(member.guid),
                         Printable(member.name));
    }
  }
  if (groups.empty()) out << "  []\n";
}

int Suggest(const PairsOptions& options, const Globals& globals) {
  const auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  const auto sweep_options = ReadSweepOptions(config->fabric);
  if (!sweep_options) return Complain(kExitUsage, sweep_options.error().what);
  const SystemClock clock;
  StopOnSignal stop;
  auto entrances =
      options.from.empty() ? OpenEntrances(config->fabric, *sweep_options, clock) : OpenFiles(options.from);
  if (!entrances) return Complain(kExitUnknown, entrances.error().what);
  PlaneSet planes(std::move(*entrances), clock, config->settings, config->StaleAfter());
  ProgressLine progress(clock);
  const ReportPtr report = planes.Sweep(stop.token(), progress.Callback());
  progress.Clear();
  std::vector<rules::PlaneFacts> facts;
  bool whole = true;
  for (const PlaneReport& plane : report->planes) {
    facts.push_back({plane.plane, plane.snapshot.get(), {}});
    whole = whole && plane.snapshot != nullptr && plane.snapshot->sweep.complete;
  }
  if (!whole) Say("the fabric was not read in full: pairs may be missing");
  Write(rules::SuggestPairs(facts), std::cout);
  return FinishOutput(whole ? 0 : kExitUnknown);
}

}  // namespace

void AddPairs(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<PairsOptions>();
  CLI::App* command = app.add_subcommand("pairs", "Redundancy groups");
  command->require_subcommand(1);
  command->fallthrough();
  CLI::App* suggest =
      command->add_subcommand("suggest", "Propose groups from the topology, as YAML to paste");
  suggest->fallthrough();
  AddPortOption(*suggest, options->ports);
  suggest
      ->add_option("--from", options->from,
                   "A saved snapshot in place of the fabric; several for several planes")
      ->type_name("FILE")
      ->excludes("--port");
  suggest->callback([options, &globals, &exit_code] { exit_code = Suggest(*options, globals); });
}

}  // namespace aftershock::app

// aftershock plan: what would be left with something taken away.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "app/atomic_file.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/plan_input.h"
#include "app/stopping.h"
#include "base/printable.h"
#include "exporter/plan_svg.h"
#include "exporter/plan_text.h"
#include "model/json/plan.h"
#include "rules/whatif/plan.h"

namespace aftershock::app {
namespace {

struct PlanOptions {
  std::vector<std::string> without, risks, towards, from, ports;
  std::string format = kText;
  std::string svg;
  double head_room_percent = 70;
  bool all = false;
  bool no_colour = false;
};

// What the command line asks, on the fabric that was read. Errors: of usage.
class Asking {
 public:
  Asking(const PlanOptions& options, const PlanInput& input, std::span<const whatif::PlaneView> views)
      : options_(options), network_(whatif::MakeNetwork(views)), question_{whatif::Exclusion(network_)} {
    question_.head_room = options.head_room_percent / 100;
    question_.loads = &input.loads;
    question_.load_required = input.measured;
    question_.gaps = input.gaps;
  }

  Result<Plan> Ask(const std::vector<PairGroup>& pairs) {
    auto risks = whatif::RisksOf(network_, pairs);
    if (!risks) return tl::unexpected(risks.error());
    question_.risks = std::move(*risks);
    for (const std::string& subject : options_.without) {
      auto taken = whatif::TakeAway(network_, subject, question_.gone);
      if (!taken) return NotUnderstood("--without", taken.error());
      taken_.push_back(std::move(*taken));
    }
    for (const std::string& risk : options_.risks) {
      if (auto taken = TakeRisk(risk); !taken) return tl::unexpected(taken.error());
    }
    for (const std::string& subject : options_.towards) {
      auto towards = whatif::AddTowards(network_, subject, question_.towards);
      if (!towards) return NotUnderstood("--to", towards.error());
      towards_.push_back(std::move(*towards));
    }
    Plan plan = whatif::Answer(network_, question_);
    plan.taken = std::move(taken_);
    plan.towards = std::move(towards_);
    return plan;
  }

 private:
  // What is not in a fabric that was read in part may be in the rest of it.
  tl::unexpected<Error> NotUnderstood(std::string_view option, const Error& error) const {
    std::vector<std::string> gaps = network_.gaps;
    gaps.insert(gaps.end(), question_.gaps.begin(), question_.gaps.end());
    if (error.code != Errc::kAbsent || gaps.empty())
      return Fail(Errc::kInvalid, fmt::format("{}: {}", option, error.what));
    return Fail(Errc::kAbsent, fmt::format("{}: {} ({})", option, error.what, fmt::join(gaps, "; ")));
  }

  Result<void> TakeRisk(const std::string& label) {
    const auto risk = std::ranges::find(question_.risks, label, &whatif::Risk::label);
    if (risk == question_.risks.end()) {
      std::string known;
      for (const whatif::Risk& r : question_.risks) known += (known.empty() ? "" : ", ") + r.label;
      return Fail(Errc::kInvalid,
                  fmt::format("--risk: no member of a pair in the configuration has \"{}\"; {}",
                              Printable(label), known.empty() ? "none has any" : "there are " + known));
    }
    if (risk->switches.empty())
      return Fail(Errc::kInvalid, fmt::format("--risk: no switch with {} is in what was read", label));
    for (const whatif::Index sw : risk->switches) {
      question_.gone.switches[sw] = 1;
      taken_.push_back(fmt::format("switch {} ({})", network_.switches[sw].name, label));
    }
    for (const std::string& missing : risk->missing)
      question_.gaps.push_back(fmt::format("{} has {} and is not in what was read", missing, label));
    return {};
  }

  const PlanOptions& options_;
  whatif::Network network_;
  whatif::Question question_;
  std::vector<std::string> taken_, towards_;
};

int Print(const Plan& plan, const PlanOptions& options) {
  if (!options.svg.empty()) {
    const auto written = WriteFile(options.svg, [&](std::ostream& out) { out << exporter::PlanSvg(plan); });
    if (!written) return Complain(kExitUnknown, written.error().what);
  }
  if (options.format == kJson) {
    std::cout << ToJson(plan).dump(2) << '\n';
  } else {
    const bool colour = !options.no_colour && ColourWanted();
    std::cout << exporter::PlanText(plan, {.colour = colour, .all = options.all, .width = OutputWidth()});
  }
  return FinishOutput(ExitCode(plan.verdict));
}

// One clear line, and the same as an object for who asked for one.
int CannotPlan(const Error& error, const PlanOptions& options) {
  if (error.code == Errc::kInvalid) return Complain(kExitUsage, Printable(error.what));
  Say(Printable(error.what));
  if (options.format != kJson) return kExitUnknown;
  Plan plan;
  plan.head_room = options.head_room_percent / 100;
  plan.gaps.push_back(error.what);
  std::cout << ToJson(plan).dump(2) << '\n';
  return FinishOutput(kExitUnknown);
}

int MakePlan(const PlanOptions& options, const Globals& globals) {
  if (options.without.empty() && options.risks.empty())
    return Complain(kExitUsage,
                    "nothing is taken away: give --without or --risk (see aftershock plan --help)");
  const auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  const SystemClock clock;
  StopOnSignal stop;
  const auto input = options.from.empty() ? SweepPlanInput(*config, clock, stop.token())
                                          : ReadPlanInput(options.from, *config);
  if (!input) return CannotPlan(input.error(), options);
  std::vector<whatif::PlaneView> views;
  for (const PlanPlaneInput& plane : input->planes) views.push_back({plane.name, plane.snapshot.get()});
  if (const Node* twice = whatif::SharedSwitch(views)) {
    return Complain(kExitUsage, fmt::format("{} ({}) is in two of the planes: these are not separate planes",
                                            twice->name, ToString(twice->guid)));
  }
  const auto plan = Asking(options, *input, views).Ask(config->settings.pairs);
  if (!plan) return CannotPlan(plan.error(), options);
  return Print(*plan, options);
}

}  // namespace

void AddPlan(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* command = app.add_subcommand("plan", "Say what would be left with something taken away");
  command->fallthrough();
  AddPortOption(*command, options->ports);
  command
      ->add_option("--without", options->without, "switch:NAME|GUID or link:NAME|GUID/PORT; may be repeated")
      ->type_name("SUBJECT")
      ->allow_extra_args(false);
  command
      ->add_option("--risk", options->risks,
                   "Everything in the configured pairs with this label: power=feed-A")
      ->type_name("LABEL=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--from", options->from,
          "A snapshot of `aftershock sweep`, a file of ibnetdiscover, or a running monitor's URL, which "
          "also tells the load; may be repeated, once per plane. Default: look at the fabric")
      ->type_name("FILE|URL")
      ->allow_extra_args(false)
      ->excludes("--port");
  command->add_option("--to", options->towards, "Count paths to this host or switch alone; may be repeated")
      ->type_name("NAME|GUID")
      ->allow_extra_args(false);
  command->add_option("--head-room", options->head_room_percent, "How much of a link may be used, in percent")
      ->check(CLI::Range(1.0, 100.0))
      ->check([](const std::string& text) {  // which lets "nan" pass, and no load is above that
        return std::isnan(std::strtod(text.c_str(), nullptr)) ? "Value " + text + " is no number"
                                                              : std::string{};
      })
      ->capture_default_str();
  command->add_option("--svg", options->svg, "Draw it, too")->type_name("FILE");
  AddFormatOption(*command, options->format);
  command->add_flag("--all", options->all, "List every row and every name");
  command->add_flag("--no-color,--no-colour", options->no_colour, "No colours on a terminal; as NO_COLOR=1");
  command->callback([options, &globals, &exit_code] { exit_code = MakePlan(*options, globals); });
}

}  // namespace aftershock::app

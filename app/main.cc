#include <exception>
#include <iostream>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/console.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

// The command that was being read when something was wrong with it: "aftershock rules show".
std::string CalledCommand(const CLI::App& app) {
  std::string words = "aftershock";
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    words += " " + at->get_name();
  }
  return words;
}

int NotUnderstood(const CLI::App& app, const CLI::ParseError& error) {
  std::string what = error.what();
  what = Printable(what.substr(0, what.find('\n')));
  return Complain(kExitUsage, fmt::format("{} (see {} --help)", what, CalledCommand(app)));
}

int Run(int argc, char** argv) {
  int exit_code = 0;
  Globals globals;
  CLI::App app("Finds the fault that a maintenance change leaves behind on an InfiniBand fabric.",
               "aftershock");
  app.footer(
      "Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (something could not be seen), 64 wrong usage or "
      "configuration.");
  app.set_version_flag("--version", VersionLine(), "Print version and revision");
  app.add_option("--config", globals.config,
                 fmt::format("Configuration; default {}, where it is there", kDefaultConfigPath))
      ->type_name("FILE");
  app.add_option("--log-level", globals.log_level, "What monitor logs")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  app.require_subcommand(1);
  AddCheck(app, globals, exit_code);
  AddSweep(app, globals, exit_code);
  AddPlan(app, globals, exit_code);
  AddRoute(app, globals, exit_code);
  AddMonitor(app, globals, exit_code);
  AddPairs(app, globals, exit_code);
  AddJournal(app, globals, exit_code);
  AddWindow(app, globals, exit_code);
  AddGate(app, globals, exit_code);
  AddBaseline(app, globals, exit_code);
  AddRules(app, exit_code);
  AddVersion(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    app.exit(wanted, std::cout, std::cerr);
    return FinishOutput(0);
  } catch (const CLI::ParseError& error) {
    return NotUnderstood(app, error);
  }
  return exit_code;
}

}  // namespace
}  // namespace aftershock::app

int main(int argc, char** argv) {
  using namespace aftershock::app;
  ProtectStandardStreams();
  std::ios::sync_with_stdio(false);
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    return Complain(kExitUnknown, fmt::format("this should not have happened: {}", error.what()));
  }
}

// aftershock version
#include <fmt/format.h>

#include <iostream>

#include "app/build_info.h"
#include "app/commands.h"
#include "app/console.h"

namespace aftershock::app {

std::string VersionLine() {
  const exporter::BuildInfo build = ThisBuild();
  return fmt::format("aftershock {} ({})", build.version, build.revision);
}

void AddVersion(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("version", "Print version and revision");
  command->fallthrough();
  command->callback([&exit_code] {
    std::cout << VersionLine() << '\n';
    exit_code = FinishOutput(0);
  });
}

}  // namespace aftershock::app

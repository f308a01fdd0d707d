#include "app/commands.h"
#include "probes/saved/sl_dump.h"
#include "rules/judge.h"

namespace aftershock::app {
namespace {

Result<Config> ReadWhatIsThere(const Globals& globals) {
  if (!globals.config.empty()) return ReadConfig(globals.config, rules::AllRules());
  auto config = ReadConfig(kDefaultConfigPath, rules::AllRules());
  if (!config && config.error().code == Errc::kAbsent) return Config();
  return config;
}

}  // namespace

void AddPortOption(CLI::App& command, std::vector<std::string>& ports) {
  command
      .add_option("--port", ports,
                  "Look by this port (mlx5_0:1); may be given several times, once per subnet")
      ->type_name("DEV:N")
      ->allow_extra_args(false);
}

std::string NotEmpty(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos ? "it is empty" : "";
}

void AddFormatOption(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "How to print it")
      ->check(CLI::IsMember({kText, kJson}))
      ->capture_default_str();
}

Result<Config> LoadConfig(const Globals& globals, const std::vector<std::string>& ports) {
  auto config = ReadWhatIsThere(globals);
  if (!config) return config;
  if (!config->fabric.sl_dump.empty()) {
    auto sls = saved::LoadSlDump(config->fabric.sl_dump);
    if (!sls) return Fail(sls.error().code, "fabric.sl_dump: " + sls.error().what);
    config->settings.path_sls = std::make_shared<const PathSls>(std::move(*sls));
  }
  if (ports.empty()) return config;
  config->fabric.ports.clear();
  for (const std::string& text : ports) {
    auto port = ParsePortName(text);
    if (!port) return Fail(Errc::kInvalid, "--port: " + port.error().what);
    config->fabric.ports.push_back(std::move(*port));
  }
  return config;
}

}  // namespace aftershock::app

// The commands of the program. Each adds itself to the command line and, when it is the one that was called,
// leaves its exit code in `exit_code`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/port_name.h"
#include "base/result.h"

namespace aftershock::app {

// Options that every command takes.
struct Globals {
  std::string config;  // empty: the default path, where there is such a file
  std::string log_level = "info";
};

void AddCheck(CLI::App& app, const Globals& globals, int& exit_code);
void AddSweep(CLI::App& app, const Globals& globals, int& exit_code);
void AddPlan(CLI::App& app, const Globals& globals, int& exit_code);
void AddRoute(CLI::App& app, const Globals& globals, int& exit_code);
void AddMonitor(CLI::App& app, const Globals& globals, int& exit_code);
void AddPairs(CLI::App& app, const Globals& globals, int& exit_code);
void AddJournal(CLI::App& app, const Globals& globals, int& exit_code);
void AddWindow(CLI::App& app, const Globals& globals, int& exit_code);
void AddGate(CLI::App& app, const Globals& globals, int& exit_code);
void AddBaseline(CLI::App& app, const Globals& globals, int& exit_code);
void AddRules(CLI::App& app, int& exit_code);
// "aftershock 0.1.0 (a1b2c3d)"
std::string VersionLine();
void AddVersion(CLI::App& app, int& exit_code);

// Options that choose ports and formats, the same for every command that has them.
void AddPortOption(CLI::App& command, std::vector<std::string>& ports);
// --journal FILE; what it names goes before the configuration.
void AddJournalOption(CLI::App& command, std::string& file);
void AddFormatOption(CLI::App& command, std::string& format);
// A CLI11 validator: an empty shell variable is no text.
std::string NotEmpty(const std::string& text);
inline constexpr const char* kText = "text";
inline constexpr const char* kJson = "json";

// The configuration with the command line's ports in place of its own. Whatever the error, it is one of
// usage.
Result<Config> LoadConfig(const Globals& globals, const std::vector<std::string>& ports);

}  // namespace aftershock::app

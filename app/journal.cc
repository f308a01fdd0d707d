// aftershock journal: looks after the file that remembers.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/console.h"
#include "app/times.h"
#include "base/printable.h"
#include "journal/journal.h"
#include "model/json/snapshot.h"

namespace aftershock::app {
namespace {

using journal::Access;
using journal::Journal;
using nlohmann::json;

struct JournalOptions {
  std::string file;
  std::string format = kText;
  std::string older_than;  // of prune
};

constexpr int kExitDamaged = 2;

int NotOpened(const Error& error, std::string_view format = kText) {
  return Complain(kExitUnknown, Printable(error.what), format);
}

json OrNull(const std::optional<WallTime>& time) {
  return time ? json(FormatTime(*time)) : json();
}

int Verify(const std::string& file, const std::string& format) {
  const SystemClock clock;
  auto opened = Journal::Open(file, Access::kRead, clock);
  auto faults = opened ? opened->Verify() : tl::unexpected(opened.error());
  // That it is damaged is what was asked.
  if (!faults && faults.error().code == Errc::kMalformed) faults = std::vector{faults.error().what};
  if (!faults) return NotOpened(faults.error(), format);
  const bool sound = faults->empty();
  if (format == kJson) {
    json list = json::array();
    for (const std::string& fault : *faults) list.push_back(Printable(fault));
    std::cout << json{{"schema", kJsonSchema}, {"sound", sound}, {"faults", std::move(list)}}.dump() << '\n';
  } else {
    for (const std::string& fault : *faults) std::cout << Printable(fault) << '\n';
    if (sound) std::cout << Printable(file) << " is sound\n";
  }
  return FinishOutput(sound ? 0 : kExitDamaged);
}

json InfoJson(const journal::Info& info) {
  json object{
      {"schema", kJsonSchema},       {"journal_schema", info.schema}, {"file_bytes", info.file_bytes},
      {"snapshots", info.snapshots}, {"sections", info.sections},     {"error_minutes", info.error_minutes},
      {"findings", info.findings},   {"events", info.events},         {"windows", info.windows},
      {"first", OrNull(info.first)}, {"last", OrNull(info.last)},     {"heartbeat", json()}};
  if (const auto& beat = info.heartbeat) {
    object["heartbeat"] = {{"at", FormatTime(beat->wall)}, {"by", Printable(beat->by)}};
  }
  return object;
}

std::string InfoText(const journal::Info& info, const std::string& file) {
  const auto time = [](const std::optional<WallTime>& t) { return t ? FormatTime(*t) : std::string("none"); };
  std::string text = fmt::format("{}: schema {}, {:.1f} MB\n", Printable(file), info.schema,
                                 static_cast<double>(info.file_bytes) / 1e6);
  text += fmt::format("snapshots      {} (first {}, last {}), {} sections\n", info.snapshots,
                      time(info.first), time(info.last), info.sections);
  text += fmt::format("error minutes  {}\nfindings       {}\nevents         {}\nwindows        {}\n",
                      info.error_minutes, info.findings, info.events, info.windows);
  return text + (info.heartbeat ? fmt::format("monitor        {}, last heard of {}\n",
                                              Printable(info.heartbeat->by), FormatTime(info.heartbeat->wall))
                                : "monitor        none so far\n");
}

int ShowInfo(const std::string& file, const std::string& format) {
  const SystemClock clock;
  auto opened = Journal::Open(file, Access::kRead, clock);
  if (!opened) return NotOpened(opened.error(), format);
  const auto info = opened->ReadInfo();
  if (!info) return NotOpened(info.error(), format);
  std::cout << (format == kJson ? InfoJson(*info).dump() + "\n" : InfoText(*info, file));
  return FinishOutput(0);
}

int Export(const std::string& file) {
  const SystemClock clock;
  auto opened = Journal::Open(file, Access::kRead, clock);
  if (!opened) return NotOpened(opened.error());
  const auto exported = opened->Export([](std::string_view line) { std::cout << line << '\n'; });
  if (!exported) {
    std::cout.flush();
    return NotOpened(exported.error());
  }
  return FinishOutput(0);
}

// Everything that is older than the command line says; nothing said: the ages that a monitor prunes by.
std::optional<journal::PruneAges> Ages(const std::string& older_than) {
  if (older_than.empty()) return journal::PruneAges{};
  const auto age = ParseDuration(older_than);
  if (!age) return std::nullopt;
  return journal::PruneAges{*age, *age, *age, *age, *age, *age};
}

int Prune(const JournalOptions& options, const std::string& file) {
  const auto ages = Ages(options.older_than);
  if (!ages) {
    return Complain(kExitUsage, fmt::format("--older-than: \"{}\" is not a time like 24h",
                                            Printable(options.older_than)));
  }
  const SystemClock clock;
  // Opened for reading first: a monitor would make the file.
  if (auto there = Journal::Open(file, Access::kRead, clock);
      !there && there.error().code != Errc::kUnsupported) {
    return NotOpened(there.error());
  }
  auto opened = Journal::Open(file, Access::kMonitor, clock);
  if (!opened) return NotOpened(opened.error());
  const auto result = opened->Prune(*ages, clock.Wall());
  if (!result) return NotOpened(result.error());
  std::cout << fmt::format(
      "removed {} snapshots, {} sections, {} rows of error minutes, {} findings, {} events, {} windows\n",
      result->snapshots, result->sections, result->error_minutes, result->findings, result->events,
      result->windows);
  return FinishOutput(0);
}

using Action = int (*)(const JournalOptions& options, const std::string& file);

int WithFile(const JournalOptions& options, const Globals& globals, Action action) {
  if (!options.file.empty()) return action(options, options.file);
  const auto config = LoadConfig(globals, {});
  if (!config) return Complain(kExitUsage, config.error().what);
  if (!config->journal.empty()) return action(options, config->journal);
  return Complain(kExitUsage, "no journal is named: --journal FILE, or journal: in the configuration");
}

}  // namespace

void AddJournalOption(CLI::App& command, std::string& file) {
  command.add_option("--journal", file, "The journal; goes before journal: in the configuration")
      ->type_name("FILE");
}

void AddJournal(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<JournalOptions>();
  CLI::App* command = app.add_subcommand("journal", "The file that remembers");
  command->require_subcommand(1);
  command->fallthrough();
  const auto add = [&](const char* name, const char* what, bool with_format, Action action) -> CLI::App* {
    CLI::App* one = command->add_subcommand(name, what);
    one->fallthrough();
    AddJournalOption(*one, options->file);
    if (with_format) AddFormatOption(*one, options->format);
    one->callback(
        [options, &globals, &exit_code, action] { exit_code = WithFile(*options, globals, action); });
    return one;
  };
  add("verify", "Check every page, reference and hash", true,
      [](const JournalOptions& o, const std::string& file) { return Verify(file, o.format); });
  add("info", "How much is in it, and how far it reaches", true,
      [](const JournalOptions& o, const std::string& file) { return ShowInfo(file, o.format); });
  add("export", "Print everything as NDJSON", false,
      [](const JournalOptions&, const std::string& file) { return Export(file); });
  CLI::App* prune = add("prune", "Forget what is old; a running monitor does so itself", false,
                        [](const JournalOptions& o, const std::string& file) { return Prune(o, file); });
  prune
      ->add_option("--older-than", options->older_than,
                   "Of any kind; what a window, the baseline or a standing finding refers to stays")
      ->type_name("TIME");
}

}  // namespace aftershock::app

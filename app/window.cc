// aftershock window: opens, closes and shows change windows. Commands ask; the monitor moves.
#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/console.h"
#include "app/journal_use.h"
#include "app/times.h"
#include "app/window_open.h"
#include "app/window_text.h"
#include "base/printable.h"
#include "journal/journal.h"
#include "model/json/window.h"

namespace aftershock::app {
namespace {

struct AskOptions {
  std::string window, journal, reason, soak;
  std::string format = kText;
  bool all = false;
};

Result<std::vector<Window>> ReadWindows(const AskOptions& options, const Globals& globals, const Clock& clock,
                                        journal::Access access, std::optional<journal::Journal>& journal) {
  const auto file = JournalFile(options.journal, globals);
  if (!file) return Fail(Errc::kInvalid, file.error().what);
  auto opened = journal::Journal::Open(*file, access, clock);
  if (!opened)
    return Fail(opened.error().code == Errc::kInvalid ? Errc::kInternal : opened.error().code,
                opened.error().what);
  journal.emplace(std::move(*opened));
  auto windows = journal->Windows();
  if (!windows) return Fail(Errc::kInternal, windows.error().what);
  return windows;
}

int Failed(const Error& error, const AskOptions& options) {
  return Complain(error.code == Errc::kInvalid ? kExitUsage : kExitUnknown, error.what, options.format);
}

// Asks, waits, and says what became of it.
int Ask(const AskOptions& options, const Globals& globals, RequestKind kind) {
  const SystemClock clock;
  Request request;
  request.kind = kind;
  if (kind == RequestKind::kExtend) {
    request.soak = ParseDuration(options.soak);
    if (!request.soak)
      return Complain(kExitUsage,
                      fmt::format("--soak: \"{}\" is not a time like 24h", Printable(options.soak)),
                      options.format);
  }
  std::optional<journal::Journal> journal;
  const auto windows = ReadWindows(options, globals, clock, journal::Access::kRequest, journal);
  if (!windows) return Failed(windows.error(), options);
  const auto window = FindWindow(*windows, options.window);
  if (!window) return Failed(window.error(), options);
  const auto beat = journal->LastHeartbeat();
  if (!beat) return Complain(kExitUnknown, beat.error().what, options.format);
  if (const auto nobody = NobodyThere(*beat, clock))
    return Complain(kExitUnknown, *nobody + ": nobody would answer", options.format);
  request.window = window->id;
  request.by = WhoAsks();
  request.at = clock.Wall();
  request.reason = Printable(options.reason);
  const auto id = journal->Ask(request);
  if (!id) return Complain(kExitUnknown, id.error().what, options.format);
  if (const auto answer = AwaitAnswer(*journal, *id, clock); !answer)
    return Complain(answer.error().code == Errc::kDenied ? 2 : kExitUnknown, answer.error().what,
                    options.format);
  const auto now = journal->FindWindow(window->id);
  if (!now) return Complain(kExitUnknown, now.error().what, options.format);
  if (*now && options.format == kJson) {
    std::cout << ToJson(**now).dump(2) << '\n';
  } else if (*now) {
    std::cout << fmt::format("{} is {}\n", WindowName(window->id), ToString((*now)->state));
  }
  return FinishOutput(0);
}

std::string ScopeText(const Window& window) {
  std::string text;
  for (const ScopeItem& item : window.scope) text += (text.empty() ? "" : ", ") + item.text;
  return Printable(text);
}

int List(const AskOptions& options, const Globals& globals) {
  const SystemClock clock;
  std::optional<journal::Journal> journal;
  const auto windows = ReadWindows(options, globals, clock, journal::Access::kRead, journal);
  if (!windows) return Failed(windows.error(), options);
  nlohmann::json list = nlohmann::json::array();
  for (const Window& window : *windows) {
    if (Ended(window.state) && !options.all) continue;
    list.push_back(ToJson(window));
    if (options.format == kJson) continue;
    std::cout << fmt::format("{:<6} {:<10} {}  [{}]{}\n", WindowName(window.id), ToString(window.state),
                             Printable(window.title), ScopeText(window),
                             window.hands_off ? " hands-off" : "");
  }
  if (options.format == kJson) {
    std::cout << nlohmann::json{{"schema", 1}, {"windows", std::move(list)}}.dump(2) << '\n';
  } else if (list.empty()) {
    std::cout << (options.all ? "no windows\n"
                              : "no window is open or watched; --all lists those that ended, too\n");
  }
  return FinishOutput(0);
}

void PrintWindow(const Window& window) {
  const auto line = [](std::string_view name, const std::string& text) {
    std::cout << fmt::format("{:<10} {}\n", name, Printable(text));
  };
  line(WindowName(window.id), window.title);
  line("state", std::string(ToString(window.state)));
  line("scope", ScopeText(window));
  for (const std::string& expected : ExpectedLines(window)) line("expects", expected);
  if (window.hands_off) line("hands-off", "any change in scope is critical");
  line("asked by", window.asked_by);
  if (window.despite) line("despite", *window.despite);
  line("verify", FormatDuration(window.verify));
  line("soak", fmt::format("{}: {}", FormatDuration(window.soak), window.soak_because));
  if (window.state == WindowState::kVerifying || window.state == WindowState::kSoaking)
    line("watched", FormatDuration(std::chrono::duration_cast<std::chrono::seconds>(window.watched)));
  for (const Transition& t : window.transitions) {
    line(FormatTime(t.at), fmt::format("{} to {}, by {}: {}", ToString(t.from), ToString(t.to), t.by, t.why));
  }
  for (const WindowFinding& f : window.findings)
    line(ToString(f.severity),
         fmt::format("{}: {} ({}; score {:.2f})", f.key, f.summary, f.because, f.score));
  for (const std::string& changed : ChangedLines(window)) line("changed", changed);
  for (const std::string& stood : StoodLines(window)) line("stood", stood);
  for (const std::string& missing : window.missing) line("missing", missing);
  for (const std::string& awaited : window.awaited) line("awaits", awaited);
}

int Show(const AskOptions& options, const Globals& globals) {
  const SystemClock clock;
  std::optional<journal::Journal> journal;
  const auto windows = ReadWindows(options, globals, clock, journal::Access::kRead, journal);
  if (!windows) return Failed(windows.error(), options);
  const auto window = FindWindow(*windows, options.window);
  if (!window) return Failed(window.error(), options);
  if (options.format == kJson) {
    std::cout << ToJson(*window).dump(2) << '\n';
  } else {
    PrintWindow(*window);
  }
  return FinishOutput(0);
}

void AddOpen(CLI::App& window, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<OpenOptions>();
  CLI::App* open =
      window.add_subcommand("open", "Announce a change, when the preflight has nothing against it");
  open->fallthrough();
  const auto list = [&](const char* name, std::vector<std::string>& into, const char* help) {
    return open->add_option(name, into, help)->type_name("SUBJECT")->allow_extra_args(false);
  };
  open->add_option("--title", options->title, "What is done, for people")
      ->required()
      ->type_name("TEXT")
      ->check(NotEmpty);
  list("--scope", options->scope,
       "What it may touch: switch:, host:, link:GUID/PORT, pair: or fabric; may be repeated")
      ->required();
  list("--expect", options->expect, "What goes and comes back: down:switch:sw2; may be repeated");
  open->add_flag("--hands-off", options->hands_off, "An exercise: any change in scope is critical");
  open->add_option("--soak", options->soak,
                   "How long to watch after verifying; default: worked out, and printed")
      ->type_name("TIME");
  open->add_option("--verify", options->verify, "How long to verify after closing; default 3min")
      ->type_name("TIME");
  open->add_option("--despite", options->despite, "Open it although the preflight refuses")
      ->check(NotEmpty)
      ->type_name("REASON");
  AddFormatOption(*open, options->format);
  AddJournalOption(*open, options->journal);
  open->callback([options, &globals, &exit_code] { exit_code = OpenWindow(*options, globals); });
}

using Run = std::function<int(const AskOptions&, const Globals&)>;

std::shared_ptr<AskOptions> AddOne(CLI::App& window, const char* name, const char* help,
                                   const Globals& globals, int& exit_code, CLI::App*& command,
                                   const Run& run) {
  auto options = std::make_shared<AskOptions>();
  command = window.add_subcommand(name, help);
  command->fallthrough();
  AddFormatOption(*command, options->format);
  AddJournalOption(*command, options->journal);
  command->callback([options, run, &globals, &exit_code] { exit_code = run(*options, globals); });
  return options;
}

void AddRequests(CLI::App& window, const Globals& globals, int& exit_code) {
  const auto asking = [](RequestKind kind) {
    return [kind](const AskOptions& options, const Globals& g) { return Ask(options, g, kind); };
  };
  const auto named = [](CLI::App& command, AskOptions& options) {
    command.add_option("WINDOW", options.window, "w12, or its title")->required();
  };
  CLI::App* command = nullptr;
  auto close = AddOne(window, "close", "The change is done: verify, then soak", globals, exit_code, command,
                      asking(RequestKind::kClose));
  named(*command, *close);
  auto cancel = AddOne(window, "cancel", "End it without a verdict", globals, exit_code, command,
                       asking(RequestKind::kCancel));
  named(*command, *cancel);
  command->add_option("--reason", cancel->reason, "Why")->type_name("TEXT");
  auto extend =
      AddOne(window, "extend", "Soak for longer", globals, exit_code, command, asking(RequestKind::kExtend));
  named(*command, *extend);
  command->add_option("--soak", extend->soak, "The new length of the soak")->required()->type_name("TIME");
}

}  // namespace

void AddWindow(CLI::App& app, const Globals& globals, int& exit_code) {
  CLI::App* window = app.add_subcommand("window", "Change windows: open, close, cancel, list, show, extend");
  window->fallthrough();
  window->require_subcommand(1);
  AddOpen(*window, globals, exit_code);
  AddRequests(*window, globals, exit_code);
  CLI::App* command = nullptr;
  auto list = AddOne(*window, "list", "Those that have not ended", globals, exit_code, command, List);
  command->add_flag("--all", list->all, "Those that ended, too");
  auto show = AddOne(*window, "show", "All that is known of one", globals, exit_code, command, Show);
  command->add_option("WINDOW", show->window, "w12, or its title")->required();
}

}  // namespace aftershock::app

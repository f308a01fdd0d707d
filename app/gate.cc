// aftershock gate: may a script go on? Reads the journal, writes nothing.
#include <unistd.h>

#include <iostream>
#include <set>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/console.h"
#include "app/gate_verdict.h"
#include "app/journal_use.h"
#include "app/stopping.h"
#include "app/times.h"
#include "base/printable.h"
#include "journal/journal.h"

namespace aftershock::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// So long a --wait waits for what is not known to be known again.
constexpr Duration kPatience = minutes(5), kLookAgain = seconds(1);

struct GateOptions {
  std::string window, journal, timeout;
  std::string format = kText;
  bool wait = false;
};

struct Answered {
  GateAnswer answer;
  std::optional<Window> window;
};

struct Read {
  std::vector<Window> windows;
  std::optional<journal::Heartbeat> beat;
  std::set<std::string> hosts;  // that the monitor watches itself
};

Result<void> ReadHosts(journal::Journal& journal, Read& read) {
  const auto last = journal.LastSnapshot();
  if (!last) return tl::unexpected(last.error());
  if (!*last) return {};
  const auto image = journal.ReadImage((*last)->id);
  if (!image) return tl::unexpected(image.error());
  for (const auto& [name, host] : image->hosts) read.hosts.insert(name);
  return {};
}

Result<Read> ReadJournal(journal::Journal& journal) {
  Read read;
  const auto done = journal.InOneView([&]() -> Result<void> {
    auto windows = journal.Windows();
    if (!windows) return tl::unexpected(windows.error());
    read.windows = std::move(*windows);
    auto beat = journal.LastHeartbeat();
    if (!beat) return tl::unexpected(beat.error());
    read.beat = std::move(*beat);
    return ReadHosts(journal, read);
  });
  if (!done) return tl::unexpected(done.error());
  return read;
}

// Errors: kInvalid, of usage.
Result<Answered> Look(const std::string& file, const std::string& name, const Clock& clock) {
  const auto unknown = [](const Error& error) {
    const bool final = error.code != Errc::kTimeout && error.code != Errc::kInternal;
    return Answered{GateUnknown(error.what, final), std::nullopt};
  };
  auto journal = journal::Journal::Open(file, journal::Access::kRead, clock);
  if (!journal) return unknown(journal.error());
  const auto read = ReadJournal(*journal);
  if (!read) return unknown(read.error());
  auto window = FindWindow(read->windows, name);
  if (!window) return tl::unexpected(window.error());
  GateFacts facts;
  facts.now = clock.Wall();
  facts.nobody = NobodyThere(read->beat, clock);
  for (const ScopeItem& item : window->scope) {
    if (item.subject.kind != SubjectKind::kHost || read->hosts.contains(item.name)) continue;
    facts.missing.push_back(fmt::format("{} does not report here: nobody reads its monitor", item.text));
  }
  auto answer = JudgeGate(*window, facts);
  return Answered{std::move(answer), std::move(*window)};
}

int Print(const Answered& answered, const GateOptions& options) {
  if (options.format == kJson) {
    std::cout << ToJson(answered.answer, answered.window ? &*answered.window : nullptr).dump(2) << '\n';
  } else {
    std::cout << ToText(answered.answer);
  }
  return FinishOutput(ExitCode(answered.answer.gate));
}

// On a terminal alone, on one line.
void ShowProgress(const GateAnswer& answer) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::string line = answer.headline;
  for (const auto* lines : {&answer.missing, &answer.awaited}) {
    if (!lines->empty()) line += "; " + lines->back();
  }
  std::cerr << "\r\x1b[K" << Printable(line) << std::flush;
}

class Waiting {
 public:
  Waiting(const GateOptions& options, const Clock& clock)
      : options_(options), clock_(clock), since_(clock.Steady()), known_(since_) {}

  // It is over: there is a verdict, or no hope of one.
  bool Over(const GateAnswer& answer, std::optional<Duration> timeout) {
    if (!options_.wait || answer.final || answer.gate == Gate::kGo || answer.gate == Gate::kNoGo) return true;
    const SteadyTime now = clock_.Steady();
    if (timeout && now - since_ >= *timeout) return true;
    if (answer.gate != Gate::kUnknown) known_ = now;
    return !timeout && now - known_ >= kPatience;
  }

 private:
  const GateOptions& options_;
  const Clock& clock_;
  const SteadyTime since_;
  SteadyTime known_;  // until then it was known how the window stands
};

int RunGate(const GateOptions& options, const Globals& globals) {
  const auto file = JournalFile(options.journal, globals);
  if (!file) return Complain(kExitUsage, file.error().what);
  std::optional<Duration> timeout;
  if (!options.timeout.empty()) {
    timeout = ParseDuration(options.timeout);
    if (!timeout)
      return Complain(kExitUsage,
                      fmt::format("--timeout: \"{}\" is not a time like 2h", Printable(options.timeout)));
    if (!options.wait) return Complain(kExitUsage, "--timeout goes with --wait");
  }
  const SystemClock clock;
  StopOnSignal stop;
  Waiting waiting(options, clock);
  for (;;) {
    const auto answered = Look(*file, options.window, clock);
    if (!answered) return Complain(kExitUsage, answered.error().what);
    const bool over = waiting.Over(answered->answer, timeout);
    if (options.wait) ShowProgress(answered->answer);
    if (over || !WaitUntil(clock.Steady() + kLookAgain, stop.token())) {
      if (options.wait && isatty(STDERR_FILENO) != 0) std::cerr << "\r\x1b[K";
      return Print(*answered, options);
    }
  }
}

}  // namespace

void AddGate(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<GateOptions>();
  CLI::App* command = app.add_subcommand("gate", "Say whether to go on after a change");
  command->fallthrough();
  command->footer("Exit codes: 0 passed; 1 hold, it is still watched; 2 failed; 3 unknown; 64 wrong usage.");
  command->add_option("WINDOW", options->window, "w12, or its title")->required();
  command->add_flag("--wait", options->wait, "Wait for the verdict");
  command->add_option("--timeout", options->timeout, "Wait no longer than this")->type_name("TIME");
  AddFormatOption(*command, options->format);
  AddJournalOption(*command, options->journal);
  command->callback([options, &globals, &exit_code] { exit_code = RunGate(*options, globals); });
}

}  // namespace aftershock::app

// aftershock gate: may a script go on? Reads the journal, and Prometheus where it is told to; writes nothing.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/console.h"
#include "app/gate_hosts.h"
#include "app/gate_prometheus.h"
#include "app/gate_verdict.h"
#include "app/http_access.h"
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
  std::string window, journal, timeout, prometheus;
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
  std::optional<Image> image;  // what was last seen
};

Result<void> ReadImage(journal::Journal& journal, Read& read) {
  const auto last = journal.LastSnapshot();
  if (!last) return tl::unexpected(last.error());
  if (!*last) return {};
  auto image = journal.ReadImage((*last)->id);
  if (!image) return tl::unexpected(image.error());
  read.image = std::move(*image);
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
    return ReadImage(journal, read);
  });
  if (!done) return tl::unexpected(done.error());
  return read;
}

// The monitor that keeps the journal watches the host, or reads its monitor.
bool IsRead(const HostInScope& host, const std::string& name, const std::optional<Image>& image) {
  if (!image) return false;
  if (image->hosts.contains(name)) return true;
  return std::ranges::any_of(image->hosts, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.hcas, [&](const HcaImage& hca) {
      return std::ranges::count(host.nodes, hca.node_guid) != 0;
    });
  });
}

// Hosts whose monitor nobody reads. What those that are read do not tell is the window's own to say.
std::vector<std::string> Unread(const Window& window, const Read& read) {
  std::vector<std::string> unread;
  for (const ScopeItem& item : window.scope) {
    Window alone;
    alone.scope = {item};
    for (const HostInScope& host : HostsInScope(alone, read.image ? &*read.image : nullptr)) {
      if (!IsRead(host, item.name, read.image))
        unread.push_back(host.text +
                         " does not report here: nobody reads its monitor (hosts: in the "
                         "configuration, or --prometheus)");
    }
  }
  return unread;
}

// Asked again no sooner than this, except for the last word.
constexpr Duration kAskAgain = seconds(10);

// The hosts as Prometheus has them.
class AskedHosts {
 public:
  AskedHosts(std::optional<fleet::Prometheus> prometheus, const Clock& clock)
      : prometheus_(std::move(prometheus)), clock_(clock) {}

  bool asks() const { return prometheus_.has_value(); }
  // Whether it was called before.
  bool Told() { return std::exchange(told_, true); }
  bool Old() const { return old_; }
  void Forget() { asked_.reset(); }

  const HostsSay& Say(const Window& window, std::span<const HostInScope> hosts) {
    const SteadyTime now = clock_.Steady();
    old_ = asked_ && now - *asked_ < kAskAgain;
    if (old_) return say_;
    asked_ = now;
    say_ = {};
    const auto view = AskOfHosts(*prometheus_, window, hosts, clock_.Wall());
    if (view) {
      say_ = JudgeHosts(window, hosts, *view, clock_.Wall());
    } else {
      say_.missing.push_back("Prometheus: " + view.error().what);
    }
    return say_;
  }

 private:
  std::optional<fleet::Prometheus> prometheus_;
  const Clock& clock_;
  std::optional<SteadyTime> asked_;
  bool told_ = false;
  bool old_ = false;  // what was said last was known before
  HostsSay say_;
};

void AddHosts(const Window& window, const Read& read, AskedHosts& asked, GateFacts& facts) {
  if (!asked.asks()) {
    facts.missing = Unread(window, read);
    return;
  }
  const auto hosts = HostsInScope(window, read.image ? &*read.image : nullptr);
  if (hosts.empty()) {
    if (!asked.Told()) app::Say("no host is in this window's scope: Prometheus is not asked");
    return;
  }
  for (const HostInScope& host : hosts) {
    if (host.nodes.empty())
      facts.missing.push_back(host.text + " has no GUID that Prometheus could be asked for");
  }
  if (!facts.missing.empty()) return;
  const HostsSay& say = asked.Say(window, hosts);
  facts.missing = say.missing;
  facts.against = say.against;
  facts.awaited = say.awaited;
}

// Errors: kInvalid, of usage.
Result<Answered> Look(const std::string& file, const std::string& name, const Clock& clock,
                      AskedHosts& asked) {
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
  if (window->state != WindowState::kFailed && window->state != WindowState::kCancelled)
    AddHosts(*window, *read, asked, facts);
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

// Errors: of usage.
Result<AskedHosts> OpenPrometheus(const GateOptions& options, const Globals& globals, const Clock& clock) {
  if (options.prometheus.empty()) return AskedHosts(std::nullopt, clock);
  auto url = fleet::ParseUrl(options.prometheus);
  if (!url) return Fail(Errc::kInvalid, "--prometheus: " + url.error().what);
  const auto config = LoadConfig(globals, {});
  if (!config) return tl::unexpected(config.error());
  auto access = AccessOf(config->prometheus);
  if (!access) return tl::unexpected(access.error());
  return AskedHosts(fleet::Prometheus(std::move(*url), std::move(*access)), clock);
}

int RunGate(const GateOptions& options, const Globals& globals) {
  const auto file = JournalFile(options.journal, globals);
  if (!file) return Complain(kExitUsage, file.error().what, options.format);
  std::optional<Duration> timeout;
  if (!options.timeout.empty()) {
    timeout = ParseDuration(options.timeout);
    if (!timeout)
      return Complain(kExitUsage,
                      fmt::format("--timeout: \"{}\" is not a time like 2h", Printable(options.timeout)),
                      options.format);
    if (!options.wait) return Complain(kExitUsage, "--timeout goes with --wait", options.format);
  }
  const SystemClock clock;
  auto asked = OpenPrometheus(options, globals, clock);
  if (!asked) return Complain(kExitUsage, asked.error().what, options.format);
  StopOnSignal stop;
  Waiting waiting(options, clock);
  for (;;) {
    auto answered = Look(*file, options.window, clock, *asked);
    if (!answered) return Complain(kExitUsage, answered.error().what, options.format);
    bool over = waiting.Over(answered->answer, timeout);
    // The last word is of now.
    if (over && answered->answer.gate == Gate::kGo && asked->Old()) {
      asked->Forget();
      continue;
    }
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
  command
      ->add_option(
          "--prometheus", options->prometheus,
          "Ask this Prometheus how the hosts in scope are; user, CA and time-out: prometheus: in the "
          "configuration")
      ->type_name("URL");
  command->add_option("--timeout", options->timeout, "Wait no longer than this")->type_name("TIME");
  AddFormatOption(*command, options->format);
  AddJournalOption(*command, options->journal);
  command->callback([options, &globals, &exit_code] { exit_code = RunGate(*options, globals); });
}

}  // namespace aftershock::app

#include "app/window_open.h"

#include <algorithm>
#include <iostream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/change_watch.h"
#include "app/console.h"
#include "app/fleet_facts.h"
#include "app/gate_hosts.h"
#include "app/journal_use.h"
#include "app/plan_of_image.h"
#include "app/times.h"
#include "base/printable.h"
#include "journal/journal.h"
#include "model/json/window.h"
#include "model/link.h"
#include "rules/windows/advance.h"

namespace aftershock::app {
namespace {

constexpr std::size_t kLongestTitle = 200;

// What the journal knows at one moment.
struct Known {
  std::optional<journal::Heartbeat> beat;
  std::optional<journal::SnapshotRow> snapshot;
  std::optional<Image> latest, baseline;
  std::vector<Finding> findings;
  std::vector<Window> windows;
  std::string baseline_lacks;
  std::string silent;  // hosts that do not report
  std::string noted;   // when `snapshot` was noted
};

// Stores what was read, or hands on why not.
template <typename T, typename Into>
Result<void> Keep(Result<T> read, Into& into) {
  if (!read) return tl::unexpected(read.error());
  into = std::move(*read);
  return {};
}

Result<void> ReadBaseline(journal::Journal& journal, Known& known) {
  auto row = journal.Baseline();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  return Keep(journal.ReadImage((*row)->snapshot), known.baseline);
}

Result<void> ReadFindings(journal::Journal& journal, Known& known) {
  auto rows = journal.Findings(true);
  if (!rows) return tl::unexpected(rows.error());
  for (journal::FindingRow& row : *rows) {
    // What says that there is no baseline says it better than we could.
    if (row.finding.rule == "baseline-missing") {
      known.baseline_lacks = row.finding.summary;
      continue;
    }
    known.findings.push_back(std::move(row.finding));
  }
  return {};
}

Result<void> ReadLatest(journal::Journal& journal, Known& known) {
  if (auto read = Keep(journal.LastSnapshot(), known.snapshot); !read) return read;
  if (!known.snapshot) return {};
  return Keep(journal.ReadImage(known.snapshot->id), known.latest);
}

Result<Known> Read(journal::Journal& journal) {
  Known known;
  const auto read = journal.InOneView([&]() -> Result<void> {
    if (auto beat = Keep(journal.LastHeartbeat(), known.beat); !beat) return beat;
    if (auto windows = Keep(journal.Windows(), known.windows); !windows) return windows;
    if (auto latest = ReadLatest(journal, known); !latest) return latest;
    auto silent = journal.State(kSilentState);
    if (!silent) return tl::unexpected(silent.error());
    known.silent = silent->value_or("");
    auto noted = journal.State(kNotedState);
    if (!noted) return tl::unexpected(noted.error());
    known.noted = noted->value_or("");
    if (auto baseline = ReadBaseline(journal, known); !baseline) return baseline;
    return ReadFindings(journal, known);
  });
  if (!read) return tl::unexpected(read.error());
  return known;
}

Result<ScopeItem> Resolve(const std::string& text, const Known& known) {
  return rules::ResolveSubject(text, *known.latest, known.baseline ? &*known.baseline : nullptr);
}

Result<Expectation> ResolveExpected(const std::string& text, const Known& known) {
  constexpr std::string_view kDown = "down:";
  if (!text.starts_with(kDown))
    return Fail(Errc::kInvalid,
                fmt::format("--expect: \"{}\" does not look like down:switch:sw2", Printable(text)));
  auto item = Resolve(text.substr(kDown.size()), known);
  if (item && item->subject.kind == SubjectKind::kFabric)
    return Fail(Errc::kInvalid, "--expect: what goes is a switch, a host, a link or a pair, not the fabric");
  if (!item) return Fail(Errc::kInvalid, "--expect: " + item.error().what);
  return Expectation{std::move(*item)};
}

// Of the cables that the scope touches.
std::optional<double> SlowestOf(const Window& window, const Image& image) {
  std::optional<double> slowest;
  std::set<Guid> nodes;
  bool all = false;
  for (const ScopeItem& item : window.scope) {
    nodes.insert(item.subject.guid);
    all |= item.subject.kind == SubjectKind::kFabric || item.subject.kind == SubjectKind::kPair;
  }
  for (const auto& [plane, fabric] : image.planes) {
    for (const CableImage& cable : fabric.cables) {
      const auto speed = fabric.speeds.find(cable.a);
      if (speed == fabric.speeds.end()) continue;
      if (!all && !nodes.contains(cable.a.node) && !nodes.contains(cable.b.node)) continue;
      const double rate = RawBitsPerSecond(speed->second.width, speed->second.speed);
      if (rate > 0 && (!slowest || rate < *slowest)) slowest = rate;
    }
  }
  return slowest;
}

bool MayHaveIpoib(const Image& image) {
  if (image.hosts.empty()) return true;
  return std::ranges::any_of(image.hosts, [](const auto& entry) {
    const HostImage& host = entry.second;
    return !host.interfaces || !host.interfaces->empty();
  });
}

Result<Duration> Time(const std::string& text, std::string_view option, Duration fallback) {
  if (text.empty()) return fallback;
  const auto time = ParseDuration(text);
  if (!time || *time <= Duration::zero())
    return Fail(Errc::kInvalid, fmt::format("{}: \"{}\" is not a time like 24h", option, Printable(text)));
  return *time;
}

Result<Window> MakeWindow(const OpenOptions& options, const Known& known, const Clock& clock) {
  Window window;
  if (ParseWindowName(options.title))
    return Fail(Errc::kInvalid, fmt::format("--title: \"{}\" would be taken for the name of a window",
                                            Printable(options.title)));
  if (options.title.size() > kLongestTitle)
    return Fail(Errc::kInvalid, fmt::format("--title: a title has {} octets at most", kLongestTitle));
  window.title = Printable(options.title);
  window.hands_off = options.hands_off;
  window.asked_by = WhoAsks();
  window.asked = clock.Wall();
  if (!options.despite.empty()) window.despite = Printable(options.despite);
  for (const std::string& text : options.scope) {
    auto item = Resolve(text, known);
    if (!item) return Fail(Errc::kInvalid, "--scope: " + item.error().what);
    window.scope.push_back(std::move(*item));
  }
  for (const std::string& text : options.expect) {
    auto expected = ResolveExpected(text, known);
    if (!expected) return tl::unexpected(expected.error());
    window.expect.push_back(std::move(*expected));
  }
  if (window.hands_off && !window.expect.empty())
    return Fail(Errc::kInvalid, "--expect: in a --hands-off window nothing is expected to go");
  const auto reasons =
      rules::SoakReasons({MayHaveIpoib(*known.latest), false, SlowestOf(window, *known.latest)});
  const auto soak = Time(options.soak, "--soak", reasons.front().needed);
  if (!soak) return tl::unexpected(soak.error());
  const auto verify = Time(options.verify, "--verify", rules::kDefaultVerify);
  if (!verify) return tl::unexpected(verify.error());
  window.soak = *soak;
  window.verify = *verify;
  window.soak_because = options.soak.empty() ? reasons.front().because : "as asked";
  return window;
}

rules::Preflight Preflight(const Window& window, const Known& known, const Clock& clock) {
  rules::PreflightFacts facts;
  facts.findings = known.findings;
  if (known.snapshot && known.snapshot->complete) {
    const auto age = AgeOfNoted(known.noted, ReadBootTime());
    facts.snapshot = age ? clock.Wall() - std::chrono::duration_cast<std::chrono::milliseconds>(*age)
                         : known.snapshot->taken;
  }
  facts.baseline = known.baseline.has_value();
  facts.baseline_lacks = known.baseline_lacks;
  facts.image = known.baseline ? &*known.baseline : nullptr;
  facts.latest = &*known.latest;
  facts.plan_wanted = NeedsPlan(window.expect);
  facts.windows = known.windows;
  facts.now = clock.Wall();
  facts.this_host = ThisMachine();
  for (const HostInScope& host : HostsInScope(window, &*known.latest))
    std::ranges::move(SilentAmong(known.silent, host.nodes), std::back_inserter(facts.silent));
  std::optional<Plan> plan;
  if (facts.plan_wanted) {
    if (auto made = PlanOf(known.baseline ? *known.baseline : *known.latest, window.expect))
      plan = std::move(*made);
  }
  facts.plan = plan ? &*plan : nullptr;
  return rules::CheckPreflight(window, facts);
}

nlohmann::json PreflightJson(const rules::Preflight& preflight) {
  return {{"critical", preflight.critical},
          {"unknown", preflight.unknown},
          {"mend", preflight.mend},
          {"stands", preflight.stands}};
}

int PrintRefusal(const rules::Preflight& preflight, const OpenOptions& options) {
  if (options.format == kJson) {
    const nlohmann::json refusal{{"schema", 1},
                                 {"window", nullptr},
                                 {"exit_code", preflight.ExitCode()},
                                 {"preflight", PreflightJson(preflight)}};
    std::cout << refusal.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return FinishOutput(preflight.ExitCode());
  }
  std::cout << "refused by the preflight; nothing was opened\n";
  std::size_t i = 0;
  for (const auto& [word, lines] :
       {std::pair{"critical", &preflight.critical}, {"unknown", &preflight.unknown}}) {
    for (const std::string& line : *lines) {
      std::cout << fmt::format("{:<9} {}\n          mend: {}\n", word, Printable(line),
                               Printable(preflight.mend[i++]));
    }
  }
  std::cout << "or open it all the same, with the reason: --despite REASON\n";
  return FinishOutput(preflight.ExitCode());
}

int PrintOpened(const Window& window, const std::vector<std::string>& stands, const OpenOptions& options) {
  if (options.format == kJson) {
    nlohmann::json opened = ToJson(window);
    opened["stands"] = stands;
    std::cout << opened.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return FinishOutput(0);
  }
  std::cout << fmt::format("{} is {}: {}\n", WindowName(window.id), ToString(window.state), window.title);
  std::cout << fmt::format("after closing it is verified for {} and soaks for {}: {}\n",
                           FormatDuration(window.verify), FormatDuration(window.soak), window.soak_because);
  return FinishOutput(0);
}

Result<Window> AskFor(journal::Journal& journal, const Window& planned, const Clock& clock) {
  const auto id = journal.AskToOpen(planned);
  if (!id) return tl::unexpected(id.error());
  const auto requests = journal.UnansweredRequests();
  if (!requests) return tl::unexpected(requests.error());
  for (const Request& request : *requests) {
    if (request.window != *id || request.kind != RequestKind::kOpen) continue;
    if (auto answer = AwaitAnswer(journal, request.id, clock); !answer) return tl::unexpected(answer.error());
  }
  const auto window = journal.FindWindow(*id);
  if (!window) return tl::unexpected(window.error());
  if (!*window) return Fail(Errc::kInternal, "the window is gone");
  return **window;
}

}  // namespace

int OpenWindow(const OpenOptions& options, const Globals& globals) {
  const auto file = JournalFile(options.journal, globals);
  if (!file) return Complain(kExitUsage, file.error().what, options.format);
  const SystemClock clock;
  auto journal = journal::Journal::Open(*file, journal::Access::kRequest, clock);
  if (!journal) return Complain(kExitUnknown, journal.error().what, options.format);
  const auto known = Read(*journal);
  if (!known) return Complain(kExitUnknown, known.error().what, options.format);
  if (const auto nobody = NobodyThere(known->beat, clock))
    return Complain(kExitUnknown, *nobody + ": a window needs a running monitor with this journal",
                    options.format);
  if (!known->latest)
    return Complain(kExitUnknown, "the monitor has seen nothing so far: try again after its first sweep",
                    options.format);
  const auto planned = MakeWindow(options, *known, clock);
  if (!planned) return Complain(kExitUsage, planned.error().what, options.format);
  const auto preflight = Preflight(*planned, *known, clock);
  if (preflight.ExitCode() != 0 && !planned->despite) return PrintRefusal(preflight, options);
  for (const auto* lines : {&preflight.critical, &preflight.unknown}) {
    for (const std::string& line : *lines) Say("despite: " + Printable(line));
  }
  for (const std::string& line : preflight.stands)
    Say("stands in scope, and does not count against the window unless it becomes critical: " +
        Printable(line));
  const auto opened = AskFor(*journal, *planned, clock);
  if (!opened)
    return Complain(opened.error().code == Errc::kDenied ? 2 : kExitUnknown, opened.error().what,
                    options.format);
  return PrintOpened(*opened, preflight.stands, options);
}

}  // namespace aftershock::app

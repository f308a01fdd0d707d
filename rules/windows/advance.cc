#include "rules/windows/advance.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/change/table.h"
#include "rules/fabric/table.h"
#include "rules/windows/explain.h"
#include "rules/windows/place.h"
#include "rules/windows/record.h"
#include "rules/windows/transition.h"

namespace aftershock::rules {
namespace {

constexpr const char* kMonitor = "monitor";
// Two sweeps that began after closing: one alone may have caught the fabric in the middle of it.
constexpr std::uint32_t kSweepsToVerify = 2;

using ByKey = std::unordered_map<std::string, const Finding*>;

// It follows from something that this window has nothing to do with: a cable that flapped before, and was
// pulled now.
bool FollowsFromElsewhere(const Finding& finding, const std::string& window, const ByKey& by_key) {
  if (finding.window != window) return false;
  const auto root = by_key.find(*finding.because);
  return root == by_key.end() || (root->second->window != window && !root->second->Excused());
}

bool Counts(const Finding& finding, const std::string& window, const ByKey& by_key) {
  const bool weighs = finding.severity != Severity::kNote || finding.unknown;
  if (!weighs || finding.Excused()) return false;
  return !finding.because || FollowsFromElsewhere(finding, window, by_key);
}

// What stands in and around the window's scope at this step.
struct Standing {
  std::vector<WindowFinding> against;  // began in its time: critical ones fail it, others are waited for
  std::vector<std::string> older;      // critical, or of what it expects; stood before it was opened
  std::vector<std::string> others;     // in scope, and another window's: critical, or what that one expects
  std::vector<std::string> unseen;     // could not be seen
  std::vector<std::string> gone;       // since it was opened
};

WindowFinding Speaks(const Finding& finding, const Attribution& fit, WallTime at) {
  return {Key(finding), finding.summary, finding.severity, finding.unknown, finding.since.value_or(at),
          fit.score,    fit.because};
}

// It was opened although this stood. The reason was given for what it was then.
bool Despite(const Finding& finding, const Window& window) {
  if (!window.despite) return false;
  const auto stood = std::ranges::find(window.stood, Key(finding), &WindowSeen::key);
  return stood != window.stood.end() && stood->first == Severity::kCritical;
}

bool AtExpected(const Finding& finding, const Window& window, const Surroundings& around) {
  return !window.expect.empty() && ExpectedGone(finding.subject, window, around).has_value();
}

bool NamedAsExpected(const Finding& finding, const Window& window, const Surroundings& around) {
  return std::ranges::any_of(window.expect, [&](const Expectation& expectation) {
    return Means(expectation.down, finding.subject, around);
  });
}

// What it expects to go has to be well in the end, whatever stood before: it may be why it was worked on.
bool HasToBeMended(const Finding& finding, const Window& window, const Surroundings& around) {
  if (!finding.window.empty()) return false;
  if (finding.severity == Severity::kCritical) return AtExpected(finding, window, around);
  return NamedAsExpected(finding, window, around);
}

// That something is missing is a note for as long as a reboot may take, and what is cabled otherwise one in a
// window; what was expected to go comes back where it was.
bool MustBeUndone(const Finding& finding, const Window& window, const Surroundings& around) {
  if (finding.severity != Severity::kNote || finding.because || finding.Excused()) return false;
  if (finding.rule == kNodeLost.id) return true;
  // A cable that is announced by itself may be what is moved.
  return finding.rule == kLinkMoved.id && AtExpected(finding, window, around) &&
         !NamedAsExpected(finding, window, around);
}

Standing Sort(const Window& window, const WindowFacts& facts, const Surroundings& around) {
  Standing standing;
  const std::string name = WindowName(window.id);
  ByKey by_key;
  for (const Finding& finding : facts.findings) by_key.emplace(Key(finding), &finding);
  for (const Finding& finding : facts.findings) {
    const bool mine = finding.window == name;
    if (mine && MustBeUndone(finding, window, around)) standing.gone.push_back(finding.summary);
    const bool others = !mine && !finding.because && finding.explained;
    const bool counts = Counts(finding, name, by_key);
    if (!others && !counts) continue;
    const Place place = PlaceOf(finding.subject, window, around);
    // Another window expects it; a window that passes says that its scope is whole.
    if (others && place.score >= kInScope)
      standing.others.push_back(fmt::format("{}: {}", Key(finding), finding.summary));
    if (!counts) continue;
    const bool critical = finding.severity == Severity::kCritical;
    if (finding.unknown && !critical) {
      if (mine || place.score >= kAttributed) standing.unseen.push_back(finding.summary);
      continue;
    }
    if (mine) {
      const auto fit = Attribute(finding, {&window, 1}, facts.baseline, facts.at, facts.this_host, facts.now);
      standing.against.push_back(Speaks(
          finding, fit.value_or(Attribution{window.id, kAttributed, "it names the window"}), facts.at));
    } else if (HasToBeMended(finding, window, around)) {
      standing.older.push_back(fmt::format("{}: {}", Key(finding), finding.summary));
    } else if (critical && place.score >= kAttributed) {
      if (finding.window.empty() && Despite(finding, window)) continue;
      auto& list = finding.window.empty() ? standing.older : standing.others;
      list.push_back(fmt::format("{}: {}", Key(finding), finding.summary));
    }
  }
  std::ranges::stable_sort(standing.against, std::greater(), &WindowFinding::score);
  return standing;
}

bool Critical(const WindowFinding& finding) {
  return finding.severity == Severity::kCritical;
}

bool Fails(const Standing& standing) {
  return std::ranges::any_of(standing.against, Critical);
}

void Fail(Window& window, const std::vector<WindowFinding>& against, WallTime at) {
  const auto first = std::ranges::find_if(against, Critical);
  MoveTo(window, WindowState::kFailed, at, kMonitor, fmt::format("{}: {}", first->key, first->summary));
}

// What was expected to go, and is not back. What the baseline has no longer was accepted as gone.
void AwaitReturn(const Window& window, const WindowFacts& facts, std::vector<std::string>& awaited) {
  if (facts.now == nullptr) return;
  for (const Expectation& expectation : window.expect) {
    const ScopeItem& down = expectation.down;
    if (facts.baseline != nullptr && !IsThere(down.subject, *facts.baseline)) continue;
    if (!StandsNow(down, facts.baseline, *facts.now))
      awaited.push_back(fmt::format("{} has to be back", down.name.empty() ? down.text : down.name));
  }
}

void AwaitFindings(const Standing& standing, std::vector<std::string>& awaited) {
  for (const WindowFinding& finding : standing.against)
    awaited.push_back(fmt::format("{} has to go, or to be accepted: {}", finding.key, finding.summary));
  for (const std::string& gone : standing.gone)
    awaited.push_back(fmt::format("it has to be back, or to be accepted: {}", gone));
  for (const std::string& other : standing.others)
    awaited.push_back(fmt::format("{} (it is another window's)", other));
  for (const std::string& older : standing.older)
    awaited.push_back(fmt::format("{} (it stood before the window was opened)", older));
}

std::vector<std::string> MissingOf(const WindowFacts& facts, const Standing& standing) {
  std::vector<std::string> missing = facts.missing;
  missing.insert(missing.end(), standing.unseen.begin(), standing.unseen.end());
  if (facts.baseline == nullptr)
    missing.push_back("there is no baseline from before the window to compare with");
  if (facts.now == nullptr || (!facts.complete && missing.empty()))
    missing.push_back("the last look did not see all that is watched");
  return missing;
}

// Critical at the end of settling: the time that an SM's takeover and two sweeps may take.
bool Settled(const Window& window, const WindowFacts& facts) {
  return facts.sweeps_since_close >= kSweepsToVerify && window.watched * 3 >= window.verify;
}

void Verify(Window& window, const WindowFacts& facts, const Standing& standing) {
  if (Fails(standing) && Settled(window, facts)) return Fail(window, standing.against, facts.at);
  if (facts.sweeps_since_close < kSweepsToVerify)
    window.awaited.push_back(
        fmt::format("{} sweeps after closing, {} so far", kSweepsToVerify, facts.sweeps_since_close));
  const bool over = window.watched >= window.verify;
  if (!over || !window.missing.empty() || !window.awaited.empty()) return;
  MoveTo(window, WindowState::kSoaking, facts.at, kMonitor, "verified");
}

void Soak(Window& window, const WindowFacts& facts, const Standing& standing) {
  if (Fails(standing)) return Fail(window, standing.against, facts.at);
  if (window.watched < window.soak || !window.missing.empty() || !window.awaited.empty()) return;
  MoveTo(window, WindowState::kPassed, facts.at, kMonitor, "soaked without a finding");
}

}  // namespace

Window Advance(Window window, const WindowFacts& facts, const Settings&) {
  if (Ended(window.state) || window.state == WindowState::kPlanned) return window;
  const Surroundings around(facts.baseline != nullptr ? facts.baseline : facts.now, facts.this_host,
                            facts.now);
  Record(window, facts, around);
  const Standing standing = Sort(window, facts, around);
  window.findings = standing.against;
  window.awaited = facts.awaited;
  window.missing = MissingOf(facts, standing);
  if (window.state == WindowState::kOpen) {
    if (window.hands_off && Fails(standing)) Fail(window, standing.against, facts.at);
    return window;
  }
  // What was not seen completely was not watched.
  if (window.missing.empty()) window.watched += std::max(facts.elapsed, Duration::zero());
  AwaitReturn(window, facts, window.awaited);
  AwaitFindings(standing, window.awaited);
  if (window.state == WindowState::kVerifying) {
    Verify(window, facts, standing);
  } else {
    Soak(window, facts, standing);
  }
  return window;
}

}  // namespace aftershock::rules

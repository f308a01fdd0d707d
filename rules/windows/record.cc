#include "rules/windows/record.h"

#include <algorithm>
#include <unordered_set>

#include "rules/windows/explain.h"

namespace aftershock::rules {
namespace {

// A fabric that falls apart in a window has thousands of findings; what it is judged by stands beside these.
constexpr std::size_t kMostSeen = 256;

// What it weighs now: nothing when something else is told instead of it, or somebody has excused it.
Severity WeightOf(const Finding& finding) {
  return finding.because || finding.Excused() ? Severity::kNote : finding.severity;
}

// nullptr: there is no room for it.
WindowSeen* Note(std::vector<WindowSeen>& list, const Finding& finding, Severity weight, WallTime at) {
  const std::string key = Key(finding);
  const auto known = std::ranges::find(list, key, &WindowSeen::key);
  if (known != list.end()) {
    known->until.reset();
    known->worst = std::max(known->worst, weight);
    return &*known;
  }
  if (list.size() >= kMostSeen) return nullptr;
  list.push_back({key, finding.summary, weight, weight, finding.since.value_or(at), {}});
  return &list.back();
}

bool StoodBefore(const Finding& finding, const Window& window, const Surroundings& around) {
  if (!finding.window.empty() || !finding.since || !window.opened) return false;
  return *finding.since < *window.opened && PlaceOf(finding.subject, window, around).score >= kAttributed;
}

void End(std::vector<WindowSeen>& list, const std::unordered_set<std::string>& standing, WallTime at) {
  for (WindowSeen& seen : list) {
    if (!seen.until && !standing.contains(seen.key)) seen.until = at;
  }
}

// A cable that went so shortly that only its downs were counted.
bool WentShortly(const ScopeItem& item, const WindowFacts& facts, const Surroundings& around,
                 const std::string& name) {
  return std::ranges::any_of(facts.findings, [&](const Finding& finding) {
    return finding.explained && finding.window == name && Means(item, finding.subject, around);
  });
}

void NoteExpected(Window& window, const WindowFacts& facts, const Surroundings& around) {
  for (Expectation& expectation : window.expect) {
    const ScopeItem& down = expectation.down;
    const bool known = facts.baseline == nullptr || IsThere(down.subject, *facts.baseline);
    if (!ShowsInImage(down.subject) || facts.now->planes.empty() || !known) continue;
    expectation.watched = true;
    const bool there = StandsNow(down, facts.baseline, *facts.now);
    const bool shortly =
        there && !expectation.went && WentShortly(down, facts, around, WindowName(window.id));
    if (shortly || (!there && (!expectation.went || expectation.back))) {
      ++expectation.times;
      expectation.went = expectation.went.value_or(facts.at);
      expectation.back.reset();
    }
    if (there && expectation.went && !expectation.back) expectation.back = facts.at;
  }
}

}  // namespace

void Record(Window& window, const WindowFacts& facts, const Surroundings& around) {
  const std::string name = WindowName(window.id);
  std::unordered_set<std::string> standing, its_own;
  for (const Finding& finding : facts.findings) {
    if (finding.window == name) its_own.insert(Key(finding));
  }
  for (const Finding& finding : facts.findings) {
    const bool told_with_another = finding.because && its_own.contains(*finding.because);
    if (finding.window == name && !told_with_another) {
      Note(window.changes, finding, finding.severity, facts.at);
    } else if (StoodBefore(finding, window, around)) {
      WindowSeen* seen = Note(window.stood, finding, WeightOf(finding), facts.at);
      if (seen != nullptr) seen->summary = finding.summary;  // what grows is told as it is now
    } else {
      continue;
    }
    standing.insert(Key(finding));
  }
  if (!facts.complete) return;
  End(window.changes, standing, facts.at);
  End(window.stood, standing, facts.at);
  if (facts.now != nullptr) NoteExpected(window, facts, around);
}

}  // namespace aftershock::rules

#include "rules/windows/record.h"

#include <algorithm>
#include <unordered_set>

#include "rules/windows/explain.h"

namespace aftershock::rules {
namespace {

// A fabric that falls apart in a window has thousands of findings; what it is judged by stands beside these.
constexpr std::size_t kMostSeen = 256;

void Note(std::vector<WindowSeen>& list, const Finding& finding, WallTime at) {
  const std::string key = Key(finding);
  const auto known = std::ranges::find(list, key, &WindowSeen::key);
  if (known != list.end()) {
    known->until.reset();
    known->worst = std::max(known->worst, finding.severity);
    return;
  }
  if (list.size() >= kMostSeen) return;
  list.push_back({key, finding.summary, finding.severity, finding.severity, finding.since.value_or(at), {}});
}

bool StoodBefore(const Finding& finding, const Window& window, const Surroundings& around) {
  const bool weighs = finding.severity != Severity::kNote && !finding.Excused();
  if (!weighs || !finding.window.empty() || !finding.since || !window.opened) return false;
  return *finding.since < *window.opened && PlaceOf(finding.subject, window, around).score >= kAttributed;
}

void End(std::vector<WindowSeen>& list, const std::unordered_set<std::string>& standing, WallTime at) {
  for (WindowSeen& seen : list) {
    if (!seen.until && !standing.contains(seen.key)) seen.until = at;
  }
}

// Absent from the image, or so short that only its traces were seen.
bool Went(const Expectation& expectation, const WindowFacts& facts, const Surroundings& around,
          const std::string& name) {
  const bool was = facts.baseline == nullptr || IsThere(expectation.down.subject, *facts.baseline);
  if (was && !IsThere(expectation.down.subject, *facts.now)) return true;
  Window alone;
  alone.expect = {expectation};
  return std::ranges::any_of(facts.findings, [&](const Finding& finding) {
    return finding.explained && finding.window == name && ExpectedGone(finding.subject, alone, around);
  });
}

void NoteExpected(Window& window, const WindowFacts& facts, const Surroundings& around) {
  for (Expectation& expectation : window.expect) {
    if (!ShowsInImage(expectation.down.subject)) continue;
    if (!expectation.went && Went(expectation, facts, around, WindowName(window.id))) {
      expectation.went = facts.at;
    }
    if (!expectation.went) continue;
    if (!IsThere(expectation.down.subject, *facts.now)) {
      expectation.back.reset();
    } else if (!expectation.back) {
      expectation.back = facts.at;
    }
  }
}

}  // namespace

void Record(Window& window, const WindowFacts& facts, const Surroundings& around) {
  const std::string name = WindowName(window.id);
  std::unordered_set<std::string> standing;
  for (const Finding& finding : facts.findings) {
    if (finding.because) continue;
    if (finding.window == name) {
      Note(window.changes, finding, facts.at);
    } else if (StoodBefore(finding, window, around)) {
      Note(window.stood, finding, facts.at);
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

// How ChangeWatch hears of windows, moves them on and tells of them.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "app/change_watch.h"
#include "rules/fleet/silent.h"
#include "rules/windows/accept_into.h"
#include "rules/windows/advance.h"
#include "rules/windows/windows_unknown.h"

namespace aftershock::app {
namespace {

// The progress of a window is noted so often.
constexpr Duration kProgressEvery = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kRecent = std::chrono::hours(24);

}  // namespace

void ChangeWatch::AnnouncedBy(std::string source, std::function<Announced()> ask) {
  source_ = std::move(source);
  ask_ = std::move(ask);
  knows_windows_ = false;
}

void ChangeWatch::Know(std::shared_ptr<const FleetReport> fleet) {
  const std::lock_guard lock(mutex_);
  fleet_ = std::move(fleet);
}

void ChangeWatch::HearWindows(const Report& report, Step& step) {
  if (!ask_) {
    step.windows = Recent(step.now);
    return;
  }
  Announced announced = ask_();
  step.windows = std::move(announced.windows);
  step.known_of = announced.as_of;
  step.why_unknown = std::move(announced.why_unknown);
  if (!report.planes.empty() || !report.host || report.host->snapshot == nullptr) return;
  uplinks_.See(*report.host->snapshot);
  step.around = uplinks_.Around(baseline_ ? *baseline_ : step.image);
}

void ChangeWatch::AddWindowsFinding(Report& report, const Step& step) const {
  if (source_.empty() || step.known_of || !settings_.Enabled(rules::kWindowsUnknown.id)) return;
  report.findings.push_back(rules::WindowsUnknown(settings_, step.why_unknown));
}

// What a window waits for of the hosts that are read.
void ChangeWatch::AddHostsOf(const Window& window, const Step& step, rules::WindowFacts& facts) const {
  facts.awaited.clear();
  if (fleet_ == nullptr) return;
  std::ranges::move(rules::SilentInScope(window, *fleet_, step.at), std::back_inserter(facts.missing));
  // What this process has heard at all came after the closing, where that was before its time.
  if (const auto closed = closed_at_.find(window.id); closed != closed_at_.end())
    facts.awaited = rules::NotHeardSince(window, *fleet_, closed->second, step.at);
}

void ChangeWatch::MoveWindows(const Report& report, const Step& step) {
  rules::WindowFacts facts;
  facts.findings = Together(report.findings, step.told);
  facts.now = &step.image;
  facts.baseline = BaselineImage();
  facts.complete = step.complete;
  facts.elapsed = step.elapsed;
  facts.at = step.now;
  facts.this_host = step.this_host;
  for (auto& [id, window] : windows_) {
    if (Ended(window.state) || window.state == WindowState::kPlanned) continue;
    facts.sweeps_since_close = sweeps_since_[id];
    facts.missing = step.missing;
    AddHostsOf(window, step, facts);
    const auto unwritten = failed_.find(id);
    Window moved = unwritten != failed_.end() ? unwritten->second : rules::Advance(window, facts, settings_);
    Window same = window;
    same.watched = moved.watched;
    const bool progress = moved.watched - put_[id] >= kProgressEvery;
    const bool passed = moved.state == WindowState::kPassed;
    if (same == moved && !progress) {
      window = std::move(moved);
      continue;
    }
    // What the journal does not have has not happened; that it failed is not forgotten, though.
    if (!Worked(journal_.PutWindow(moved))) {
      if (moved.state == WindowState::kFailed) failed_.insert_or_assign(id, std::move(moved));
      continue;
    }
    failed_.erase(id);
    put_[id] = moved.watched;
    if (moved.state != window.state)
      Note("window", fmt::format("{} is {}", WindowName(id), ToString(moved.state)));
    window = std::move(moved);
    if (!passed) continue;
    NoteSnapshot(report, step);
    TakeOver(window, step);
  }
}

// What others that have not ended work on is theirs to become the baseline, or not.
void ChangeWatch::KeepOthers(const Window& passed, const Image& before, Image& accepted) const {
  for (const auto& [id, other] : windows_) {
    if (id == passed.id || Ended(other.state) || other.state == WindowState::kPlanned) continue;
    for (const ScopeItem& item : other.scope) {
      if (item.subject.kind == SubjectKind::kFabric) continue;
      accepted = rules::AcceptInto(std::move(accepted), before, item);
    }
    for (const Expectation& expected : other.expect)
      accepted = rules::AcceptInto(std::move(accepted), before, expected.down);
  }
}

// What a passed window was opened for becomes the baseline. What changed elsewhere meanwhile was announced by
// nobody, and stays what it is.
void ChangeWatch::TakeOver(const Window& window, const Step& step) {
  // With a critical finding that stood before, and which it was opened despite of, all stays as it was.
  const bool ill = std::ranges::any_of(
      window.stood, [](const WindowSeen& seen) { return !seen.until && seen.worst == Severity::kCritical; });
  if (ill) return;
  const std::string because = fmt::format("window {} passed", WindowName(window.id));
  Image accepted = baseline_ ? *baseline_ : step.image;
  for (const ScopeItem& item : window.scope)
    accepted = rules::AcceptInto(std::move(accepted), step.image, item);
  for (const Expectation& expected : window.expect)
    accepted = rules::AcceptInto(std::move(accepted), step.image, expected.down);
  if (baseline_) KeepOthers(window, *baseline_, accepted);
  if (SameButTime(accepted, step.image)) return Renew(step, because);
  accepted.taken = step.image.taken;
  const auto added = journal_.AddSnapshot(accepted, true, Verdict::kOk, false);
  if (Worked(added)) SetBaseline(std::move(accepted), *added, because);
}

std::vector<Window> ChangeWatch::Recent(WallTime now) const {
  std::vector<Window> recent;
  for (const auto& [id, window] : windows_) {
    if (window.ended && now - *window.ended > kRecent) continue;
    recent.push_back(window);
  }
  return recent;
}

std::optional<WallTime> ChangeWatch::FirstUnfinished() const {
  std::optional<WallTime> first;
  for (const auto& [id, window] : windows_) {
    if (Ended(window.state) || !window.opened) continue;
    first = first ? std::min(*first, *window.opened) : *window.opened;
  }
  return first;
}

bool ChangeWatch::Unfinished() const {
  return std::ranges::any_of(windows_, [](const auto& entry) {
    return !Ended(entry.second.state) && entry.second.state != WindowState::kPlanned;
  });
}

void ChangeWatch::PublishWindows(WallTime now) {
  std::vector<Window> recent = Recent(now);
  const std::lock_guard lock(windows_mutex_);
  published_ = std::move(recent);
}

std::vector<Window> ChangeWatch::Windows() const {
  const std::lock_guard lock(windows_mutex_);
  return published_;
}

}  // namespace aftershock::app

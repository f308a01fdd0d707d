#include "rules/windows/explain.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "rules/windows/place.h"

namespace aftershock::rules {
namespace {

using std::chrono::duration_cast;

// What the absence of something looks like. Nothing else is explained by its being expected: errors,
// disagreements and what a host lost for good are not what goes when a switch goes down.
constexpr std::array<std::string_view, 20> kAbsence{
    "bond-degraded",     "bond-one-switch",       "host-not-visible",  "host-port-down",
    "ipoib-no-carrier",  "link-flapping",         "link-lost",         "node-lost",
    "node-unresponsive", "pair-degraded",         "pair-intermittent", "pair-member-restarted",
    "pair-unseen",       "pair-standby-unproven", "port-not-active",   "redundancy-lost",
    "switch-lost",       "unannounced-change",    "ipoib-flapping",    "events-since-change"};

// What a change leaves, beside those of kAbsence. In the scope of a hands-off window none of them is small.
constexpr std::array<std::string_view, 17> kChange{"counter-reset",     "firmware-changed",
                                                   "hca-missing",       "host-settings-changed",
                                                   "ipoib-not-member",  "ipoib-settings-changed",
                                                   "lid-changed",       "link-degraded",
                                                   "link-moved",        "link-slower",
                                                   "member-left",       "multicast-changed",
                                                   "node-new",          "pair-member-replaced",
                                                   "partition-changed", "sm-changed",
                                                   "sm-missing"};

template <std::size_t N>
bool In(const std::array<std::string_view, N>& rules, std::string_view rule) {
  return std::ranges::find(rules, rule) != rules.end();
}

std::string Ago(std::chrono::milliseconds time) {
  const auto s = duration_cast<std::chrono::seconds>(time).count();
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min", s / 60);
  return fmt::format("{} h", s / 3600);
}

struct When {
  double score = 0;
  std::string clause;
};

// Within the window's time everything fits. What began before it was opened, or after it ended, is not its
// doing.
When TimeOf(WallTime since, const Window& window) {
  if (!window.opened || since < *window.opened) return {};
  if (window.ended && since > *window.ended) return {};
  if (window.closed && since >= *window.closed)
    return {0.9, fmt::format("it began {} after the window was closed", Ago(since - *window.closed))};
  return {1, fmt::format("it began {} after the window was opened", Ago(since - *window.opened))};
}

std::optional<Attribution> Fit(const Finding& finding, const Window& window, const Surroundings& around,
                               WallTime now) {
  if (window.state == WindowState::kCancelled || window.state == WindowState::kPlanned) return std::nullopt;
  const When when = TimeOf(finding.since.value_or(now), window);
  if (when.score <= 0) return std::nullopt;
  const Place place = PlaceOf(finding.subject, window, around);
  const double score = place.score * when.score;
  if (score < kAttributed) return std::nullopt;
  return Attribution{window.id, score, fmt::format("{}, and {}", place.where, when.clause)};
}

std::optional<Attribution> Best(const Finding& finding, std::span<const Window> windows,
                                const Surroundings& around, WallTime now) {
  std::optional<Attribution> best;
  for (const Window& window : windows) {
    auto fit = Fit(finding, window, around, now);
    if (fit && (!best || fit->score > best->score)) best = std::move(fit);
  }
  return best;
}

// In a hands-off window a change is critical, whatever other windows expect.
bool HandsOff(Finding& finding, std::span<const Window> windows) {
  if (!In(kAbsence, finding.rule) && !In(kChange, finding.rule)) return false;
  const bool touched = std::ranges::any_of(windows, [&](const Window& window) {
    return HandsOffHolds(window) && finding.window == WindowName(window.id);
  });
  if (!touched) return false;
  finding.severity = Severity::kCritical;
  finding.explained.reset();
  return true;
}

// What these count may have been counted while a window expected it.
constexpr std::array<std::string_view, 4> kRecurring{"ipoib-flapping", "link-flapping",
                                                     "pair-member-restarted", "port-counters"};

// It may have happened while the window was open.
bool WhileOpen(const Occurrence& seen, const Window& window) {
  if (!window.opened || window.hands_off) return false;
  const auto over = window.closed ? window.closed : window.ended;
  return seen.until >= *window.opened && (!over || seen.from <= *over);
}

struct Expected {
  const Window* by;
  std::string why;
};

std::optional<Expected> ExpectedThen(const Occurrence& seen, const Subject& subject,
                                     std::span<const Window> windows, const Surroundings& around) {
  for (const Window& window : windows) {
    if (!WhileOpen(seen, window)) continue;
    if (auto why = ExpectedGone(seen.at.value_or(subject), window, around)) return Expected{&window, *why};
  }
  return std::nullopt;
}

// What happened while open windows expected it counts neither then nor later.
void ExplainRecurrence(Finding& finding, std::span<const Window> windows, const Surroundings& around) {
  std::uint64_t all = 0, left = 0;
  std::optional<Expected> last;
  for (const Occurrence& seen : finding.recurs->seen) {
    all += seen.count;
    if (auto expected = ExpectedThen(seen, finding.subject, windows, around)) {
      last = std::move(expected);
    } else {
      left += seen.count;
    }
  }
  if (!last || left >= finding.recurs->limit) return;
  finding.window = WindowName(last->by->id);
  finding.explained =
      fmt::format("{}: {} of {} times while {} was open", last->why, all - left, all, finding.window);
}

// What follows from a finding that is explained by what it counts may have stayed when that was over.
void Unfold(std::vector<Finding>& findings) {
  std::set<std::string> explained;
  for (const Finding& finding : findings) {
    if (finding.recurs && finding.explained) explained.insert(Key(finding));
  }
  if (explained.empty()) return;
  for (Finding& finding : findings) {
    if (finding.because && explained.contains(*finding.because)) finding.because.reset();
  }
}

void ExplainOne(Finding& finding, std::span<const Window> windows, const Surroundings& around, WallTime now) {
  if (HandsOff(finding, windows) || finding.explained) return;
  if (finding.recurs && In(kRecurring, finding.rule)) return ExplainRecurrence(finding, windows, around);
  if (!In(kAbsence, finding.rule)) return;
  for (const Window& window : windows) {
    if (window.state != WindowState::kOpen || window.hands_off) continue;
    if (TimeOf(finding.since.value_or(now), window).score <= 0) continue;
    if (auto why = ExpectedGone(finding.subject, window, around)) {
      finding.window = WindowName(window.id);
      finding.explained = fmt::format("{} while {} is open", *why, finding.window);
      return;
    }
  }
}

}  // namespace

bool HandsOffHolds(const Window& window) {
  if (!window.hands_off) return false;
  return window.state == WindowState::kOpen || (window.state == WindowState::kFailed && !window.closed);
}

std::optional<Attribution> Attribute(const Finding& finding, std::span<const Window> windows,
                                     const Image* baseline, WallTime now, std::string_view this_host,
                                     const Image* seen) {
  return Best(finding, windows, Surroundings(baseline, this_host, seen), now);
}

void Explain(std::vector<Finding>& findings, std::span<const Window> windows, const Image* baseline,
             WallTime now, std::string_view this_host, const Image* seen) {
  if (windows.empty()) return;
  const Surroundings around(baseline, this_host, seen);
  for (Finding& finding : findings) {
    if (const auto best = Best(finding, windows, around, now); best && finding.window.empty())
      finding.window = WindowName(best->window);
    ExplainOne(finding, windows, around, now);
  }
  Unfold(findings);
}

}  // namespace aftershock::rules

#include "rules/windows/explain.h"

#include <algorithm>
#include <array>
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

// It may have happened while the window was open.
bool WhileOpen(const Occurrence& seen, const Window& window, WallTime now) {
  if (!window.opened || window.hands_off) return false;
  const auto before = [now](Duration ago) { return now - duration_cast<std::chrono::milliseconds>(ago); };
  const auto over = window.closed ? window.closed : window.ended;
  return before(seen.until) >= *window.opened && (!over || before(seen.from) <= *over);
}

// What happened while open windows expected it counts neither then nor later.
void ExplainRecurrence(Finding& finding, std::span<const Window> windows, const Surroundings& around,
                       WallTime now) {
  std::uint64_t all = 0, left = 0;
  const Window* by = nullptr;
  std::vector<std::pair<const Window*, std::string>> expecting;
  for (const Window& window : windows) {
    if (auto why = ExpectedGone(finding.subject, window, around))
      expecting.emplace_back(&window, std::move(*why));
  }
  for (const Occurrence& seen : finding.recurs->seen) {
    all += seen.count;
    const auto it = std::ranges::find_if(
        expecting, [&](const auto& entry) { return WhileOpen(seen, *entry.first, now); });
    if (it == expecting.end()) {
      left += seen.count;
    } else {
      by = it->first;
    }
  }
  if (by == nullptr || left >= finding.recurs->limit) return;
  const auto why = std::ranges::find(expecting, by, &std::pair<const Window*, std::string>::first)->second;
  finding.window = WindowName(by->id);
  finding.explained =
      fmt::format("{}: {} of {} times while {} was open", why, all - left, all, finding.window);
}

void ExplainOne(Finding& finding, std::span<const Window> windows, const Surroundings& around, WallTime now) {
  if (HandsOff(finding, windows) || finding.explained) return;
  if (finding.recurs) return ExplainRecurrence(finding, windows, around, now);
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
                                     const Image* baseline, WallTime now, std::string_view this_host) {
  return Best(finding, windows, Surroundings(baseline, this_host), now);
}

void Explain(std::vector<Finding>& findings, std::span<const Window> windows, const Image* baseline,
             WallTime now, std::string_view this_host) {
  if (windows.empty()) return;
  const Surroundings around(baseline, this_host);
  for (Finding& finding : findings) {
    if (const auto best = Best(finding, windows, around, now); best && finding.window.empty())
      finding.window = WindowName(best->window);
    ExplainOne(finding, windows, around, now);
  }
}

}  // namespace aftershock::rules

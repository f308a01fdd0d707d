#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/stats/rate_ratio.h"

namespace aftershock::rules {
namespace {

std::string MinutesText(std::uint32_t errored, std::uint32_t minutes) {
  return fmt::format("errors in {} of {} min", errored, minutes);
}

// A window that closed and is watched, and since when in its present state.
struct Watched {
  const Window* window;
  WallTime closed, soaking;
};

std::optional<WallTime> Entered(const Window& window, WindowState state) {
  for (const Transition& t : window.transitions) {
    if (t.to == state) return t.at;
  }
  return std::nullopt;
}

std::vector<Watched> WatchedWindows(std::span<const Window> windows) {
  std::vector<Watched> watched;
  for (const Window& window : windows) {
    if (window.state != WindowState::kVerifying && window.state != WindowState::kSoaking) continue;
    if (!window.closed) continue;
    const auto soaking = Entered(window, WindowState::kSoaking);
    watched.push_back({&window, *window.closed, soaking.value_or(WallTime::max())});
  }
  return watched;
}

struct Counted {
  std::uint32_t verifying = 0, soaking = 0;
};

}  // namespace

std::vector<Change> FindErrorsSinceChange(const ChangeFacts& facts, const Settings& settings) {
  const double ratio = settings.Threshold(kErrorsSinceChange, "ratio");
  const double least_before = settings.Threshold(kErrorsSinceChange, "min_minutes_before");
  const double least_after = settings.Threshold(kErrorsSinceChange, "min_minutes_after");
  std::vector<const ErroredMinutes*> tested;
  for (const ErroredMinutes& port : facts.errors) {
    if (port.minutes_before >= least_before && port.minutes_after >= least_after) tested.push_back(&port);
  }
  const double alpha = settings.Threshold(kErrorsSinceChange, "alpha") /
                       static_cast<double>(std::max<std::size_t>(1, tested.size()));
  std::vector<Change> changes;
  for (const ErroredMinutes* port : tested) {
    const double tail = RateRatioTail(port->errored_before, port->minutes_before, port->errored_after,
                                      port->minutes_after, ratio);
    if (tail > alpha) continue;
    Change& change = changes.emplace_back();
    change.before = MinutesText(port->errored_before, port->minutes_before);
    change.now = MinutesText(port->errored_after, port->minutes_after);
    change.finding =
        Found(settings, kErrorsSinceChange, Subject::Link(port->port),
              fmt::format("{} has {} since the change, {} before", port->name, change.now, change.before),
              {{"probability by chance", tail, ""},
               {"changed at", FormatTime(port->change), ""},
               {"void minutes since", std::int64_t{port->unusable_after}, "min"}});
  }
  return changes;
}

std::vector<Change> FindEventsSinceChange(const ChangeFacts& facts, const Settings& settings) {
  // By subject and kind: how many while windows verified, and while they soaked.
  std::map<std::pair<Subject, std::string>, Counted> counts;
  const auto windows = WatchedWindows(facts.windows);
  for (const ChangeEvent& event : facts.events) {
    bool verifying = false, soaking = false;
    for (const Watched& watched : windows) {
      soaking = soaking || event.at >= watched.soaking;
      verifying = verifying || (event.at >= watched.closed && event.at < watched.soaking);
    }
    if (!verifying && !soaking) continue;
    Counted& counted = counts[{event.subject, event.what}];
    ++(soaking ? counted.soaking : counted.verifying);
  }
  std::map<Subject, Change> by_subject;
  const double many = settings.Threshold(kEventsSinceChange, "events");
  for (const auto& [key, counted] : counts) {
    const auto& [subject, what] = key;
    const std::uint32_t all = counted.verifying + counted.soaking;
    auto [it, is_new] = by_subject.try_emplace(subject);
    Change& change = it->second;
    if (is_new) {
      change.finding = Found(settings, kEventsSinceChange, subject, {}, {});
      change.finding.severity = Severity::kNote;
      change.before = "quiet";
    }
    change.now += fmt::format("{}{} {}", change.now.empty() ? "" : ", ", all, what);
    change.finding.evidence.push_back({what, std::int64_t{all}, "events"});
    if (counted.soaking >= many) change.finding.severity = settings.SeverityOf(kEventsSinceChange);
  }
  std::vector<Change> changes;
  for (auto& [subject, change] : by_subject) {
    const auto names = NamesIn(facts, change.finding);
    change.finding.summary = fmt::format("Since the window closed, {} tells of {}", names.back(), change.now);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace aftershock::rules

#include "app/error_minutes.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "rules/windows/place.h"

namespace aftershock::app {
namespace {

using std::chrono::minutes;

// So much of a port's past is compared with; and older rows may stand for an hour.
constexpr std::chrono::hours kPast{24}, kThinned{24};

struct Sum {
  std::uint64_t errors = 0;
  std::uint32_t resets = 0;
  bool saturated = false;

  void Add(const CounterValues& values, Counter counter) {
    errors += values.Get(counter).value_or(0);
    resets += values.Resets(counter);
    saturated = saturated || values.Saturated(counter);
  }
};

Sum RatedErrors(const CounterValues& values) {
  Sum sum;
  for (const Counter counter : kBitErrorCounters) sum.Add(values, counter);
  for (const Counter counter : kEventCounters) sum.Add(values, counter);
  return sum;
}

std::uint32_t Clamped(std::uint64_t number) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, 0xffffffffu));
}

WallTime MinuteOf(WallTime time) {
  return std::chrono::floor<minutes>(time);
}

// The sweep that sees the end of the work tells of the minute before, too.
WallTime FirstAfter(const Window& window) {
  return MinuteOf(*window.closed) + minutes(2);
}

bool Watched(const Window& window) {
  const bool closed = window.state == WindowState::kVerifying || window.state == WindowState::kSoaking;
  return closed && window.opened && window.closed;
}

// The ports at both ends of every cable that the scope has.
std::set<PortKey> PortsOf(const Window& window, const Image& image) {
  const rules::Surroundings around(&image);
  std::set<Guid> nodes;
  std::set<PortKey> links, ports;
  bool all = false;
  for (const ScopeItem& item : window.scope) {
    all = all || item.subject.kind == SubjectKind::kFabric;
    if (item.subject.kind == SubjectKind::kLink) {
      links.insert({item.subject.guid, item.subject.port});
    } else {
      nodes.merge(around.NodesOf(item));
    }
  }
  const auto in = [&](const PortKey& key) { return nodes.contains(key.node) || links.contains(key); };
  for (const auto& [name, plane] : image.planes) {
    for (const CableImage& cable : plane.cables) {
      if (all || in(cable.a) || in(cable.b)) ports.insert({cable.a, cable.b});
    }
  }
  return ports;
}

}  // namespace

std::vector<journal::ErrorMinute> ErrorCounting::Count(const Report& report, WallTime now) {
  std::vector<journal::ErrorMinute> rows;
  bool anew = false, all = true;
  for (const PlaneReport& plane : report.planes) {
    if (plane.snapshot == nullptr || !plane.snapshot->sweep.complete) return {};
  }
  for (const PlaneReport& plane : report.planes) {
    PlaneReadings& readings = planes_[plane.plane];
    if (readings.sweep == plane.snapshot->sweep.number) continue;
    all = all && readings.sweep != 0;
    CountPlane(*plane.snapshot, readings, MinuteOf(now), rows);
    readings.sweep = plane.snapshot->sweep.number;
    anew = true;
  }
  if (!all) return {};
  if (anew) rows.push_back({MinuteOf(now), kObserved, 1, false});
  return rows;
}

void ErrorCounting::CountPlane(const FabricSnapshot& snapshot, PlaneReadings& readings, WallTime minute,
                               std::vector<journal::ErrorMinute>& rows) const {
  for (const Node& node : snapshot.nodes) {
    if (node.duplicate) continue;
    for (const Port& port : node.ports) {
      if (!port.Linked()) continue;
      const PortKey key{node.guid, port.num};
      if (Missing(port.counters_answer)) rows.push_back({minute, key, 0, true});
      if (port.counters_answer != Answer::kAnswered) continue;
      const Sum sum = RatedErrors(port.counters);
      const auto [before, first] = readings.ports.try_emplace(key, Reading{sum.errors, sum.resets});
      const bool unusable = sum.saturated || sum.resets != before->second.resets;
      const std::uint64_t more = sum.errors - std::min(sum.errors, before->second.errors);
      if (!first && (unusable || more > 0)) rows.push_back({minute, key, Clamped(more), unusable});
      before->second = {sum.errors, sum.resets};
    }
  }
}

void ErrorHistory::Add(const std::vector<journal::ErrorMinute>& rows, Tallies& into) {
  for (const journal::ErrorMinute& row : rows) {
    Tally& tally = into[row.port];
    (row.unusable ? tally.unusable : tally.errored) += row.minutes;
  }
}

Result<ErrorHistory::History*> ErrorHistory::HistoryOf(journal::Journal& journal, const Window& window,
                                                       WallTime now) {
  if (const auto known = windows_.find(window.id); known != windows_.end()) return &known->second;
  const WallTime opened = MinuteOf(*window.opened);
  auto rows = journal.ErrorMinutes(opened - kPast, opened - minutes(1));
  if (!rows) return tl::unexpected(rows.error());
  // An hour that was thinned may have minutes of both sides.
  std::erase_if(*rows, [&](const journal::ErrorMinute& row) {
    return row.minute < now - kThinned && row.minute + minutes(60) > opened;
  });
  History history;
  Add(*rows, history.before);
  history.next = FirstAfter(window);
  return &windows_.emplace(window.id, std::move(history)).first->second;
}

Result<void> ErrorHistory::Update(journal::Journal& journal, std::span<const Window> windows,
                                  const Image& image, WallTime now, SteadyTime at) {
  if (updated_ && at - *updated_ < minutes(1)) return {};
  updated_ = at;
  errors_.clear();
  told_.clear();
  std::erase_if(windows_, [&](const auto& entry) {
    return std::ranges::none_of(windows, [&](const Window& w) { return w.id == entry.first && Watched(w); });
  });
  const WallTime last = MinuteOf(now) - minutes(1);  // the present one is not over
  for (const Window& window : windows) {
    if (!Watched(window)) continue;
    const auto history = HistoryOf(journal, window, now);
    if (!history) return tl::unexpected(history.error());
    if (last >= (*history)->next) {
      const auto rows = journal.ErrorMinutes((*history)->next, last);
      if (!rows) return tl::unexpected(rows.error());
      Add(*rows, (*history)->after);
      (*history)->next = last + minutes(1);
    }
    Tell(window, **history, image);
  }
  return {};
}

void ErrorHistory::Tell(const Window& window, const History& history, const Image& image) {
  const auto of = [](const Tallies& tallies, const PortKey& key) {
    const auto found = tallies.find(key);
    return found == tallies.end() ? Tally{} : found->second;
  };
  const std::uint32_t before = of(history.before, kObserved).errored;
  const std::uint32_t after = of(history.after, kObserved).errored;
  const rules::Surroundings around(&image);
  for (const PortKey& port : PortsOf(window, image)) {
    if (!told_.insert(port).second) continue;  // by a window that overlaps
    const Tally was = of(history.before, port), is = of(history.after, port);
    rules::ErroredMinutes& told = errors_.emplace_back();
    told.port = port;
    // A name is looked up for those alone that can be a finding.
    if (is.errored > 0) told.name = fmt::format("{} port {}", around.NameOf(port.node), port.port);
    told.minutes_before = before - std::min(before, was.unusable);
    told.minutes_after = after - std::min(after, is.unusable);
    told.errored_before = std::min(was.errored, told.minutes_before);
    told.errored_after = std::min(is.errored, told.minutes_after);
    told.unusable_after = is.unusable;
    told.change = *window.closed;
  }
}

}  // namespace aftershock::app

#include "app/first_seen.h"

#include <algorithm>

namespace aftershock::app {
namespace {

// What comes back within this time has never been away: rules need some looks after a restart.
constexpr std::chrono::minutes kReturns{10};

}  // namespace

void FirstSeen::Load(const std::vector<journal::FindingRow>& rows, WallTime latest) {
  latest_ = std::max(latest_, latest);
  for (const journal::FindingRow& row : rows) {
    latest_ = std::max(latest_, row.last_seen);
    if (row.ended && *row.ended + kReturns < latest) continue;
    const auto [at, added] = seen_.try_emplace(Key(row.finding), Seen{row.first_seen, {}});
    if (!added) at->second.since = std::min(at->second.since, row.first_seen);
  }
}

void FirstSeen::Stamp(std::vector<Finding>& findings, WallTime now, SteadyTime at) {
  const WallTime before = latest_;
  last_look_ = at;
  for (Finding& finding : findings) {
    const WallTime since = std::max(finding.since.value_or(now), before);
    const auto [seen, added] = seen_.try_emplace(Key(finding), Seen{since, at});
    seen->second.last = at;
    finding.since = seen->second.since;
  }
  for (auto& [key, seen] : seen_) {
    if (seen.last == SteadyTime{}) seen.last = at;  // known from the journal: its time runs from now
  }
  std::erase_if(seen_, [&](const auto& entry) { return at - entry.second.last > kReturns; });
  Forward(now);
}

void FirstSeen::StampTold(std::vector<Finding>& findings, SteadyTime at) {
  for (Finding& finding : findings) {
    const auto [seen, added] = seen_.try_emplace(Key(finding), Seen{finding.since.value_or(latest_), at});
    seen->second.last = at;
    finding.since = seen->second.since;
  }
}

void FirstSeen::ForgetAbsent() {
  std::erase_if(seen_, [&](const auto& entry) { return entry.second.last != last_look_; });
}

WallTime FirstSeen::Forward(WallTime now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

}  // namespace aftershock::app

// pair-member-restarted and pair-correlated: what befell members, and when.
#include <algorithm>

#include <fmt/format.h>

#include "rules/pairs/pair_view.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

double SecondsAgo(const PairView& view, SteadyTime at) {
  return std::max(0.0, ToSeconds(view.now() - at));
}

// Two members to which it happened within the window, the last time.
struct Coincidence {
  const MemberSeen* first = nullptr;
  const MemberSeen* second = nullptr;
  double apart = 0, ago = 0;  // seconds
};

std::optional<Coincidence> Coincided(const PairView& view, const GroupSeen& group, Mishap mishap) {
  std::vector<std::pair<SteadyTime, const MemberSeen*>> events;
  for (const MemberSeen& member : group.members) {
    if (const auto& at = member.memory->mishaps[static_cast<std::size_t>(mishap)])
      events.emplace_back(*at, &member);
  }
  std::ranges::sort(events, {}, &std::pair<SteadyTime, const MemberSeen*>::first);
  const double window = view.Threshold(kPairCorrelated, "window_seconds");
  std::optional<Coincidence> found;
  for (std::size_t i = 1; i < events.size(); ++i) {
    const double apart = ToSeconds(events[i].first - events[i - 1].first);
    const double ago = SecondsAgo(view, events[i].first);
    if (apart > window || ago > view.Threshold(kPairCorrelated, "remember_seconds")) continue;
    found = Coincidence{events[i - 1].second, events[i].second, apart, ago};
  }
  return found;
}

}  // namespace

std::vector<Finding> FindRestarted(const PairView& view) {
  std::vector<Finding> findings;
  const double remember = view.Threshold(kPairMemberRestarted, "remember_seconds");
  for (const GroupSeen& group : view.groups()) {
    std::vector<std::string> names;
    std::vector<Evidence> evidence;
    Recurrence recurs;
    for (const MemberSeen& member : group.members) {
      const auto& at = member.memory->mishaps[static_cast<std::size_t>(Mishap::kRestarted)];
      if (!at || SecondsAgo(view, *at) > remember) continue;
      names.push_back(NameOf(member));
      evidence.push_back({NameOf(member) + " restarted", SecondsAgo(view, *at), "s ago"});
      const WallTime wall =
          view.wall() - std::chrono::duration_cast<std::chrono::milliseconds>(view.now() - *at);
      const Subject at_member{SubjectKind::kSwitch, member.memory->guid, 0, {}, {}};
      recurs.seen.push_back({wall, wall, 1, at_member});
    }
    if (names.empty()) continue;
    findings.push_back(view.Found(
        kPairMemberRestarted, group,
        fmt::format("{} of pair {} restarted", Listed(names), group.configured->name), std::move(evidence)));
    findings.back().recurs = std::move(recurs);
  }
  return findings;
}

std::vector<Finding> FindCorrelated(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    for (const Mishap mishap : {Mishap::kDied, Mishap::kRestarted, Mishap::kFaltered, Mishap::kErred}) {
      const auto both = Coincided(view, group, mishap);
      if (!both) continue;
      findings.push_back(
          view.Found(kPairCorrelated, group,
                     fmt::format("{} and {} of pair {} {} within {}: one cause until proven otherwise",
                                 NameOf(*both->first), NameOf(*both->second), group.configured->name,
                                 ToString(mishap), DurationText(both->apart)),
                     {{"apart", both->apart, "s"}, {"happened", both->ago, "s ago"}}));
      break;  // one finding for a pair, the worst first
    }
  }
  return findings;
}

}  // namespace aftershock::rules

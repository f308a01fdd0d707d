#include "rules/pairs/heard.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "rules/pairs/table.h"
#include "rules/stats/binomial.h"

namespace aftershock::rules {
namespace {

// Of a route on which our own port had no signal within the window.
constexpr std::uint32_t kVoidRoundsUntilUnknown = 2;
// A route that was silent so often, while another was answered, is broken.
constexpr std::uint32_t kBrokenAfter = 3;

bool IsAnswer(Heard heard) {
  return heard == Heard::kAnswered || heard == Heard::kLate;
}

Duration Seconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

void TakeRoutes(AskedMemory& memory, const SwitchRound& round, SteadyTime at) {
  std::vector<RouteMemory> routes;
  for (const RouteRound& by : round.routes) {
    const auto known = std::ranges::find(memory.routes, by.route, &RouteMemory::route);
    RouteMemory& route = routes.emplace_back();
    if (known != memory.routes.end()) {
      route = std::move(*known);
    } else {
      route.route = by.route;
    }
    route.samples.push_back({at, by.heard});
  }
  memory.routes = std::move(routes);
}

void TakeRound(AskedMemory& memory, const SwitchRound& round, SteadyTime at) {
  const auto says = [&](auto fits) {
    return std::ranges::any_of(round.routes, [&](const RouteRound& r) { return fits(r.heard); });
  };
  if (says(IsAnswer)) {
    // What a dead or cut off switch did not answer says nothing of how well it does now.
    if (memory.silent_rounds >= kBrokenAfter) memory.routes.clear();
    memory.heard = at;
    memory.silent_since.reset();
    memory.silent_rounds = memory.void_rounds = 0;
    memory.neighbours.clear();
  } else if (says([](Heard h) { return h == Heard::kNothing || h == Heard::kStranger; })) {
    if (!memory.silent_since) memory.silent_since = at;
    memory.silent = at;
    ++memory.silent_rounds;
    memory.void_rounds = 0;
    memory.neighbours = round.neighbours;
  } else {
    ++memory.void_rounds;
  }
  TakeRoutes(memory, round, at);
  if (round.lid) (IsUnicast(*round.lid) ? memory.with_lid : memory.without_lid) = at;
}

// The samples of a route, as far as they can be the switch's own doing.
struct Tally {
  std::uint32_t asked = 0, answered = 0, late = 0;
  bool own_fault = false;  // our own port was without a signal within the window
  double LostRatio() const { return asked == 0 ? 0 : 1 - double{1} * answered / asked; }
};

Tally Count(const RouteMemory& route) {
  Tally tally;
  for (const HeardAt& sample : route.samples) {
    if (sample.heard == Heard::kVoid) {
      tally.own_fault = true;
      continue;
    }
    ++tally.asked;
    tally.answered += sample.heard == Heard::kAnswered ? 1u : 0u;
    tally.late += sample.heard == Heard::kLate ? 1u : 0u;
  }
  return tally;
}

class Assessor {
 public:
  Assessor(const std::map<Guid, MemberState>& before, const Settings& settings)
      : before_(before),
        silent_rounds_(static_cast<std::uint32_t>(settings.Threshold(kPairDegraded, "silent_rounds"))),
        lost_ratio_(settings.Threshold(kPairIntermittent, "lost_ratio")),
        confidence_(settings.Threshold(kPairIntermittent, "confidence")) {}

  Standpoint Assess(Guid guid, const AskedMemory& memory) {
    Standpoint stands = memory.void_rounds >= kVoidRoundsUntilUnknown ? Blind() : ByRoutes(guid, memory);
    if (memory.silent_rounds >= silent_rounds_ && memory.void_rounds == 0) Silent(memory, stands);
    if (stands.state != MemberState::kLive) bad_.insert(guid);
    return stands;
  }

 private:
  static Standpoint Blind() { return {MemberState::kUnknown, 0, 0, 0, "our own port has no signal"}; }

  // The switch on the way to which the loss is put down; none: the route counts.
  std::optional<Guid> Culprit(const RouteMemory& route) const {
    const auto it = std::ranges::find_if(route.route.via, [&](Guid g) { return bad_.contains(g); });
    return it == route.route.via.end() ? std::nullopt : std::optional(*it);
  }

  Standpoint ByRoutes(Guid guid, const AskedMemory& memory) const {
    Standpoint stands;
    double best = 1;
    bool excused = false, own_fault = false;
    for (const RouteMemory& route : memory.routes) {
      const Tally tally = Count(route);
      if (tally.answered + tally.late == 0 && tally.asked >= kBrokenAfter) ++stands.broken_routes;
      if (Culprit(route) && tally.LostRatio() > 0) {
        excused = true;
        continue;
      }
      if (tally.own_fault && tally.LostRatio() > 0) {
        own_fault = true;
        continue;
      }
      if (tally.asked == 0) continue;
      stands.asked += tally.asked;
      stands.answered += tally.answered;
      best = std::min(best, tally.LostRatio());
    }
    if (stands.asked == 0) {
      // An answer by whatever route proves that it lives; how well it does cannot be told.
      stands.because = own_fault ? "our own port goes down and up"
                       : excused ? "every route to it leads through a switch that loses packets itself"
                                 : "it was not asked so far";
      if ((own_fault || excused) && memory.silent_rounds == 0 && memory.heard)
        stands.state = MemberState::kLive;
      return stands;
    }
    stands.state = Loses(guid, stands, best) ? MemberState::kIntermittent : MemberState::kLive;
    if (stands.state == MemberState::kIntermittent) {
      stands.because =
          fmt::format("{} of {} answers were missing or late", stands.asked - stands.answered, stands.asked);
      stands.broken_routes = 0;
    } else if (stands.broken_routes != 0) {
      stands.because = "a route to it is broken";
    }
    return stands;
  }

  // More is missing than may be, on every route alike: what only one loses is the route's fault.
  bool Loses(Guid guid, const Standpoint& stands, double best) const {
    const std::uint32_t lost = stands.asked - stands.answered;
    const double ratio = static_cast<double>(lost) / stands.asked;
    if (best < ratio / 2) return false;
    const auto was = before_.find(guid);
    const bool stays = was != before_.end() && was->second == MemberState::kIntermittent;
    if (stays && ratio > lost_ratio_ / 2) return true;
    return BinomialLowerLimit(lost, stands.asked, confidence_) > lost_ratio_;
  }

  // Nothing was heard for some rounds: what the neighbours say decides.
  void Silent(const AskedMemory& memory, Standpoint& stands) const {
    std::uint32_t down = 0, linked = 0;
    for (const NeighbourPort& port : memory.neighbours) {
      down += port.says == NeighbourPort::Says::kDown ? 1u : 0u;
      linked += port.says == NeighbourPort::Says::kLinked ? 1u : 0u;
    }
    stands.broken_routes = static_cast<std::uint32_t>(memory.routes.size());
    if (down != 0 && linked == 0) {
      stands.state = MemberState::kDead;
      stands.because = fmt::format("nothing is heard of it, and {} of its neighbours' ports are down", down);
    } else if (down != 0) {
      stands.state = MemberState::kUnknown;
      stands.because = fmt::format(
          "the routes to it are broken: {} ports that lead to it are down, and {} still have its signal",
          down, linked);
    } else if (linked != 0 && !AllExcused(memory)) {
      stands.state = MemberState::kIntermittent;
      stands.because =
          fmt::format("it answers nothing, and {} ports that lead to it have its signal", linked);
    } else {
      stands.state = MemberState::kUnknown;
      stands.because = "nothing on the way to it answers";
    }
  }

  bool AllExcused(const AskedMemory& memory) const {
    return std::ranges::all_of(memory.routes, [&](const RouteMemory& r) { return Culprit(r).has_value(); });
  }

  const std::map<Guid, MemberState>& before_;
  std::uint32_t silent_rounds_;
  double lost_ratio_, confidence_;
  std::set<Guid> bad_;
};

std::size_t Distance(const AskedMemory& memory) {
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const RouteMemory& route : memory.routes) least = std::min(least, route.route.exits.size());
  return least;
}

}  // namespace

void RememberRounds(PairState& state, std::span<const LivenessRound> rounds, SteadyTime at,
                    const Settings& settings) {
  const Duration window = Seconds(settings.Threshold(kPairIntermittent, "window_seconds"));
  for (const LivenessRound& round : rounds) {
    auto& asked = state.asked[round.plane];
    for (const SwitchRound& one : round.switches) TakeRound(asked[one.guid], one, round.at);
    std::erase_if(asked, [&](const auto& known) {
      return std::ranges::count(round.switches, known.first, &SwitchRound::guid) == 0;
    });
    state.asked_at = std::max(state.asked_at.value_or(round.at), round.at);
  }
  for (auto& [plane, asked] : state.asked) {
    for (auto& [guid, memory] : asked) {
      for (RouteMemory& route : memory.routes) {
        std::erase_if(route.samples, [&](const HeardAt& s) { return at - s.at > window; });
      }
    }
  }
}

std::map<Guid, Standpoint> Standpoints(const std::map<Guid, AskedMemory>& asked,
                                       const std::map<Guid, MemberState>& before, const Settings& settings) {
  std::vector<std::pair<std::size_t, Guid>> order;
  for (const auto& [guid, memory] : asked) order.emplace_back(Distance(memory), guid);
  std::ranges::sort(order);
  Assessor assessor(before, settings);
  std::map<Guid, Standpoint> all;
  for (const auto& [distance, guid] : order) all[guid] = assessor.Assess(guid, asked.at(guid));
  return all;
}

}  // namespace aftershock::rules

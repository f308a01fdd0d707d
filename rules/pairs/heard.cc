#include "rules/pairs/heard.h"

#include <algorithm>
#include <set>

#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

// Of the switches on the way so many windows are kept: what they lose has to be known better than what those
// behind them lose.
constexpr int kTransitWindows = 5;

// So many rounds without an answer, and what the neighbours say of them, make a switch dead or cut off.
constexpr std::uint32_t kCutOffAfter = 2;

bool IsAnswer(Heard heard) {
  return heard == Heard::kAnswered || heard == Heard::kLate;
}

Duration Seconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

// Something other than the switch's own doing keeps it from answering. Where no neighbour is asked, as of
// those on the way, that is not known.
bool IsCutOff(const SwitchRound& round) {
  const auto says = [&](NeighbourPort::Says what) {
    return std::ranges::count(round.neighbours, what, &NeighbourPort::says) != 0;
  };
  if (round.neighbours.empty()) return false;
  return says(NeighbourPort::Says::kDown) || !says(NeighbourPort::Says::kLinked);
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
    if (memory.cut_off_rounds >= kCutOffAfter) memory.routes.clear();
    memory.heard = at;
    memory.silent_since.reset();
    memory.silent_rounds = memory.cut_off_rounds = memory.void_rounds = 0;
    memory.neighbours.clear();
  } else if (says([](Heard h) { return h == Heard::kNothing || h == Heard::kStranger; })) {
    if (!memory.silent_since) memory.silent_since = at;
    memory.silent = at;
    ++memory.silent_rounds;
    memory.void_rounds = 0;
    memory.neighbours = round.neighbours;
    memory.cut_off_rounds += IsCutOff(round) ? 1u : 0u;
  } else {
    ++memory.void_rounds;
  }
  TakeRoutes(memory, round, at);
  if (round.lid) (IsUnicast(*round.lid) ? memory.with_lid : memory.without_lid) = at;
}

}  // namespace

void RememberRounds(PairState& state, std::span<const LivenessRound> rounds, const Settings& settings) {
  const Duration window = Seconds(settings.Threshold(kPairIntermittent, "window_seconds"));
  for (const LivenessRound& round : rounds) {
    auto& asked = state.asked[round.plane];
    for (const SwitchRound& one : round.switches) TakeRound(asked[one.guid], one, round.at);
    std::erase_if(asked, [&](const auto& known) {
      return std::ranges::count(round.switches, known.first, &SwitchRound::guid) == 0;
    });
    state.asked_at = std::max(state.asked_at.value_or(round.at), round.at);
  }
  std::set<Guid> members;
  for (const auto& [name, group] : state.members) {
    for (const MemberMemory& member : group) members.insert(member.guid);
  }
  for (auto& [plane, asked] : state.asked) {
    for (auto& [guid, memory] : asked) {
      const Duration kept = members.contains(guid) ? window : kTransitWindows * window;
      for (RouteMemory& route : memory.routes) {
        std::erase_if(route.samples, [&](const HeardAt& s) { return *state.asked_at - s.at > kept; });
      }
    }
  }
}

}  // namespace aftershock::rules

#include "rules/pairs/assess.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "rules/pairs/table.h"
#include "rules/stats/binomial.h"

namespace aftershock::rules {
namespace {

// Rounds in a row in which our own ports had no signal.
constexpr std::uint32_t kVoidRoundsUntilUnknown = 2;
// A route that was silent so often, while another was answered, is broken.
constexpr std::uint32_t kBrokenAfter = 3;
// Rounds in a row without an answer, by routes that lose packets anyway, that are more than chance.
constexpr std::uint32_t kUnseenAfter = 5;
// Of what a way lets through at least so much is believed; a worse one says nothing of who is behind it.
constexpr double kLeastPassed = 0.05;
// What was lost beyond such a way is a guess: it counts only where no route leads by a better way.
constexpr double kTellingWay = 0.5;

// The samples of a route, as far as they can be the switch's own doing.
struct Tally {
  std::uint32_t asked = 0, answered = 0, late = 0;
  bool own_fault = false;  // our own port was without a signal within the window
  double Answered() const { return asked == 0 ? 1 : double{1} * answered / asked; }
  // Less by so many standard deviations: what is certain enough to blame somebody else by it.
  double SurelyAnswered(double deviations) const {
    return asked == 0 ? 1 : Answered() - deviations * std::sqrt(Answered() * (1 - Answered()) / asked);
  }
  bool Lost() const { return answered != asked; }
};

// Of the samples since `since`; nullopt: of all that are kept.
Tally Count(const RouteMemory& route, std::optional<SteadyTime> since = {}) {
  Tally tally;
  for (const HeardAt& sample : route.samples) {
    if (since && sample.at < *since) continue;
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

// What counts of the routes to a switch, together.
struct Evidenced {
  std::uint32_t asked = 0, answered = 0, broken_routes = 0;
  double passed = 0;       // of those asked, so many would have been answered by a switch that loses nothing
  double best = 1;         // the least share that is lost by a route, beyond its way's
  bool excused = false;    // a route leads through a switch that loses packets itself
  bool own_fault = false;  // our own port went down and up
  double Way() const { return asked == 0 ? 1 : passed / asked; }
};

class Assessor {
 public:
  Assessor(const std::map<Guid, AskedMemory>& asked, const std::map<Guid, MemberState>& before,
           const Settings& settings)
      : asked_(asked),
        before_(before),
        silent_rounds_(static_cast<std::uint32_t>(settings.Threshold(kPairDegraded, "silent_rounds"))),
        lost_ratio_(settings.Threshold(kPairIntermittent, "lost_ratio")),
        confidence_(settings.Threshold(kPairIntermittent, "confidence")),
        window_(std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(settings.Threshold(kPairIntermittent, "window_seconds")))) {}

  Standpoint Assess(Guid guid, const AskedMemory& memory) {
    const Evidenced evidence = Gather(memory);
    Standpoint stands =
        memory.void_rounds >= kVoidRoundsUntilUnknown ? Blind() : ByRoutes(guid, memory, evidence);
    if (memory.silent_rounds >= silent_rounds_ && memory.void_rounds == 0) Silent(memory, stands);
    if (stands.state != MemberState::kLive) bad_.insert(guid);
    return stands;
  }

 private:
  static Standpoint Blind() { return {MemberState::kUnknown, 0, 0, 0, "our own port has no signal"}; }

  // It leads through a switch that stands badly itself, and the loss is put down to that.
  bool IsExcused(const LivenessRoute& route) const {
    return std::ranges::any_of(route.via, [&](Guid guid) { return bad_.contains(guid); });
  }

  // The share of packets that the way to the end of the route lets through and back. A switch that loses a
  // share of what is asked of itself may lose as much again of what it passes on.
  double Passed(const LivenessRoute& route) const {
    double passed = 1;
    for (std::size_t i = 0; i < route.via.size(); ++i) {
      const auto known = asked_.find(route.via[i]);
      if (known == asked_.end()) continue;
      double answered = 0;
      for (const RouteMemory& to : known->second.routes) {
        if (to.route.entrance != route.entrance || to.samples.empty()) continue;
        // A loss may have begun lately, or be seen over a longer time only.
        const SteadyTime lately = to.samples.back().at - window_;
        answered =
            std::max(answered, std::min(Count(to, lately).SurelyAnswered(1), Count(to).SurelyAnswered(2)));
      }
      passed = std::min(passed, answered);
    }
    return std::max(passed * passed, kLeastPassed);
  }

  // Routes that say something of the switch's own doing, or might.
  struct Counted {
    Tally tally;
    double way = 1;
  };

  static void Add(const std::vector<Counted>& routes, Evidenced& all) {
    const bool tells =
        std::ranges::any_of(routes, [](const Counted& route) { return route.way >= kTellingWay; });
    for (const auto& [tally, way] : routes) {
      // A switch on the way loses much, and was not judged so far. Its loss is taken twice, since it may pass
      // on worse than it answers, and that would clear a switch behind it which loses as much.
      if (tells && way < kTellingWay && tally.Lost()) continue;
      all.asked += tally.asked;
      all.answered += tally.answered;
      all.passed += way * tally.asked;
      all.best = std::min(all.best, 1 - tally.Answered() / way);
    }
  }

  Evidenced Gather(const AskedMemory& memory) const {
    Evidenced all;
    std::vector<Counted> counted;
    for (const RouteMemory& route : memory.routes) {
      const Tally tally = Count(route);
      if (tally.answered + tally.late == 0 && tally.asked >= kBrokenAfter) ++all.broken_routes;
      if (IsExcused(route.route) && tally.Lost()) {
        all.excused = true;
      } else if (tally.own_fault && tally.Lost()) {
        all.own_fault = true;
      } else if (tally.asked != 0) {
        counted.push_back({tally, Passed(route.route)});
      }
    }
    Add(counted, all);
    return all;
  }

  Standpoint ByRoutes(Guid guid, const AskedMemory& memory, const Evidenced& evidence) const {
    Standpoint stands{MemberState::kUnknown, evidence.asked, evidence.answered, evidence.broken_routes, ""};
    if (stands.asked == 0) {
      // An answer by whatever route proves that it lives; how well it does cannot be told.
      stands.because = evidence.own_fault ? "our own port goes down and up"
                       : evidence.excused
                           ? "every route to it leads through a switch that loses packets itself"
                           : "it was not asked so far";
      if ((evidence.own_fault || evidence.excused) && memory.silent_rounds < kUnseenAfter && memory.heard)
        stands.state = MemberState::kLive;
      return stands;
    }
    stands.state = Loses(guid, evidence) ? MemberState::kIntermittent : MemberState::kLive;
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
  bool Loses(Guid guid, const Evidenced& evidence) const {
    const std::uint32_t lost = evidence.asked - evidence.answered;
    const double ratio = 1 - evidence.answered / evidence.passed;
    if (evidence.best < ratio / 2) return false;
    const auto was = before_.find(guid);
    const bool stays = was != before_.end() && was->second == MemberState::kIntermittent;
    if (stays && ratio > lost_ratio_ / 2) return true;
    const double at_least = BinomialLowerLimit(lost, evidence.asked, confidence_);
    return 1 - (1 - at_least) / evidence.Way() > lost_ratio_;
  }

  // A row of questions without an answer is longer than chance makes it. It is looked for in every round, so
  // that it has to be much less likely than what is judged over a window.
  bool IsMoreThanChance(const AskedMemory& memory) const {
    double log_chance = 0;
    for (const RouteMemory& route : memory.routes) {
      if (IsExcused(route.route)) continue;
      log_chance += memory.silent_rounds * std::log(1 - (1 - lost_ratio_) * Passed(route.route));
    }
    return log_chance < 2 * std::log(1 - confidence_);
  }

  // Nothing was heard for some rounds: what the neighbours say decides.
  void Silent(const AskedMemory& memory, Standpoint& stands) const {
    std::uint32_t down = 0, linked = 0;
    for (const NeighbourPort& port : memory.neighbours) {
      down += port.says == NeighbourPort::Says::kDown ? 1u : 0u;
      linked += port.says == NeighbourPort::Says::kLinked ? 1u : 0u;
    }
    const bool excused =
        std::ranges::all_of(memory.routes, [&](const RouteMemory& r) { return IsExcused(r.route); });
    // A port that lost its signal is no chance; a row of lost questions may be one.
    const bool dead = down != 0 && linked == 0;
    const bool chance = excused ? memory.silent_rounds < kUnseenAfter : !IsMoreThanChance(memory);
    if (!dead && chance) return;
    if (dead) {
      stands.state = MemberState::kDead;
      stands.because = fmt::format("nothing is heard of it, and {} of its neighbours' ports are down", down);
    } else if (down != 0) {
      stands.state = MemberState::kUnknown;
      stands.because = fmt::format(
          "the routes to it are broken: {} ports that lead to it are down, and {} still have its signal",
          down, linked);
    } else if (linked != 0 && !excused) {
      stands.state = MemberState::kIntermittent;
      stands.because =
          fmt::format("it answers nothing, and {} ports that lead to it have its signal", linked);
    } else {
      stands.state = MemberState::kUnknown;
      stands.because = "nothing on the way to it answers";
    }
    stands.broken_routes = static_cast<std::uint32_t>(memory.routes.size());
  }

  const std::map<Guid, AskedMemory>& asked_;
  const std::map<Guid, MemberState>& before_;
  std::uint32_t silent_rounds_;
  double lost_ratio_, confidence_;
  Duration window_;
  std::set<Guid> bad_;
};

std::size_t Distance(const AskedMemory& memory) {
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const RouteMemory& route : memory.routes) least = std::min(least, route.route.exits.size());
  return least;
}

}  // namespace

std::map<Guid, Standpoint> Standpoints(const std::map<Guid, AskedMemory>& asked,
                                       const std::map<Guid, MemberState>& before, const Settings& settings) {
  std::vector<std::pair<std::size_t, Guid>> order;
  for (const auto& [guid, memory] : asked) order.emplace_back(Distance(memory), guid);
  std::ranges::sort(order);
  Assessor assessor(asked, before, settings);
  std::map<Guid, Standpoint> all;
  for (const auto& [distance, guid] : order) all[guid] = assessor.Assess(guid, asked.at(guid));
  return all;
}

}  // namespace aftershock::rules

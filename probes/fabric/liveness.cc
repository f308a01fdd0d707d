#include "probes/fabric/liveness.h"

#include <algorithm>
#include <set>
#include <utility>

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

constexpr std::size_t kRoutesWanted = 2;
constexpr std::size_t kNeighboursAsked = 4;  // switches, and as many adapters

mad::Limits OneShot(const LivenessOptions& options) {
  mad::Limits limits;
  // The engine's window never falls below a quarter: as many as are ever asked at once.
  limits.smp_in_flight = 4 * LivenessProbe::kAtOnce;
  limits.tries = 1;
  limits.timeout = options.timeout;
  limits.second = true;
  return limits;
}

std::vector<Start> StartsIn(const FabricSnapshot& snapshot, const std::vector<Doorway>& doorways) {
  std::vector<Start> starts;
  for (const Doorway& doorway : doorways) {
    if (auto start = FindStart(snapshot, doorway.entrance, doorway.port_guid)) starts.push_back(*start);
  }
  return starts;
}

// In what is planned: a switch to ask, and its routes and neighbours as the snapshot has them.
LivenessTarget TargetIn(const FabricSnapshot& snapshot, const std::vector<Start>& starts, Guid guid) {
  LivenessTarget target{guid, {}, {}};
  const Node* node = snapshot.FindNode(guid);
  if (node != nullptr && node->IsSwitch() && !node->duplicate && !Missing(node->answer)) {
    const auto index = static_cast<std::uint32_t>(node - snapshot.nodes.data());
    target.routes = DisjointRoutes(snapshot, starts, index, kRoutesWanted);
    target.neighbours = Neighbours(snapshot, starts, index, kNeighboursAsked);
  }
  return target;
}

// The switches on the way to the targets, each asked by the first route that leads through it.
void AddTransits(std::vector<LivenessTarget>& targets) {
  std::set<Guid> planned;
  for (const LivenessTarget& target : targets) planned.insert(target.guid);
  const std::size_t members = targets.size();
  for (std::size_t t = 0; t < members; ++t) {
    for (const LivenessRoute& route : std::vector(targets[t].routes)) {
      for (std::size_t i = 0; i < route.via.size(); ++i) {
        if (!planned.insert(route.via[i]).second) continue;
        const auto hops = static_cast<std::ptrdiff_t>(route.exits.size() - route.via.size() + i);
        const auto before = static_cast<std::ptrdiff_t>(i);
        LivenessRoute way{route.entrance,
                          {route.exits.begin(), route.exits.begin() + hops},
                          {route.via.begin(), route.via.begin() + before}};
        targets.push_back({route.via[i], {std::move(way)}, {}});
      }
    }
  }
}

}  // namespace

std::vector<LivenessTarget> PlanLiveness(const FabricSnapshot& snapshot, const std::vector<Guid>& switches,
                                         const std::vector<Doorway>& doorways,
                                         std::vector<LivenessTarget> earlier) {
  const std::vector<Start> starts = StartsIn(snapshot, doorways);
  std::vector<Guid> wanted = switches;
  for (const Start& start : starts) {
    const Node& own = snapshot.nodes[start.node];
    if (start.port != 0) wanted.push_back(snapshot.nodes[own.FindPort(start.port)->peer->node].guid);
  }
  std::ranges::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<LivenessTarget> targets;
  for (const Guid guid : wanted) {
    LivenessTarget target = TargetIn(snapshot, starts, guid);
    const auto before = std::ranges::find(earlier, guid, &LivenessTarget::guid);
    if (target.routes.empty() && before != earlier.end()) target = std::move(*before);
    if (!target.routes.empty()) targets.push_back(std::move(target));
  }
  AddTransits(targets);
  return targets;
}

class LivenessProbe::Impl {
 public:
  Impl(std::string plane, std::vector<Doorway> doorways, const Clock& clock, LivenessOptions options)
      : plane_(std::move(plane)), doorways_(std::move(doorways)), clock_(clock), options_(options) {
    for (const Doorway& doorway : doorways_) {
      engines_.push_back(std::make_unique<mad::Engine>(*doorway.transport, clock, OneShot(options)));
      if (options.m_key != 0) engines_.back()->SetMKey(options.m_key);
    }
    usable_.resize(doorways_.size());
  }

  LivenessRound Ask(const std::vector<LivenessTarget>& targets, std::stop_token stop) {
    stop_ = std::move(stop);
    ++round_;
    LivenessRound round{plane_, clock_.Steady(), {}};
    for (std::size_t i = 0; i < doorways_.size(); ++i) usable_[i] = OwnPortUsable(i);
    for (const LivenessTarget& target : targets) {
      SwitchRound& asked = round.switches.emplace_back();
      asked.guid = target.guid;
      for (const LivenessRoute& route : target.routes) asked.routes.push_back({route, Heard::kVoid});
    }
    AskSwitches(round);
    Doubt(round);
    AskNeighbours(targets, round);
    return round;
  }

  const std::vector<Doorway>& doorways() const { return doorways_; }
  MadCount Sent() const {
    MadCount sum;
    for (const auto& engine : engines_) {
      const MadCount& count = engine->counts()[static_cast<std::size_t>(MadClass::kSmp)];
      sum.sent += count.sent;
      sum.answered += count.answered;
      sum.timeouts += count.timeouts;
      sum.errors += count.errors;
      sum.dropped += count.dropped;
    }
    return sum;
  }

 private:
  // The index of a route's entrance; doorways_.size(): it is no longer there, or has no signal.
  std::size_t WayOf(const LivenessRoute& route) const {
    const auto it = std::ranges::find(doorways_, route.entrance, &Doorway::entrance);
    const auto index = static_cast<std::size_t>(it - doorways_.begin());
    return it != doorways_.end() && usable_[index] ? index : doorways_.size();
  }

  void Run(std::size_t way) {
    const SteadyTime deadline = clock_.Steady() + 2 * options_.timeout + std::chrono::seconds(1);
    // What is left then ends as not asked.
    static_cast<void>(engines_[way]->Run(deadline, stop_));
  }

  bool OwnPortUsable(std::size_t way) {
    bool usable = false;
    const std::uint8_t port = doorways_[way].port;
    engines_[way]->Submit(
        {.address = mad::DirectedRoute{}, .attribute = mad::Attribute::kPortInfo, .modifier = port},
        [&](const mad::Outcome& outcome) {
          usable = outcome.ok() &&
                   (port == 0 || mad::DecodePortInfo(outcome.data).phys_state == PhysState::kLinkUp);
        });
    Run(way);
    return usable;
  }

  // Hands `ask` the ways one after another, in handfuls; `count` questions of which `way_of` tells the way.
  template <typename WayOfQuestion, typename Submit>
  void InHandfuls(std::size_t count, WayOfQuestion way_of, Submit submit) {
    for (std::size_t way = 0; way < doorways_.size(); ++way) {
      std::uint32_t submitted = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (way_of(i) != way) continue;
        submit(way, i);
        if (++submitted % kAtOnce == 0) Run(way);
      }
      if (submitted % kAtOnce != 0) Run(way);
    }
  }

  struct Question {
    SwitchRound* of;
    RouteRound* by;
    bool port_info;
  };

  void AskSwitches(LivenessRound& round) {
    std::vector<Question> questions;
    for (SwitchRound& asked : round.switches) {
      for (std::size_t i = 0; i < asked.routes.size(); ++i) {
        questions.push_back({&asked, &asked.routes[i], (round_ + i) % 2 == 1});
      }
    }
    InHandfuls(
        questions.size(), [&](std::size_t i) { return WayOf(questions[i].by->route); },
        [&](std::size_t way, std::size_t i) { Submit(way, questions[i]); });
  }

  void Submit(std::size_t way, const Question& question) {
    const mad::Request request{
        .address = mad::DirectedRoute::From(question.by->route.exits),
        .attribute = question.port_info ? mad::Attribute::kPortInfo : mad::Attribute::kNodeInfo};
    engines_[way]->Submit(request, [this, question, sent = clock_.Steady()](const mad::Outcome& outcome) {
      Take(question, outcome, clock_.Steady() - sent);
    });
  }

  void Take(const Question& question, const mad::Outcome& outcome, Duration took) {
    Heard& heard = question.by->heard;
    heard = Heard::kNothing;
    if (outcome.tries == 0) heard = Heard::kVoid;
    if (outcome.tries == 0 || outcome.answer == Answer::kTimeout || outcome.answer == Answer::kUnreachable) {
      return;
    }
    heard = took > options_.late_after ? Heard::kLate : Heard::kAnswered;
    if (!outcome.ok()) return;  // even a refusal is a sign of life
    if (question.port_info) {
      question.of->lid = mad::DecodePortInfo(outcome.data).lid;
    } else if (mad::DecodeNodeInfo(outcome.data).node_guid != question.of->guid) {
      heard = Heard::kStranger;
    }
  }

  // What was missed while our own port went down says nothing.
  void Doubt(LivenessRound& round) {
    std::vector<bool> missed(doorways_.size());
    const auto each = [&](auto use) {
      for (SwitchRound& asked : round.switches) {
        for (RouteRound& by : asked.routes) {
          const std::size_t way = WayOf(by.route);
          if (by.heard == Heard::kNothing && way < doorways_.size()) use(way, by);
        }
      }
    };
    each([&](std::size_t way, RouteRound&) { missed[way] = true; });
    std::vector<bool> gone(doorways_.size());
    for (std::size_t way = 0; way < doorways_.size(); ++way) gone[way] = missed[way] && !OwnPortUsable(way);
    each([&](std::size_t way, RouteRound& by) {
      if (gone[way]) by.heard = Heard::kVoid;
    });
    for (std::size_t way = 0; way < doorways_.size(); ++way) usable_[way] = usable_[way] && !gone[way];
  }

  static bool Silent(const SwitchRound& asked) {
    const auto is = [](Heard heard) { return [heard](const RouteRound& r) { return r.heard == heard; }; };
    return std::ranges::any_of(asked.routes, is(Heard::kNothing)) &&
           std::ranges::all_of(asked.routes, [](const RouteRound& r) {
             return r.heard == Heard::kNothing || r.heard == Heard::kVoid || r.heard == Heard::kStranger;
           });
  }

  void AskNeighbours(const std::vector<LivenessTarget>& targets, LivenessRound& round) {
    std::vector<std::pair<const Neighbour*, NeighbourPort*>> questions;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      SwitchRound& asked = round.switches[i];
      if (!Silent(asked)) continue;
      for (const Neighbour& neighbour : targets[i].neighbours) asked.neighbours.push_back({neighbour.key});
      for (std::size_t n = 0; n < asked.neighbours.size(); ++n) {
        questions.emplace_back(&targets[i].neighbours[n], &asked.neighbours[n]);
      }
    }
    InHandfuls(
        questions.size(), [&](std::size_t i) { return WayOf(questions[i].first->route); },
        [&](std::size_t way, std::size_t i) {
          const auto [neighbour, port] = questions[i];
          mad::Request request{.address = mad::DirectedRoute::From(neighbour->route.exits),
                               .attribute = mad::Attribute::kPortInfo,
                               .modifier = neighbour->key.port};
          request.tries = kNeighbourTries;
          engines_[way]->Submit(request, [port = port](const mad::Outcome& outcome) {
            if (!outcome.ok()) return;
            const bool linked = mad::DecodePortInfo(outcome.data).phys_state == PhysState::kLinkUp;
            port->says = linked ? NeighbourPort::Says::kLinked : NeighbourPort::Says::kDown;
          });
        });
  }

  static constexpr std::uint8_t kNeighbourTries = 2;

  std::string plane_;
  std::vector<Doorway> doorways_;
  const Clock& clock_;
  LivenessOptions options_;
  std::vector<std::unique_ptr<mad::Engine>> engines_;  // beside doorways_
  std::vector<bool> usable_;                           // beside doorways_
  std::stop_token stop_;
  std::size_t round_ = 0;
};

LivenessProbe::LivenessProbe(std::string plane, std::vector<Doorway> doorways, const Clock& clock,
                             LivenessOptions options)
    : impl_(std::make_unique<Impl>(std::move(plane), std::move(doorways), clock, options)) {}
LivenessProbe::~LivenessProbe() = default;

const std::vector<Doorway>& LivenessProbe::doorways() const {
  return impl_->doorways();
}
LivenessRound LivenessProbe::Ask(const std::vector<LivenessTarget>& targets, std::stop_token stop) {
  return impl_->Ask(targets, std::move(stop));
}
MadCount LivenessProbe::Sent() const {
  return impl_->Sent();
}

}  // namespace aftershock::fabric

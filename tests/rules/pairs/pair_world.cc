#include "pair_world.h"

namespace aftershock::tests {

PairWorld::PairWorld() {
  fabric.AddHost("monitor", 1);
  a = fabric.AddSwitch("leafA", 12);
  b = fabric.AddSwitch("leafB", 12);
  spine0 = fabric.AddSwitch("spine0");
  spine1 = fabric.AddSwitch("spine1");
  fabric.Connect(Guid{1}, 1, spine0, 8);
  for (int i = 0; i < 4; ++i) {
    const Guid host = fabric.AddHost("host" + std::to_string(i) + " mlx5_0", 2);
    fabric.Connect(host, 1, a, i + 1);
    fabric.Connect(host, 2, b, i + 1);
  }
  for (const auto& [leaf, port] : {std::pair{a, 1}, std::pair{b, 2}}) {
    fabric.Connect(leaf, 9, spine0, port);
    fabric.Connect(leaf, 10, spine1, port);
  }
  settings.pairs = {{"leaves",
                     1,
                     {{"leafA", {{"power", "feed-A"}}, "a.yaml:4: pairs[0].members[0]"},
                      {"leafB", {{"power", "feed-B"}}, "a.yaml:5: pairs[0].members[1]"}}}};
}

void PairWorld::AskTransits() {
  transits_ = true;
  via_first = {own_leaf, spine0};
  via_second = {own_leaf, spine1};
}

SwitchRound PairWorld::AskOnce(Guid guid, std::vector<std::uint8_t> exits, std::vector<Guid> via) {
  const Heard heard = reply ? reply(guid, 0, round_) : Heard::kAnswered;
  return {guid, {{{"mlx5_0:1", std::move(exits), std::move(via)}, heard}}, {}, {}};
}

LivenessRound PairWorld::Round() {
  LivenessRound round{"plane", now_, {}};
  for (const Guid guid : {a, b}) {
    SwitchRound& asked = round.switches.emplace_back();
    asked.guid = guid;
    const auto via = [&](std::vector<Guid> by) {
      std::erase(by, guid);
      return by;
    };
    bool heard = false;
    for (std::size_t i = 0; i < 2; ++i) {
      const LivenessRoute route{
          "mlx5_0:1", {1, static_cast<std::uint8_t>(i + 1), 1}, via(i == 0 ? via_first : via_second)};
      const Heard one = reply ? reply(guid, i, round_) : Heard::kAnswered;
      asked.routes.push_back({route, one});
      heard = heard || one == Heard::kAnswered || one == Heard::kLate;
    }
    if (heard) asked.lid = without_lid == guid ? Lid{0} : Lid{7};
    if (!heard) asked.neighbours = {{{spine0, 1}, neighbours}, {{Guid{6}, 1}, host_neighbour}};
  }
  if (transits_) {
    round.switches.push_back(AskOnce(own_leaf, {1}, {}));
    round.switches.push_back(AskOnce(spine0, {1, 1}, {own_leaf}));
    round.switches.push_back(AskOnce(spine1, {1, 2}, {own_leaf}));
  }
  ++round_;
  return round;
}

void PairWorld::Ask(int count) {
  for (int i = 0; i < count; ++i) {
    now_ += 5s;
    wall_ += 5s;
    Judge({Round()});
  }
}

void PairWorld::Sweep(Duration later) {
  now_ += later;
  wall_ += std::chrono::duration_cast<std::chrono::milliseconds>(later);
  snapshot_ = fabric.Build();
  snapshot_.sweep.number = ++sweep_;
  snapshot_.sweep.started_steady = now_;
  snapshot_.sweep.coverage = CountCoverage(snapshot_);
  Judge({});
}

void PairWorld::Judge(std::vector<LivenessRound> rounds) {
  rules::PairFacts facts;
  if (sweep_ != 0) facts.planes = {{"plane", &snapshot_, fabric_findings}};
  facts.rounds = rounds;
  facts.at = now_;
  facts.asking = asking;
  auto judgement = rules::JudgePairs(std::move(state_), facts, {wall_, &settings});
  state_ = std::move(judgement.state);
  report_ = std::move(judgement.report);
  findings_ = std::move(judgement.findings);
}

std::vector<std::string> PairWorld::Alarms() const {
  std::vector<std::string> rules;
  for (const Finding& f : findings_) {
    if (f.severity != Severity::kNote || f.unknown) rules.push_back(f.rule);
  }
  return rules;
}

}  // namespace aftershock::tests

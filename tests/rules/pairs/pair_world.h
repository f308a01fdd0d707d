// A fabric with a pair, asked and swept again and again in virtual time, as a running monitor does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "build_fabric.h"
#include "rules/pairs/judge_pairs.h"

namespace aftershock::tests {

// Two leaves (A, B), two spines, four hosts with a port at each leaf; one round of questions every 5 s.
class PairWorld {
 public:
  PairWorld();

  // What a question to a switch by a route meets. Replies are Heard::kAnswered unless set.
  using Reply = std::function<Heard(Guid asked, std::size_t route, int round)>;
  Reply reply;
  // What its neighbours say where nothing is heard of it.
  NeighbourPort::Says neighbours = NeighbourPort::Says::kDown;
  NeighbourPort::Says host_neighbour = NeighbourPort::Says::kNothing;
  // Routes lead by these switches.
  std::vector<Guid> via_first, via_second;

  // Routes lead over `own_leaf` and a spine each, which are asked, too.
  void AskTransits();
  // `count` rounds, each judged.
  void Ask(int count);
  void Sweep(Duration later = 5s);

  Guid a{}, b{}, spine0{}, spine1{}, own_leaf{0x1eaf};
  FabricBuilder fabric;
  Settings settings;
  bool asking = true;
  std::vector<Finding> fabric_findings;
  // Without a LID in this round.
  std::optional<Guid> without_lid;

  const PairState& state() const { return state_; }
  const PairsReport& report() const { return report_; }
  std::vector<Finding> Found(std::string_view rule) const { return Of(findings_, rule); }
  // Findings that are no notes.
  std::vector<std::string> Alarms() const;
  MemberState StateOf(std::size_t member) const { return report_.pairs.at(0).members.at(member).state; }

 private:
  void Judge(std::vector<LivenessRound> rounds);
  LivenessRound Round();
  SwitchRound AskOnce(Guid guid, std::vector<std::uint8_t> exits, std::vector<Guid> via);

  SteadyTime now_{1000s};
  WallTime wall_{std::chrono::hours(24 * 365 * 40)};
  int round_ = 0;
  bool transits_ = false;
  std::uint32_t sweep_ = 0;
  FabricSnapshot snapshot_;
  PairState state_;
  PairsReport report_;
  std::vector<Finding> findings_;
};

}  // namespace aftershock::tests

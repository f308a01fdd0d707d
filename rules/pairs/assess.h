// From what was heard of switches to how each of them stands. Internal to rules/pairs.
//
// A packet may be lost anywhere on its way. What the switches on a route lose themselves is known, since the
// probe asks them, too; a member answers for what is lost beyond that.
#pragma once

#include <map>
#include <string>

#include "model/pair_state.h"
#include "model/settings.h"

namespace aftershock::rules {

// How a switch stands, and on what grounds.
struct Standpoint {
  MemberState state = MemberState::kUnknown;
  std::uint32_t asked = 0, answered = 0;  // of the questions that say something of it
  std::uint32_t broken_routes = 0;
  std::string because;
};

// How the switches of a plane stand. `before`: as they stood; what was intermittent stays so until half of
// the threshold. Those nearest to us are judged first, since what they lose, all behind them lose.
std::map<Guid, Standpoint> Standpoints(const std::map<Guid, AskedMemory>& asked,
                                       const std::map<Guid, MemberState>& before, const Settings& settings);

}  // namespace aftershock::rules

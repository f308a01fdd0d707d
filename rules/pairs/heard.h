// From rounds of questions to how each switch stands. Internal to rules/pairs.
#pragma once

#include <map>
#include <span>
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

// Takes the rounds into the state: samples, silence, restarts' traces. Forgets what is older than the window.
void RememberRounds(PairState& state, std::span<const LivenessRound> rounds, SteadyTime at,
                    const Settings& settings);

// How the switches of a plane stand at `at`. `before`: as they stood; what was intermittent stays so until
// half of the threshold. Those nearest to us are judged first, since what they lose, all behind them lose.
std::map<Guid, Standpoint> Standpoints(const std::map<Guid, AskedMemory>& asked,
                                       const std::map<Guid, MemberState>& before, const Settings& settings);

}  // namespace aftershock::rules

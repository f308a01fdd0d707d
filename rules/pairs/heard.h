// What is kept of rounds of questions. Internal to rules/pairs.
#pragma once

#include <span>

#include "model/pair_state.h"
#include "model/settings.h"

namespace aftershock::rules {

// Takes the rounds into the state: samples, silence, restarts' traces. Forgets what is older than the window
// before the last round; whether that one is too old is for those who know the time.
void RememberRounds(PairState& state, std::span<const LivenessRound> rounds, const Settings& settings);

}  // namespace aftershock::rules

// The loop of the monitor: a round of looks at a fixed rate, for months.
//
// Threading: blocks its caller until it is stopped; `publish` is called from other threads too, one call at a
// time.
#pragma once

#include <functional>
#include <stop_token>

#include "app/planes.h"
#include "base/clock.h"

namespace aftershock::app {

// Returns true when it is time for the round, false when stopped. Tests bring their own.
using WaitUntilTime = std::function<bool(SteadyTime)>;

// Rounds begin at multiples of `interval` after the first; those that a longer round ran over are left out.
void AtFixedRate(Duration interval, const Clock& clock, std::stop_token stop, const WaitUntilTime& wait,
                 const std::function<void()>& round);

// Sweeps at a fixed rate. What a stopped round saw is not published.
// `after_round`, where given, is called with each round's report, between two rounds.
void Watch(PlaneSet& planes, Duration interval, const Clock& clock, std::stop_token stop,
           const WaitUntilTime& wait, const PlaneSet::Publish& publish,
           const std::function<void(const Report&)>& after_round = {});

}  // namespace aftershock::app

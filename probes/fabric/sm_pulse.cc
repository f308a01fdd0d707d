#include "probes/fabric/sm_pulse.h"

#include <algorithm>

namespace aftershock::fabric {
namespace {

constexpr Duration kLightSweepEvery = std::chrono::seconds(10);
constexpr std::uint64_t kOtherMads = 32;  // answers, and polls of other SMs
constexpr std::uint32_t kMostTolerance = 64;

}  // namespace

bool ActivityJudge::Busy(const SmPulse& before, const SmPulse& now, std::uint32_t switches) const {
  if (before.guid != now.guid) return true;
  const std::uint32_t did = now.activity - before.activity;  // it wraps around
  const auto sweeps = static_cast<std::uint64_t>((now.when - before.when) / kLightSweepEvery) + 1;
  // A quarter more: a light sweep repeats what got lost.
  const std::uint64_t light = sweeps * switches * 5 / 4 + kOtherMads;
  return did > light * tolerance_;
}

void ActivityJudge::Learn(bool changed_something) {
  tolerance_ = changed_something ? 1 : std::min(2 * tolerance_, kMostTolerance);
}

}  // namespace aftershock::fabric

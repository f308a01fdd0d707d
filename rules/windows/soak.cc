// How long a latent fault can take to show, by the mechanisms that are known to hide one.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "rules/windows/advance.h"

namespace aftershock::rules {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::minutes;

// -ln(1 - 0.95): so many errors are expected before none at all is improbable at 95 %.
constexpr double kErrorsFor95Percent = 2.996;
constexpr double kTargetRatio = 1e-15;
constexpr Duration kDay = hours(24);

// Slow links would need weeks for the target; a day says what it can say.
SoakReason BitErrors(double bits_per_second) {
  const double seconds = kErrorsFor95Percent / (kTargetRatio * bits_per_second);
  const double watched = std::min(seconds, std::chrono::duration<double>(kDay).count());
  const double ratio = kErrorsFor95Percent / (watched * bits_per_second);
  const auto needed = std::chrono::ceil<minutes>(std::chrono::duration<double>(watched));
  return {needed, fmt::format("so long without an error shows with 95 % confidence that the slowest link in "
                              "scope, {:.4g} Gbit/s, has a bit error ratio below {:.1e}",
                              bits_per_second / 1e9, ratio)};
}

}  // namespace

std::vector<SoakReason> SoakReasons(const SoakFacts& facts) {
  std::vector<SoakReason> reasons{
      {kDay, "load and temperature have a daily course, and some faults need the busy hour"},
      {minutes(10), "a round of looks at every host and every leg takes up to 10 min"}};
  if (facts.ipoib && !facts.active_probes) {
    reasons.push_back({kDay,
                       "neighbour entries hide a lost group membership until they age, minutes on Linux and "
                       "up to 24 h on others, and nobody probes by ARP"});
  }
  if (facts.slowest_bits_per_second && *facts.slowest_bits_per_second > 0)
    reasons.push_back(BitErrors(*facts.slowest_bits_per_second));
  std::ranges::stable_sort(reasons, std::greater(), &SoakReason::needed);
  return reasons;
}

}  // namespace aftershock::rules

#include "rules/stats/rate_ratio.h"

#include <boost/math/special_functions/beta.hpp>

namespace aftershock::rules {

double RateRatioTail(std::uint64_t count_before, double exposure_before, std::uint64_t count_after,
                     double exposure_after, double ratio) {
  if (count_after == 0) return 1;
  const double share = ratio * exposure_after / (exposure_before + ratio * exposure_after);
  return boost::math::ibeta(static_cast<double>(count_after), static_cast<double>(count_before + 1), share);
}

}  // namespace aftershock::rules

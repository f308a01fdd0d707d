#include "rules/stats/poisson.h"

#include <boost/math/special_functions/gamma.hpp>

namespace aftershock::rules {

double PoissonLowerLimit(std::uint64_t count, double confidence) {
  if (count == 0) return 0;
  return boost::math::gamma_p_inv(static_cast<double>(count), 1 - confidence);
}

}  // namespace aftershock::rules

#include "rules/stats/binomial.h"

#include <boost/math/special_functions/beta.hpp>

namespace aftershock::rules {

double BinomialLowerLimit(std::uint64_t hits, std::uint64_t tries, double confidence) {
  if (hits == 0) return 0;
  return boost::math::ibeta_inv(static_cast<double>(hits), static_cast<double>(tries - hits + 1),
                                1 - confidence);
}

}  // namespace aftershock::rules

#include "rules/stats/poisson.h"

#include <catch2/catch.hpp>

namespace aftershock::rules {
namespace {

// Values of Garwood's tables: half the 5 % quantile of chi-squared with 2 n degrees of freedom.
TEST_CASE("The lower Poisson limit is the exact one", "[rules][unit]") {
  CHECK(PoissonLowerLimit(1, 0.95) == Approx(0.051293).epsilon(1e-4));
  CHECK(PoissonLowerLimit(3, 0.95) == Approx(0.817691).epsilon(1e-4));
  CHECK(PoissonLowerLimit(10, 0.95) == Approx(5.425406).epsilon(1e-4));
}

TEST_CASE("No events limit nothing from below", "[rules][unit]") {
  CHECK(PoissonLowerLimit(0, 0.95) == 0);
}

TEST_CASE("The limit of a large count does not underflow", "[rules][unit]") {
  const double limit = PoissonLowerLimit(4000000000u, 0.95);
  CHECK(limit < 4e9);
  CHECK(limit > 3.999e9);
}

}  // namespace
}  // namespace aftershock::rules

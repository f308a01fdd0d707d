#include "rules/stats/binomial.h"

#include <catch2/catch.hpp>

using aftershock::rules::BinomialLowerLimit;

TEST_CASE("The lower limit agrees with published tables", "[rules][stats][unit]") {
  // Clopper and Pearson's limits at 95 %, one-sided, of 10 tries.
  CHECK(BinomialLowerLimit(1, 10, 0.95) == Approx(0.00512).margin(0.0001));
  CHECK(BinomialLowerLimit(5, 10, 0.95) == Approx(0.2224).margin(0.0001));
  CHECK(BinomialLowerLimit(10, 10, 0.95) == Approx(0.7411).margin(0.0001));
}

TEST_CASE("No hits limit nothing, and more hits never less", "[rules][stats][unit]") {
  CHECK(BinomialLowerLimit(0, 50, 0.999) == 0);
  for (unsigned hits = 1; hits <= 50; ++hits) {
    CHECK(BinomialLowerLimit(hits, 50, 0.999) > BinomialLowerLimit(hits - 1, 50, 0.999));
  }
}

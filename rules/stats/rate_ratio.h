// Is one Poisson rate above another? The exact test, given the sum of both counts.
//
// Pure functions, thread-safe. Source: Przyborowski and Wilenski (1940): given the sum, the later count is
// binomial; its upper tail is the incomplete beta function.
#pragma once

#include <cstdint>

namespace aftershock::rules {

// The probability of `count_after` or more events of the sum, if the rate after were `ratio` times the one
// before. 1 without events after. REQUIRES: exposures and ratio > 0
double RateRatioTail(std::uint64_t count_before, double exposure_before, std::uint64_t count_after,
                     double exposure_after, double ratio);

}  // namespace aftershock::rules

// Limits of a probability, from how often it came true.
//
// Pure functions, thread-safe. Source: the exact limits of Clopper and Pearson (1934), through the inverse of
// the incomplete beta function.
#pragma once

#include <cstdint>

namespace aftershock::rules {

// With this confidence the probability is at least so much. 0 for no hits.
// REQUIRES: hits <= tries, 0 < confidence < 1
double BinomialLowerLimit(std::uint64_t hits, std::uint64_t tries, double confidence);

}  // namespace aftershock::rules

// Limits of a Poisson mean, from one count.
//
// Pure functions, thread-safe. Source: the chi-squared form of the exact limits (Garwood 1936), through the
// inverse of the incomplete gamma function: summing the probabilities underflows for means above 745.
#pragma once

#include <cstdint>

namespace aftershock::rules {

// With this confidence the mean is at least so much. 0 for no events. REQUIRES: 0 < confidence < 1
double PoissonLowerLimit(std::uint64_t count, double confidence);

}  // namespace aftershock::rules

// What Prometheus answers to an instant query.
//
// Source: https://prometheus.io/docs/prometheus/latest/querying/api/ ("Format overview", "Instant queries").
// Threading: pure functions.
// Errors:    kMalformed  not JSON, no answer of Prometheus, an error it tells of, a result of another type,
//                        a warning (the answer may not be all of it), or more than `kMostSamples`
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aftershock::fleet {

inline constexpr std::size_t kMostSamples = 200'000;

struct Sample {
  std::map<std::string, std::string> labels;  // Printable()
  double at = 0;                              // when the query was evaluated, unix seconds
  double value = 0;
};

Result<std::vector<Sample>> SamplesFromJson(std::string_view text);

}  // namespace aftershock::fleet

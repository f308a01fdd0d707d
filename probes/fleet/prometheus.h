// Prometheus, asked one instant query after the other, all of them as of one moment.
//
// Threading: one thread at a time; blocks until it is answered, at most the deadline for each query.
// Errors:    what HttpGet() and SamplesFromJson() say; each says the URL.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "probes/fleet/http.h"
#include "probes/fleet/prometheus_answer.h"

namespace aftershock::fleet {

class Prometheus {
 public:
  Prometheus(Url url, HttpAccess access) : url_(std::move(url)), access_(std::move(access)) {}

  // Its own time, unix seconds, which all later queries are as of.
  Result<double> Now();
  Result<std::vector<Sample>> Query(const std::string& query) const;

 private:
  Url url_;
  HttpAccess access_;
  std::optional<double> at_;
};

}  // namespace aftershock::fleet

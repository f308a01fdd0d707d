// The text of /metrics: the state of every port and what aftershock makes of it, in Prometheus' text format
// 0.0.4.
//
// 30,000 ports are some 850,000 lines. They are never held in memory: the page is handed on in chunks as it
// is written. What is not known has no line; no value stands for it. A family without a line has no HELP and
// TYPE either.
//
// Threading: pure but for the calls of the sink.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/report.h"

namespace aftershock::exporter {

struct BuildInfo {
  std::string version;
  std::string revision;
};

// Whose names the port counters go by, beside our own families.
enum class Compat { kNone, kTreydock };

// Takes the next chunk; false: the reader is gone, write no more.
using Sink = std::function<bool(std::string_view)>;
inline constexpr std::size_t kChunkBytes = std::size_t{256} * 1024;

// `report` as it stands at `now` (see freshness.h). False: the sink gave up.
bool WriteMetrics(const Report& report, SteadyTime now, const BuildInfo& build, const Sink& sink,
                  Compat compat = Compat::kTreydock);

}  // namespace aftershock::exporter

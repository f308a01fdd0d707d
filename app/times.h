// Durations and points in time as people write them, in the configuration and on the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace aftershock::app {

// "200ms", "10s", "5min", "1h", "0.5s", "1h30min" with the larger unit first; "0" needs no unit. nullopt:
// anything else, or more than ten years.
std::optional<Duration> ParseDuration(std::string_view text);
// An exact form that ParseDuration reads, in one unit where that is short; finer than a millisecond is cut.
std::string FormatDuration(Duration duration);

// "2026-12-31" (its first moment, UTC) or RFC 3339: "2026-12-31T18:00:00Z", "2026-12-31T18:00:00+02:00".
std::optional<WallTime> ParseTime(std::string_view text);

}  // namespace aftershock::app

// What a report is worth some time after it was made: a stale sweep or look is UNKNOWN, and never green.
//
// Threading: pure functions. Age is measured on the monotonic clock.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "model/report.h"

namespace aftershock::exporter {

// Time since the plane's last complete sweep ended; nothing: there was none.
std::optional<Duration> Age(const PlaneReport& plane, SteadyTime now);

// Time since the last look at the host ended; nothing: there was none.
std::optional<Duration> Age(const HostReport& host, SteadyTime now);

// It was looked at, and not too long ago.
bool Fresh(const HostReport& host, SteadyTime now);

// The report with its verdicts as they stand at `now`: at least UNKNOWN for a plane that was never swept in
// full or whose last complete sweep is older than `stale_after`, and for a host that was never looked at or
// not for its `stale_after`. What is known to be CRITICAL stays CRITICAL.
Report AsOf(const Report& report, SteadyTime now);

// Why the report is not to be relied upon at `now`, in one line for people; nothing: every plane and the host
// are fresh.
std::optional<std::string> WhyNotReady(const Report& report, SteadyTime now);

}  // namespace aftershock::exporter

// `aftershock check --host`: looks at this host twice and says what is wrong with it.
#pragma once

#include <functional>
#include <optional>

#include "app/config.h"
#include "app/host_role.h"
#include "base/clock.h"
#include "model/report.h"

namespace aftershock::app {

// The time between the two looks, unless asked otherwise.
inline constexpr Duration kHostWindow = std::chrono::seconds(2);

// What looks at the host of this configuration, asking the subnet all at once.
HostRole OpenHostForCheck(const Config& config, const Clock& clock);

// Two looks, the second begun `window` after the first; one for a window of 0. Over after the window and
// `kHostCheckSlack` at the latest, whatever hangs.
inline constexpr Duration kHostCheckSlack = std::chrono::milliseconds(2500);
const HostResult& LookTwice(HostRole& host, Duration window, const Clock& clock, std::stop_token stop);

// The report of a host that could not be looked at: UNKNOWN, and why.
Report ReportOfUnseenHost(const std::string& why, const Clock& clock, const Settings& settings);

}  // namespace aftershock::app

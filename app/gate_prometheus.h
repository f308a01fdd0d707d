// Asks Prometheus for what the gate wants to know of the hosts in a window's scope.
//
// Threading: one thread at a time; blocks for at most the time-out of each of its seven queries.
// Errors: of probes/fleet/prometheus.h; a warning of Prometheus is one, too.
#pragma once

#include <span>

#include "app/gate_hosts.h"
#include "base/result.h"
#include "model/window.h"
#include "probes/fleet/prometheus.h"

namespace aftershock::app {

// `now`: by our clock. REQUIRES: hosts is not empty.
Result<PrometheusView> AskOfHosts(fleet::Prometheus& prometheus, const Window& window,
                                  std::span<const HostInScope> hosts, WallTime now);

}  // namespace aftershock::app

// What hosts in a window's scope say of themselves, as a Prometheus that scrapes their monitors has it.
//
// A host is its port GUIDs: aftershock_host_info joins them with whatever Prometheus calls the host. Times
// are compared as ages, because three clocks take part: the host's (when a finding began, and what time it
// was when it was scraped), Prometheus' (when that was), and ours (when the window was opened).
//
// Pure, thread-safe.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/image.h"
#include "model/window.h"
#include "probes/fleet/prometheus_answer.h"

namespace aftershock::app {

struct HostInScope {
  std::string text;         // as the scope has it, "host:node7"
  std::vector<Guid> nodes;  // of its adapters
};
// `image` tells which adapters are one host's; nullptr: only what the scope itself names.
std::vector<HostInScope> HostsInScope(const Window& window, const Image* image);

// All as of one moment.
struct PrometheusView {
  double now = 0;                      // Prometheus' time, unix seconds
  std::vector<fleet::Sample> info;     // aftershock_host_info
  std::vector<fleet::Sample> clock;    // aftershock_clock_timestamp_seconds
  std::vector<fleet::Sample> scraped;  // when those were scraped
  std::vector<fleet::Sample> status;   // aftershock_status of hosts, those that are 1
  std::vector<fleet::Sample>
      findings;  // aftershock_finding that stand, and critical ones that stood while it soaked
  std::vector<fleet::Sample> since;  // aftershock_finding_since_timestamp_seconds of these
  std::vector<fleet::Sample> seen;   // seconds since the closing in which there was an aftershock_host_info
  double seen_step = 0;              // how exact they are
};

struct HostsSay {
  std::vector<std::string> missing;  // what is not known, as clauses
  std::vector<std::string> against;  // what fails the window
  std::vector<std::string> awaited;  // what has to go, or to be accepted
};
// `now` is ours, at the view's moment.
HostsSay JudgeHosts(const Window& window, std::span<const HostInScope> hosts, const PrometheusView& view,
                    WallTime now);

// A sample that is older says nothing about now. Three times the longest interval that is usual.
inline constexpr double kFreshSeconds = 180;

}  // namespace aftershock::app

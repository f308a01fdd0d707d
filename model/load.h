// What a port carried lately, as a running monitor measured it.
//
// Units: bits of data per second, as the port counters see them (without line coding).
#pragma once

#include <map>

#include "model/ids.h"

namespace aftershock {

// Means over the time that was seen, and of the busiest slice of it.
struct PortLoad {
  double seconds = 0;  // how much of the last hour was seen
  double mean_xmit = 0, mean_rcv = 0;
  double peak_xmit = 0, peak_rcv = 0;
  friend bool operator==(const PortLoad&, const PortLoad&) = default;
};

// Ports without an entry were not measured; they are not idle.
using PortLoads = std::map<PortKey, PortLoad>;

}  // namespace aftershock

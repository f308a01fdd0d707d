// The load of every port over the last hour, kept as a monitor sweeps.
//
// Traffic is summed in slices of five minutes; the busiest full enough one is the peak. A counter that is
// full or was cleared between two readings says nothing about that time, and so does a sweep that did not
// read the port. Size: about 250 octets for each port with traffic counters. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "model/fabric.h"
#include "model/load.h"
#include "model/state.h"

namespace aftershock::whatif {

class LoadHistory {
 public:
  // One sweep of the plane. A later one; after a restart of the sweeps' clock the history begins anew.
  void Add(const FabricSnapshot& snapshot);
  // As of the last sweep. Ports of which nothing was seen are not in it.
  PortLoads Loads() const;

 private:
  static constexpr std::size_t kSlices = 12;
  struct Slice {
    std::int64_t number = -1;               // since the epoch of the monotonic clock
    double seconds = 0, xmit = 0, rcv = 0;  // octets
  };
  struct Reading {
    SteadyTime at{};
    std::uint64_t xmit = 0, rcv = 0;
    std::uint32_t resets = 0;
  };
  struct History {
    std::optional<Reading> last;
    std::array<Slice, kSlices> slices{};
  };
  static void Count(History& history, const Reading& now);

  SteadyTime last_{};
  std::unordered_map<PortKey, History, PortKeyHash> ports_;
};

}  // namespace aftershock::whatif

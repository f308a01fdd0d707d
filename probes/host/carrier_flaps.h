// How often the carrier of a link went and came between two messages about it.
//
// The kernel tells carrier changes when it gets to it, at most about once a second for one link
// (net/core/link_watch.c), so one message may stand for many changes. IFLA_CARRIER_CHANGES counts them all.
#pragma once

#include <cstdint>
#include <optional>

namespace aftershock::host {

struct Carrier {
  bool enabled = false;                  // IFF_UP: what a link does while it is down counts for nothing
  bool up = false;                       // IFF_LOWER_UP
  std::optional<std::uint32_t> changes;  // IFLA_CARRIER_CHANGES
};

struct CarrierFlaps {
  std::uint32_t transitions = 0;  // each the opposite of the one before
  Carrier now;                    // what is known after them
};

CarrierFlaps CompareCarrier(const Carrier& before, const Carrier& after);

}  // namespace aftershock::host

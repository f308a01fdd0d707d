#include "probes/host/carrier_flaps.h"

namespace aftershock::host {
namespace {

// More changes than this between two messages are a counter that began anew.
constexpr std::uint32_t kMostMissed = 4096;

// netif_carrier_off() and _on() change the carrier first and count afterwards, without a lock that a message
// would wait for, and a message reads the carrier first and the count afterwards (rtnl_fill_ifinfo). So the
// two may disagree by one, and the message that follows sets it right.
CarrierFlaps CountOut(const Carrier& before, const Carrier& after) {
  const std::uint32_t more = *after.changes - *before.changes;
  Carrier now = after;
  if (more != 0 && more <= kMostMissed) {
    now.up = before.up != (more % 2 != 0);
    return {more, now};
  }
  if (before.up != after.up) {
    const bool not_yet_counted = more == 0;
    if (not_yet_counted) now.changes = *after.changes + 1;
    return {1, now};
  }
  const bool counted_in_advance = more == ~std::uint32_t{0};
  if (counted_in_advance) now.changes = before.changes;
  return {0, now};
}

}  // namespace

CarrierFlaps CompareCarrier(const Carrier& before, const Carrier& after) {
  if (!before.enabled || !before.changes || !after.changes) return {before.up != after.up ? 1u : 0u, after};
  CarrierFlaps flaps = CountOut(before, after);
  // Taking a link down takes its carrier away, whether or not the driver has it counted.
  if (!after.enabled && flaps.now.up) {
    ++flaps.transitions;
    flaps.now.up = false;
  }
  return flaps;
}

}  // namespace aftershock::host

#include "probes/host/carrier_flaps.h"

namespace aftershock::host {
namespace {

// More changes than this between two messages are a counter that began anew.
constexpr std::uint32_t kMostMissed = 4096;

}  // namespace

// netif_carrier_off() and _on() change the carrier first and count afterwards, without a lock that a message
// would wait for, and a message reads the carrier first and the count afterwards (rtnl_fill_ifinfo). So the
// two may disagree by one, and the message that follows sets it right.
CarrierFlaps CompareCarrier(const Carrier& before, const Carrier& after) {
  const bool differs = before.up != after.up;
  if (!before.changes || !after.changes) return {differs ? 1u : 0u, after};
  const std::uint32_t more = *after.changes - *before.changes;
  if (more != 0 && more <= kMostMissed) {
    return {more, {before.up != (more % 2 != 0), after.changes}};
  }
  const bool not_yet_counted = more == 0;
  if (differs) return {1, {after.up, *after.changes + (not_yet_counted ? 1 : 0)}};
  const bool counted_in_advance = more == ~std::uint32_t{0};
  return {0, {after.up, counted_in_advance ? before.changes : after.changes}};
}

}  // namespace aftershock::host

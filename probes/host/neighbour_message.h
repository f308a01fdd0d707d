// An entry of a neighbour table as RTM_NEWNEIGH describes it (rtnetlink(7), linux/neighbour.h,
// net/core/neighbour.c).
//
// Threading: pure functions.
#pragma once

#include <optional>

#include "model/host.h"
#include "probes/host/netlink_attributes.h"

namespace aftershock::host {

// `payload`: what follows the netlink header; `ticks_per_second`: of the kernel's answers, USER_HZ. The name
// of the interface is not in it. nullopt: neither IPv4 nor IPv6, a proxy's entry, or it made no sense.
std::optional<Neighbour> ParseNeighbourMessage(Bytes payload, long ticks_per_second);

}  // namespace aftershock::host

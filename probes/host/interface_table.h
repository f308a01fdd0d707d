// Links, bonds and neighbours put together from the messages of one full read.
//
// Threading: pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "probes/host/interfaces.h"
#include "probes/host/link_message.h"

namespace aftershock::host {

// `link_type`: ARPHRD_* of the links wanted. `neighbours`: of all interfaces; those of other links than these
// and their bonds are left out.
Interfaces MakeInterfaces(std::span<const LinkMessage> messages, std::uint16_t link_type,
                          const std::map<int, Backlog>& backlogs, Result<std::vector<Neighbour>> neighbours);

}  // namespace aftershock::host

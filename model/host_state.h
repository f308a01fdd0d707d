// What the host's rules remember from look to look, as plain data.
//
// Made and changed by rules/ only; the caller keeps it and hands it back. Keyed by names and GUIDs, so that a
// device that comes back is recognised; bounded by what the host has. Times are of the monotonic clock unless
// they are a WallTime.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"
#include "model/host.h"
#include "model/state.h"

namespace aftershock {

struct HostState {
  std::uint32_t look = 0;                 // number of the last one
  std::map<std::string, WallTime> since;  // by Key(finding)
};

}  // namespace aftershock

// Hosts with anything in them, for tests of properties.
#pragma once

#include "model/host.h"

namespace aftershock {

// Every field is drawn by rapidcheck, so it must be called from within one of its properties.
HostSnapshot RandomHost();

// Everything but times of the monotonic clock is equal.
bool Same(const HostSnapshot& a, const HostSnapshot& b);

}  // namespace aftershock

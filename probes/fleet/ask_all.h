// Many asked at once, and not too many.
//
// Threading: blocks its caller until every call that was begun has returned.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "base/clock.h"

namespace aftershock::fleet {

// Calls `ask` with 0 to count - 1, once each and in this order, from at most `parallel` threads. None is
// begun after the deadline or when it is stopped. Returns how many were begun.
std::size_t AskAll(std::size_t count, std::size_t parallel, SteadyTime deadline, const std::stop_token& stop,
                   const std::function<void(std::size_t)>& ask);

}  // namespace aftershock::fleet

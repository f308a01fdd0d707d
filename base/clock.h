// Time, injected: code that needs "now" takes a Clock, so that tests own it.
//
// Wall times are for people and files; intervals are measured on the monotonic clock, which a corrected or
// jumping wall clock cannot touch.
#pragma once

#include <chrono>
#include <string>

namespace aftershock {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Wall() const = 0;
  virtual SteadyTime Steady() const = 0;
};

// The machine's clocks. Thread-safe.
class SystemClock final : public Clock {
 public:
  WallTime Wall() const override;
  SteadyTime Steady() const override;
};

// RFC 3339 in UTC with milliseconds: "2011-03-14T01:59:26.535Z".
std::string FormatTime(WallTime time);

// Seconds with a fraction, for metrics and JSON.
double ToSeconds(Duration duration);
double ToUnixSeconds(WallTime time);

}  // namespace aftershock

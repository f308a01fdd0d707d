// A clock that stands still until a test, or a fake that waits, moves it.
#pragma once

#include "base/clock.h"

namespace aftershock::fake {

class FakeClock final : public Clock {
 public:
  WallTime Wall() const override {
    return kWallStart + std::chrono::duration_cast<std::chrono::milliseconds>(elapsed_ + jumped_);
  }
  SteadyTime Steady() const override { return kSteadyStart + elapsed_; }
  void Advance(Duration by) { elapsed_ += by; }
  void AdvanceTo(SteadyTime to) {
    if (to > Steady()) elapsed_ = to - kSteadyStart;
  }
  // Somebody sets the wall clock.
  void JumpWall(Duration by) { jumped_ += by; }
  Duration Elapsed() const { return elapsed_; }

 private:
  // 2011-03-14T01:59:26.535Z; and an uptime that is neither zero nor the same number.
  static constexpr WallTime kWallStart{std::chrono::milliseconds{1300067966535}};
  static constexpr SteadyTime kSteadyStart{std::chrono::hours{1000}};
  Duration elapsed_{}, jumped_{};
};

}  // namespace aftershock::fake

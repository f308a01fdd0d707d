// What the activity of the master SM tells: whether it did more than look.
//
// SMInfo.ActCount grows with every SMP that OpenSM sends. Its light sweep, every ten seconds unless it is
// told otherwise, asks each switch for SwitchInfo; a heavy one reads every port and writes what has changed.
// Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "model/ids.h"

namespace aftershock::fabric {

struct SmPulse {
  Guid guid{};
  std::uint32_t activity = 0;
  SteadyTime when{};
};

class ActivityJudge {
 public:
  // More than light sweeps happened between the two, or another SM has taken over.
  bool Busy(const SmPulse& before, const SmPulse& now, std::uint32_t switches) const;
  // What a busy SM was found to have done: one that is always busy and changes nothing is believed less.
  void Learn(bool changed_something);

 private:
  std::uint32_t tolerance_ = 1;
};

}  // namespace aftershock::fabric

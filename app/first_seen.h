// Since when each finding stands, over restarts of the monitor and whatever the wall clock does.
//
// A monitor that starts anew finds everything anew, and a clock that was set back makes the new look old:
// both would put a finding on the wrong side of a window's opening. So what the journal knows goes first, and
// nothing new is older than the latest time that was ever noted.
//
// Threading: one thread at a time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "journal/journal.h"
#include "model/finding.h"

namespace aftershock::app {

class FirstSeen {
 public:
  // What stands in the journal, or ended shortly before `latest`, which is the last time noted there.
  void Load(const std::vector<journal::FindingRow>& rows, WallTime latest);
  // Sets `since` of each.
  void Stamp(std::vector<Finding>& findings, WallTime now, SteadyTime at);
  // The same of what others tell, whose times are ages that were measured there and are taken as they are.
  void StampTold(std::vector<Finding>& findings, SteadyTime at);
  // What does not stand now and comes again has begun anew: a window was opened, or closed.
  void ForgetAbsent();
  // The wall time, never before one that was given out already.
  WallTime Forward(WallTime now);

 private:
  struct Seen {
    WallTime since{};
    SteadyTime last{};
  };
  std::map<std::string, Seen> seen_;  // by key
  WallTime latest_{};
  SteadyTime last_look_{};
};

}  // namespace aftershock::app

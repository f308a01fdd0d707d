// What other hosts told, timed by this monitor's clock; and of a host alone, what it is cabled to.
//
// Threading: one thread at a time.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/fleet.h"
#include "model/host.h"
#include "model/image.h"

namespace aftershock::app {

// The hosts that do not report, a line each, as commands find it in the journal (State "silent").
inline constexpr const char* kSilentState = "silent";
std::string SilentText(const FleetReport& fleet, SteadyTime now);
// Of such a text, the clauses about a host with one of these adapters.
std::vector<std::string> SilentAmong(std::string_view text, std::span<const Guid> nodes);

// A machine with one of its ports is there already.
bool IsAmong(const HostImage& host, const std::map<std::string, HostImage>& hosts);

// A finding of a host begins as long ago as the host says, by its own clock, and never before the last time
// that the host was heard without it: so neither a clock that differs there nor one that was set here puts it
// on the wrong side of a window's opening.
class HearingHosts {
 public:
  // `now` never goes back (FirstSeen::Forward).
  std::vector<Finding> Hear(const FleetReport& fleet, WallTime now, SteadyTime at);

 private:
  struct Heard {
    SteadyTime heard{};                // the reading that is current
    WallTime at{};                     // when it came
    std::optional<WallTime> before{};  // when the one before it came
  };
  std::map<std::string, Heard> heard_;  // by target
};

// The far ends of a host's cables, as its own questions found them, remembered while a port is down.
class Uplinks {
 public:
  void See(const HostSnapshot& host);
  // The image, with a plane of what this host is cabled to.
  Image Around(Image image) const;

 private:
  std::map<PortKey, PortKey> far_;
};

}  // namespace aftershock::app

// Other hosts' monitors, as the managing monitor reads them.
//
// Plain data. A host is its port GUIDs; its hostname, its target and the labels of that are names for people.
// What a host found is told as it found it, about subjects that mean the same elsewhere; how long ago it
// began is an age, measured there, so that clocks that differ put nothing on the wrong side of a window.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/image.h"

namespace aftershock {

struct ToldFinding {
  Finding finding;                // with weight, and neither folded nor excused there
  std::optional<Duration> stood;  // since when, as of FleetHost::heard; none: it did not say
  WallTime served{};              // FleetHost::heard by the host's clock, as the times in `finding` are
};

// A host that is expected to report. One that is silent stays as it was last read.
struct FleetHost {
  std::string target;  // the monitor's URL
  std::map<std::string, std::string> labels;
  std::string name;                        // in Image::hosts; empty: it was never read
  std::vector<Guid> nodes;                 // of its adapters, as findings name them
  std::shared_ptr<const HostImage> image;  // nullptr: it was never read
  Verdict verdict = Verdict::kUnknown;     // its own
  std::vector<ToldFinding> findings;
  std::optional<SteadyTime> heard;  // when it last told of a fresh look at itself
  std::string why_silent;           // of the last attempt, one clause; empty: it answered
};

struct FleetReport {
  std::vector<FleetHost> hosts;    // in the order of the configuration
  Duration stale_after{};          // one that was not heard for longer is silent
  std::optional<SteadyTime> read;  // end of the last round; none: there was none so far
};

// It was heard lately enough.
bool Reports(const FleetHost& host, const FleetReport& fleet, SteadyTime now);
// Its hostname, else its target.
const std::string& NameOf(const FleetHost& host);

}  // namespace aftershock

// Errors of ports by the minute, from the counters of one sweep to the next; and of them, how many minutes
// with errors a port had before a change and after it.
//
// A minute that was observed, every plane having been swept completely, is noted under the GUID 0: minutes
// without a row are told from minutes that nobody watched. Rows as in journal::ErrorMinute.
//
// Threading: one thread at a time.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "journal/journal.h"
#include "model/image.h"
#include "model/report.h"
#include "model/state.h"
#include "model/window.h"
#include "rules/change/judge_change.h"

namespace aftershock::app {

inline constexpr PortKey kObserved{};

// What the rated error counters of each port did between two sweeps.
class ErrorCounting {
 public:
  // The rows of all planes that were swept anew since the call before; none for a plane's first sweep.
  std::vector<journal::ErrorMinute> Count(const Report& report, WallTime now);

 private:
  struct Reading {
    std::uint64_t errors = 0;
    std::uint32_t resets = 0;
  };
  struct PlaneReadings {
    std::uint32_t sweep = 0;
    std::unordered_map<PortKey, Reading, PortKeyHash> ports;
  };
  void CountPlane(const FabricSnapshot& snapshot, PlaneReadings& readings, WallTime minute,
                  std::vector<journal::ErrorMinute>& rows) const;

  std::map<std::string, PlaneReadings> planes_;
};

// The minutes before each window's opening and after its closing; what is between is the work itself.
class ErrorHistory {
 public:
  // Reads what is new in the journal, at most once a minute. Errors: of the journal.
  Result<void> Update(journal::Journal& journal, std::span<const Window> windows, const Image& image,
                      WallTime now, SteadyTime at);
  // Of the ports in scope of windows that are verifying or soaking, and of those across their cables.
  const std::vector<rules::ErroredMinutes>& errors() const { return errors_; }

 private:
  struct Tally {
    std::uint32_t errored = 0, unusable = 0;
  };
  using Tallies = std::unordered_map<PortKey, Tally, PortKeyHash>;
  struct History {
    Tallies before, after;
    WallTime next{};  // the first minute that `after` lacks
  };
  Result<History*> HistoryOf(journal::Journal& journal, const Window& window, WallTime now);
  static void Add(const std::vector<journal::ErrorMinute>& rows, Tallies& into);
  void Tell(const Window& window, const History& history, const Image& image);

  std::map<std::int64_t, History> windows_;
  std::vector<rules::ErroredMinutes> errors_;
  std::set<PortKey> told_;  // the ports of errors_
  std::optional<SteadyTime> updated_;
};

}  // namespace aftershock::app

// Moves a window on: (Window, facts) -> Window. And what has to hold before one may be opened.
//
// Pure functions, thread-safe. Progress is counted in watched time: `elapsed` of a step, measured on the
// monotonic clock by a monitor whose looks were fresh throughout.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/finding.h"
#include "model/image.h"
#include "model/plan.h"
#include "model/settings.h"
#include "model/window.h"

namespace aftershock::rules {

// One reason for the soak's length, as methods of detection need it.
struct SoakReason {
  Duration needed{};
  std::string because;  // "neighbour entries of Linux hosts age within minutes, and nobody probes by ARP"
};
// What is known of the fabric that decides how long a latent fault can take to show.
struct SoakFacts {
  bool ipoib = false;                             // hosts with IPoIB are in scope, or nobody can say
  bool active_probes = false;                     // a broadcast ARP over every leg
  std::optional<double> slowest_bits_per_second;  // of the links in scope
};
// Every mechanism that applies, the longest first; never empty.
std::vector<SoakReason> SoakReasons(const SoakFacts& facts);
// SM takeover, two sweeps, the back-off of joins.
inline constexpr Duration kDefaultVerify = std::chrono::minutes(3);

// What a subject of the command line means on what was last seen: "switch:sw2", "host:node7",
// "link:0x…/7", "pair:core", "fabric". Errors: kInvalid; an ambiguous name lists the candidates.
Result<ScopeItem> ResolveSubject(std::string_view text, const Image& image);
// The same on what is seen now; what is down just now is known from `before`, where there is one.
Result<ScopeItem> ResolveSubject(std::string_view text, const Image& now, const Image* before);

struct Preflight {
  std::vector<std::string> critical;  // refuses with 2
  std::vector<std::string> unknown;   // refuses with 3
  std::vector<std::string> mend;      // what to do about it, in the same order: critical, then unknown
  std::vector<std::string> stands;    // warnings in scope: they refuse nothing, and do not count later
  int ExitCode() const;               // 0, 2 or 3
};
struct PreflightFacts {
  std::span<const Finding> findings;  // that stand
  std::optional<WallTime> snapshot;   // the last complete one; none: there is none
  bool baseline = false;
  std::string baseline_lacks;     // why there is none: "baseline is 4 min old, needs 10 min"
  const Image* image = nullptr;   // of the baseline
  const Image* latest = nullptr;  // of the last complete snapshot
  const Plan* plan = nullptr;     // for what is expected to go; nullptr: nothing, or not known
  bool plan_wanted = false;
  std::span<const Window> windows;  // that have not ended
  WallTime now{};
  std::string this_host;            // whose interfaces `findings` name; empty: any machine's
  std::vector<std::string> silent;  // hosts in scope that do not report, as clauses
};
// A snapshot has to be younger than this, and so has what the baseline was made of.
inline constexpr Duration kFreshEnough = std::chrono::minutes(5);
Preflight CheckPreflight(const Window& window, const PreflightFacts& facts);

struct WindowFacts {
  std::vector<Finding> findings;  // that stand, attributed (rules/windows/explain.h)
  const Image* now = nullptr;
  const Image* baseline = nullptr;
  bool complete = false;             // everything in scope was seen in this step
  std::vector<std::string> missing;  // in scope and not seen, as clauses
  std::vector<std::string> awaited;  // what else it waits for, as clauses
  Duration elapsed{};                // watched since the step before
  std::uint32_t sweeps_since_close = 0;
  WallTime at{};
  std::string this_host;  // whose interfaces `findings` name; empty: any machine's
};
// One step of a window that has not ended. Appends to its transitions whatever it did.
Window Advance(Window window, const WindowFacts& facts, const Settings& settings);

// What a request asks is done, or refused with the reason. Asked again after it was done, as after a monitor
// that ended before it had answered, it changes nothing and is not refused.
struct Answered {
  Window window;
  std::optional<std::string> refused;
};
Answered Apply(Window window, const Request& request, WallTime now);

}  // namespace aftershock::rules

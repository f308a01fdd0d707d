// What changed against the baseline: (ChangeState, ChangeFacts, Context) -> (ChangeState, Findings).
//
// Pure: no clock, file, socket or database. The state is plain data that the caller keeps and may save.
// Without a baseline nothing is compared: one finding, baseline-missing, says how old the candidate is and
// how old it has to be.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/image.h"
#include "model/settings.h"
#include "model/window.h"
#include "rules/judge.h"

namespace aftershock::rules {

// The errors of a port, counted in minutes (JournalErrorMinute), before and after a change.
struct ErroredMinutes {
  PortKey port;
  std::string name;                                      // "sw2 port 7"
  std::uint32_t errored_before = 0, minutes_before = 0;  // minutes in which it was usable
  std::uint32_t errored_after = 0, minutes_after = 0;
  std::uint32_t unusable_after = 0;  // unread, saturated or cleared
  WallTime change{};                 // that separates before from after
};

// An event seen since a window opened: of the verbs, of netlink, of the SM.
struct ChangeEvent {
  WallTime at{};
  Subject subject;
  std::string what;  // "PORT_ERR", "SM_CHANGE"
};

struct ChangeFacts {
  const Image* now = nullptr;       // never null in use
  const Image* baseline = nullptr;  // nullptr: there is none
  bool complete = false;            // `now` shows everything that is watched
  bool critical = false;            // a critical finding with weight stands
  SteadyTime at{};
  std::span<const Window> windows;    // all that have not ended, and those that ended in the last day
  std::span<const Finding> findings;  // of the other rules
  std::span<const ErroredMinutes> errors;
  std::span<const ChangeEvent> events;
  bool knows_windows = true;  // false: a host monitor without windows.source; nothing is unannounced to it
  // Until when it is known what is announced; what began later may have been announced since. None: now.
  std::optional<WallTime> windows_as_of;
  std::string this_host;  // hostname of the one whose interfaces `findings` name; empty: none
};

// Since when a difference stands, and the candidate for the next baseline.
struct ChangeState {
  std::map<std::string, WallTime> since;  // by Key(finding)
  // For how long of it somebody watched, on the monotonic clock; by Key(finding).
  std::map<std::string, Duration> stood_for;
  std::optional<WallTime> stable_since;  // complete, without critical findings, and the same
  std::optional<Duration> stable_for;    // of that, on the monotonic clock
  std::optional<SteadyTime> last;        // not saved
  std::string stable_hash;               // of what has to stay the same
  // What a window took down and was seen back after its closing: "w12 switch:0x…".
  std::set<std::string> restored;
  std::set<std::string> moved;  // planes whose routes may differ from the baseline's: what they lead to moved
  std::set<std::string> taken;  // what an open window has taken down: "w12 switch:0x…"
};

struct ChangeJudgement {
  ChangeState state;
  std::vector<Finding> findings;  // with `since`; explained ones carry `window` and `explained`
  // The image is fit to be the baseline: complete, without critical findings, and stable long enough.
  bool fit = false;
};

// Findings of other rules that weigh less, or more, against a baseline: a credit loop that it had already is
// a warning, and a missing standby that it had is one, too.
void WeighAgainstBaseline(std::vector<Finding>& findings, std::span<const PlaneReport> planes,
                          const Image* baseline);

ChangeJudgement JudgeChange(ChangeState state, const ChangeFacts& facts, const Context& context);

}  // namespace aftershock::rules

// A change window: a maintenance change as a thing of its own, with the state before it, what it may touch,
// what it is expected to do, and the watch that stays on after it.
//
//   planned -> open -> verifying -> soaking -> passed
//      |         |         |           |
//      +---------+---------+-----------+-----> failed, cancelled
//
// Plain data, kept by journal/. Only a monitor moves a window on (rules/windows); commands append requests.
// Progress of verifying and soaking is counted in time that was watched, measured on the monotonic clock: a
// gap in the watch, or a wall clock that jumps, shortens no soak.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"

namespace aftershock {

enum class WindowState : std::uint8_t { kPlanned, kOpen, kVerifying, kSoaking, kPassed, kFailed, kCancelled };
std::string_view ToString(WindowState state);  // "planned", "open", …
std::optional<WindowState> ParseWindowState(std::string_view text);
// Passed, failed or cancelled: it moves no more.
constexpr bool Ended(WindowState s) {
  return s == WindowState::kPassed || s == WindowState::kFailed || s == WindowState::kCancelled;
}

// A subject as it was written ("switch:sw2", "host:node7", "link:0x…/7", "pair:core", "fabric") and what it
// was found to mean when the window was opened.
struct ScopeItem {
  std::string text;
  Subject subject;
  std::string name;  // of the node, for people
  friend bool operator==(const ScopeItem&, const ScopeItem&) = default;
};

// "down:switch:sw2": the subject is expected to go, and to be back when the window closes.
struct Expectation {
  ScopeItem down;
  bool watched = false;                // somebody looked whether it goes
  std::uint32_t times = 0;             // it was seen to go
  std::optional<WallTime> went, back;  // when it was first seen gone, and last seen to be back
  friend bool operator==(const Expectation&, const Expectation&) = default;
};

struct Transition {
  WindowState from = WindowState::kPlanned, to = WindowState::kPlanned;
  WallTime at{};
  std::string by;   // who asked: "root@mgmt1 (pid 4711)", or "monitor"
  std::string why;  // one clause
  friend bool operator==(const Transition&, const Transition&) = default;
};

// A finding that speaks against a window.
struct WindowFinding {
  std::string key;  // "rule subject"
  std::string summary;
  Severity severity = Severity::kCritical;
  bool unknown = false;
  WallTime since{};
  double score = 0;     // how well its place and time fit the window, 0 to 1
  std::string because;  // why it is attributed to it, one clause
  friend bool operator==(const WindowFinding&, const WindowFinding&) = default;
};

// A finding that was seen in the scope of a window that is not over.
struct WindowSeen {
  std::string key;      // "rule subject"
  std::string summary;  // as it was first told; of what stood before, as it was last told
  Severity first = Severity::kNote, worst = Severity::kNote;
  WallTime since{};
  std::optional<WallTime> until;  // none: it stands
  friend bool operator==(const WindowSeen&, const WindowSeen&) = default;
};

struct Window {
  std::int64_t id = 0;  // given by the journal
  std::string title;
  std::vector<ScopeItem> scope;
  std::vector<Expectation> expect;
  bool hands_off = false;
  std::string asked_by;
  WallTime asked{};
  std::optional<std::string> despite;  // the reason to open it although the preflight refused
  WindowState state = WindowState::kPlanned;
  std::optional<WallTime> opened, closed, ended;
  Duration verify{}, soak{};             // how long each has to last
  std::string soak_because;              // what makes the soak so long
  Duration watched{};                    // of the present state (verifying or soaking) so far
  std::optional<std::int64_t> baseline;  // the snapshot it is compared with
  std::vector<Transition> transitions;   // oldest first
  std::vector<WindowFinding> findings;   // that failed it, or stand against it now
  std::vector<WindowSeen> changes;       // attributed to it, what it explains among them; oldest first
  std::vector<WindowSeen> stood;         // in its scope since before it was opened
  std::vector<std::string> awaited;      // what verifying or soaking still waits for, as clauses
  std::vector<std::string> missing;      // what nobody could see, as clauses: it is UNKNOWN
  friend bool operator==(const Window&, const Window&) = default;
};

// "w12"
std::string WindowName(std::int64_t id);
// "w12" or "12"; none: it is no such name (perhaps a title, which only those who have the windows can look
// up).
std::optional<std::int64_t> ParseWindowName(std::string_view text);

enum class RequestKind : std::uint8_t { kOpen, kClose, kCancel, kExtend, kAccept };
std::string_view ToString(RequestKind kind);  // "open", "close", …

// What a command asks of the monitor. Appended to the journal, never changed; the monitor notes its answer.
struct Request {
  std::int64_t id = 0;
  RequestKind kind = RequestKind::kOpen;
  std::int64_t window = 0;  // kOpen: the planned window it opens; kAccept: 0
  std::string by;
  WallTime at{};
  std::string reason;                  // kAccept, kCancel
  std::string subject;                 // kAccept: what is accepted; empty: everything
  std::optional<Duration> soak;        // kExtend: the new length
  std::optional<std::string> refused;  // the monitor's answer, once `answered`
  bool answered = false;
  friend bool operator==(const Request&, const Request&) = default;
};

}  // namespace aftershock

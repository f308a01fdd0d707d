// What the gate answers of a window: go, hold, no-go or unknown, and why.
//
// Pure, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "model/window.h"

namespace aftershock::app {

enum class Gate : std::uint8_t { kGo, kHold, kNoGo, kUnknown };  // the exit code is their number
std::string_view ToString(Gate gate);                            // "passed", "hold", "failed", "unknown"
constexpr int ExitCode(Gate gate) {
  return static_cast<int>(gate);
}

// What is known beside the window itself.
struct GateFacts {
  WallTime now{};
  std::optional<std::string> nobody;  // why no monitor is taken to be alive
  std::vector<std::string> missing;   // hosts in scope of which nothing is known, as clauses
  std::vector<std::string> against;   // what hosts in scope found since the window was opened
  std::vector<std::string> awaited;   // what of it has to go, or to be accepted
};

struct GateAnswer {
  Gate gate = Gate::kUnknown;
  std::string headline;                // one line
  std::vector<std::string> because;    // findings that failed it, or stand against it
  std::vector<std::string> awaited;    // kHold
  std::vector<std::string> missing;    // kUnknown
  std::vector<std::string> changed;    // what was seen in its scope and time
  std::vector<std::string> expected;   // what became of what it expects
  std::vector<std::string> stood;      // in scope, from before it was opened
  std::optional<WallTime> not_before;  // kHold: the earliest moment it can pass
  bool final = false;                  // waiting changes nothing
};

GateAnswer JudgeGate(const Window& window, const GateFacts& facts);
// Of a journal or window that could not be read.
GateAnswer GateUnknown(std::string why, bool final);

std::string ToText(const GateAnswer& answer);
// {schema, window, verdict, exit_code, because, awaited, missing, expected, changed, stood, not_before,
// state}
nlohmann::json ToJson(const GateAnswer& answer, const Window* window);

}  // namespace aftershock::app

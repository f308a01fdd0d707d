// What became of a question to the fabric.
#pragma once

#include <cstdint>
#include <string_view>

namespace aftershock {

enum class Answer : std::uint8_t {
  kNotAsked,  // nothing to ask, or not this time (rotation): the value, if any, is an earlier sweep's
  kAnswered,
  kUnsupported,  // the device says it does not know the attribute or the port: not applicable, no verdict
  kTimeout,      // no answer after all tries
  kError,        // another status, or an answer that made no sense
  kUnreachable,  // could not be asked: no valid LID, or the sweep's deadline came first
};
std::string_view ToString(Answer answer);
// The question mattered and has no answer: what it would have told is unknown.
constexpr bool Missing(Answer a) {
  return a == Answer::kTimeout || a == Answer::kError || a == Answer::kUnreachable;
}

}  // namespace aftershock

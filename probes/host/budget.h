// When a port may ask the SM or the SA one kind of question: once a minute at most, at the port's own moment
// of that minute, less often while there is no answer.
//
// A minute has one moment per port and kind, chosen by a hash of the port GUID, so that the questions of many
// hosts are spread evenly. The first question of a process may go at once; later ones go at the first look
// after the moment, never less than a minute after the last. A time-out doubles the distance, up to eight
// minutes, shortened by up to a quarter, which is the jitter. After an SM change the distance is a minute
// again, and what would go outside of the port's moment (a first question, one after a time-out) waits for
// it: all hosts of a subnet notice such a change at once.
//
// Pure: the same GUID and the same calls give the same moments. Threading: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "model/ids.h"

namespace aftershock::host {

enum class QuestionKind : std::uint8_t { kUplink, kSm, kMembership, kPath };

inline constexpr Duration kBudgetPeriod = std::chrono::minutes(1);

// The port's moment, from the beginning of a period.
Duration MomentOf(Guid port, QuestionKind kind);
// How long to wait after the `failures`-th time-out in a row, 1 being the first.
Duration BackoffDelay(Guid port, QuestionKind kind, unsigned failures);

class Schedule {
 public:
  Schedule(Guid port, QuestionKind kind) : port_(port), kind_(kind) {}

  bool Due(SteadyTime now) const { return now >= not_before_; }
  // It is held back because the SM changed.
  bool Held() const { return held_; }
  // The last question had no answer.
  bool Failing() const { return failures_ != 0; }

  void Asked(SteadyTime now);
  // What became of it.
  void Answered() { failures_ = 0; }
  void TimedOut();
  void SmChanged(SteadyTime now);

 private:
  // The first moment at or after `from`.
  SteadyTime Moment(SteadyTime from) const;

  Guid port_;
  QuestionKind kind_;
  SteadyTime not_before_ = SteadyTime::min();
  std::optional<SteadyTime> moment_;  // that the next question is of
  std::optional<SteadyTime> asked_;
  unsigned failures_ = 0;
  bool held_ = false;
};

}  // namespace aftershock::host

#include "probes/host/budget.h"

#include <algorithm>

namespace aftershock::host {
namespace {

constexpr unsigned kMostDoublings = 3;  // to eight minutes

// The finaliser of SplitMix64: every bit of the input moves about half of the output's.
std::uint64_t Hash(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

// [0, 1). GUIDs of one delivery differ in their last bits only: they go through the hash alone, first.
double Fraction(Guid port, QuestionKind kind, unsigned number) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  const std::uint64_t salt = (static_cast<std::uint64_t>(kind) << 32 | number) + 1;
  return static_cast<double>(Hash(Hash(static_cast<std::uint64_t>(port) + kOdd) + salt * kOdd) >> 11) *
         0x1p-53;
}

Duration Part(Duration of, double fraction) {
  return Duration(static_cast<Duration::rep>(static_cast<double>(of.count()) * fraction));
}

}  // namespace

Duration MomentOf(Guid port, QuestionKind kind) {
  return Part(kBudgetPeriod, Fraction(port, kind, 0));
}

Duration BackoffDelay(Guid port, QuestionKind kind, unsigned failures) {
  const Duration longest = kBudgetPeriod * (1u << std::min(failures, kMostDoublings));
  return longest - Part(longest / 4, Fraction(port, kind, failures));
}

SteadyTime Schedule::Moment(SteadyTime from) const {
  const Duration past = (from.time_since_epoch() - MomentOf(port_, kind_)) % kBudgetPeriod;
  if (past == Duration::zero()) return from;
  return from + (past < Duration::zero() ? -past : kBudgetPeriod - past);
}

// Looks come some time after the moment. Up to half a period the next question follows at the same distance
// to its own moment; beyond, a moment is left out. A question that was not of a moment (the first one, one
// after a time-out) says nothing about where the next belongs.
void Schedule::Asked(SteadyTime now) {
  const SteadyTime earliest = now + kBudgetPeriod;
  moment_ = Moment(moment_ && now - *moment_ <= kBudgetPeriod / 2 ? *moment_ + kBudgetPeriod : earliest);
  not_before_ = std::max(earliest, *moment_);
  asked_ = now;
  held_ = false;
}

void Schedule::TimedOut() {
  ++failures_;
  if (!asked_) return;
  moment_.reset();
  not_before_ = *asked_ + BackoffDelay(port_, kind_, failures_);
}

// A question that is of a moment keeps it: shifting those that are due, and wait for a look, would heap them
// up at the end of the minute.
void Schedule::SmChanged(SteadyTime now) {
  failures_ = 0;
  if (moment_ && now <= *moment_ + kBudgetPeriod) return;
  held_ = true;
  moment_ = Moment(now);
  not_before_ = asked_ ? std::max(*moment_, *asked_ + kBudgetPeriod) : *moment_;
}

}  // namespace aftershock::host

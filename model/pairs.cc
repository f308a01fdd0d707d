#include "model/pairs.h"

#include <algorithm>

#include "model/pair_state.h"

namespace aftershock {

std::string_view ToString(MemberState state) {
  switch (state) {
    case MemberState::kUnknown:
      return "unknown";
    case MemberState::kLive:
      return "live";
    case MemberState::kIntermittent:
      return "intermittent";
    case MemberState::kDead:
      return "dead";
  }
  return "unknown";
}

std::string_view ToString(Mishap mishap) {
  switch (mishap) {
    case Mishap::kDied:
      return "died";
    case Mishap::kRestarted:
      return "restarted";
    case Mishap::kFaltered:
      return "became intermittent";
    case Mishap::kErred:
      return "began to err";
  }
  return "died";
}

std::uint32_t PairReport::Count(MemberState state) const {
  return static_cast<std::uint32_t>(std::ranges::count(members, state, &MemberReport::state));
}

std::optional<std::uint32_t> PairReport::Live() const {
  if (Count(MemberState::kUnknown) != 0) return std::nullopt;
  return Count(MemberState::kLive);
}

}  // namespace aftershock

// A journal in a folder of its own, and things to put into it.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "journal/journal.h"

namespace aftershock::journal {

class StillClock final : public Clock {
 public:
  WallTime Wall() const override { return now; }
  SteadyTime Steady() const override { return SteadyTime(now.time_since_epoch()); }
  WallTime now{std::chrono::hours(24 * 365 * 41)};
};

struct Bed {
  Bed();
  ~Bed();
  Bed(const Bed&) = delete;
  Bed& operator=(const Bed&) = delete;

  // REQUIRES: it can be opened
  Journal Open(Access access) const;
  Errc ErrorOf(Access access) const;

  std::filesystem::path folder;
  std::string file;
  StillClock clock;
};

std::string Bytes(const std::string& file);
void WriteBytes(const std::string& file, const std::string& bytes);

// One switch and `hosts` hosts; number `variant` has other LIDs.
Image SomeImage(WallTime taken, unsigned hosts = 3, unsigned variant = 0);
Window SomeWindow(WallTime asked, std::string title = "exclude sw2");
Finding SomeFinding(std::string rule, std::uint64_t guid = 1);

// The value, or the error as the test's message.
template <typename T>
T Value(Result<T> result) {
  INFO((result ? std::string() : result.error().what));
  REQUIRE(result);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace aftershock::journal

#include "base/clock.h"

#include <catch2/catch.hpp>

namespace aftershock {
namespace {

using std::chrono::milliseconds;

std::string At(std::int64_t ms) {
  return FormatTime(WallTime(milliseconds(ms)));
}

}  // namespace

TEST_CASE("A time is RFC 3339 in UTC with milliseconds", "[base][unit]") {
  CHECK(At(0) == "1970-01-01T00:00:00.000Z");
  CHECK(At(1300067966535) == "2011-03-14T01:59:26.535Z");
  CHECK(At(951782400007) == "2000-02-29T00:00:00.007Z");
}

TEST_CASE("A time before 1970 keeps its milliseconds positive", "[base][unit]") {
  CHECK(At(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(At(-86400000) == "1969-12-31T00:00:00.000Z");
}

TEST_CASE("A time that 64-bit nanoseconds cannot hold is still that time", "[base][unit]") {
  CHECK(At(253402300799999) == "9999-12-31T23:59:59.999Z");
  CHECK(At(32503680000000) == "3000-01-01T00:00:00.000Z");
}

TEST_CASE("Seconds keep their fraction", "[base][unit]") {
  CHECK(ToSeconds(milliseconds(1500)) == Approx(1.5));
  CHECK(ToUnixSeconds(WallTime(milliseconds(1300067966535))) == Approx(1300067966.535).epsilon(1e-12));
}

TEST_CASE("The machine's monotonic clock does not go backwards", "[base][unit]") {
  const SystemClock clock;
  const SteadyTime first = clock.Steady();
  CHECK(clock.Steady() >= first);
}

TEST_CASE("The machine's wall clock is the system's, in milliseconds", "[base][unit]") {
  using std::chrono::system_clock;
  const SystemClock clock;
  const auto before = std::chrono::floor<milliseconds>(system_clock::now());
  const WallTime now = clock.Wall();
  CHECK(now >= before);
  CHECK(now <= system_clock::now());
}

}  // namespace aftershock

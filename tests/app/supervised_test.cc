#include "app/supervised.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace aftershock::app;
using namespace std::chrono_literals;

TEST_CASE("A child's exit code is the supervisor's", "[app][unit]") {
  const int code = GENERATE(0, 1, 3, 64);
  CHECK(RunSupervised(60s, [code] { return code; }) == code);
}

TEST_CASE("Work that does not come to its end is given up", "[app][unit]") {
  const auto work = [] {
    for (;;) ::pause();
    return 0;
  };
  CHECK_FALSE(RunSupervised(20ms, work));
}

TEST_CASE("Work that crashes or throws has no answer", "[app][unit]") {
  CHECK_FALSE(RunSupervised(60s, [] { return std::_Exit(0), 0; }));
  CHECK_FALSE(RunSupervised(60s, []() -> int { throw std::runtime_error("unexpected"); }));
}

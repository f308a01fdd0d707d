#include "app/supervised.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <stdexcept>

using namespace aftershock::app;
using namespace std::chrono_literals;

TEST_CASE("A child's exit code is the supervisor's, claimed or not", "[app][unit]") {
  const int code = GENERATE(0, 1, 3, 64);
  CHECK(RunSupervised(60s, [code](const auto&) { return code; }) == code);
  CHECK(RunSupervised(60s, [code](const auto& claim) { return claim(), code; }) == code);
}

TEST_CASE("Work that does not come to its end is given up", "[app][unit]") {
  const auto work = [](const auto&) {
    for (;;) ::pause();
    return 0;
  };
  CHECK_FALSE(RunSupervised(20ms, work));
}

TEST_CASE("A claimed answer is the only one, even where it is cut off", "[app][unit]") {
  const auto work = [](const auto& claim) {
    claim();
    std::_Exit(0);
    return 0;
  };
  CHECK(RunSupervised(60s, work) == 3);
}

TEST_CASE("Work that crashes or throws has no answer", "[app][unit]") {
  CHECK_FALSE(RunSupervised(60s, [](const auto&) { return std::_Exit(0), 0; }));
  CHECK_FALSE(RunSupervised(60s, [](const auto&) -> int { throw std::runtime_error("unexpected"); }));
}

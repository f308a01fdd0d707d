#include "probes/fleet/ask_all.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <latch>
#include <vector>

using namespace aftershock;
using namespace std::chrono_literals;

namespace {

SteadyTime Later() {
  return std::chrono::steady_clock::now() + 1h;
}

}  // namespace

TEST_CASE("Each is asked once", "[fleet]") {
  std::vector<std::atomic<int>> asked(1000);
  CHECK(fleet::AskAll(asked.size(), 8, Later(), {}, [&](std::size_t i) { ++asked[i]; }) == asked.size());
  for (const auto& times : asked) CHECK(times == 1);
  CHECK(fleet::AskAll(0, 8, Later(), {}, [](std::size_t) { FAIL("there is none"); }) == 0);
}

TEST_CASE("As many are asked at once as may be, and no more", "[fleet]") {
  constexpr std::size_t kParallel = 4;
  std::latch all_there(kParallel);  // none goes on before that many are underway
  std::atomic<std::size_t> underway{0}, most{0};
  fleet::AskAll(kParallel, kParallel, Later(), {}, [&](std::size_t) {
    most = std::max<std::size_t>(most, ++underway);
    all_there.arrive_and_wait();
    --underway;
  });
  CHECK(most <= kParallel);
  std::atomic<std::size_t> alone{0};
  fleet::AskAll(20, 1, Later(), {}, [&](std::size_t) {
    CHECK(++alone == 1);
    --alone;
  });
}

TEST_CASE("None is asked after the deadline, or after it was stopped", "[fleet]") {
  const auto never = [](std::size_t) { FAIL("it is over"); };
  CHECK(fleet::AskAll(10, 4, std::chrono::steady_clock::now(), {}, never) == 0);
  std::stop_source stop;
  std::size_t asked = 0;
  CHECK(fleet::AskAll(10, 1, Later(), stop.get_token(), [&](std::size_t) {
          ++asked;
          stop.request_stop();
        }) == 1);
  CHECK(asked == 1);
}

#include "app/window_text.h"

#include <catch2/catch.hpp>

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

constexpr WallTime kOpened{1'000'000s};

Window Closed() {
  Window window;
  window.state = WindowState::kSoaking;
  window.opened = kOpened;
  window.closed = kOpened + 60s;
  return window;
}

Expectation Down(std::uint32_t times, std::optional<WallTime> back) {
  Expectation expectation{{"switch:sw2", {}, "sw2"}};
  expectation.watched = true;
  expectation.times = times;
  if (times > 0) expectation.went = kOpened + 1s;
  expectation.back = back;
  return expectation;
}

}  // namespace

TEST_CASE("A window tells how often what it expects was gone, and whether it is back",
          "[app][window][unit]") {
  Window window = Closed();
  window.expect = {Down(0, {}), Down(1, kOpened + 9s), Down(3, {})};
  CHECK(ExpectedLines(window) ==
        Lines{"down:switch:sw2 was not seen to go",
              "down:switch:sw2 was gone at 1970-01-12T13:46:41.000Z, and back at 1970-01-12T13:46:49.000Z",
              "down:switch:sw2 was gone 3 times, first at 1970-01-12T13:46:41.000Z, and is not back"});
}

TEST_CASE("What nobody looked at is not told as not gone", "[app][window][unit]") {
  Window window = Closed();
  window.expect = {Expectation{{"pair:core", {}, {}}}};
  CHECK(ExpectedLines(window) == Lines{"down:pair:core"});
}

TEST_CASE("What changed and what stood is told with its weight and its time, and no note of what stood",
          "[app][window][unit]") {
  Window window = Closed();
  window.changes = {{"switch-lost switch:1", "sw2 is gone", Severity::kCritical, Severity::kCritical,
                     kOpened + 1s, kOpened + 9s}};
  window.stood = {
      {"link-errors link:1/2", "it errs", Severity::kWarning, Severity::kWarning, kOpened - 1s, {}},
      {"counter-reset link:1/2", "cleared", Severity::kNote, Severity::kNote, kOpened - 1s, {}}};
  CHECK(ChangedLines(window) ==
        Lines{"switch-lost switch:1 [critical]: sw2 is gone (1970-01-12T13:46:41.000Z "
              "to 1970-01-12T13:46:49.000Z)"});
  CHECK(StoodLines(window) ==
        Lines{"link-errors link:1/2 [warning]: it errs (since 1970-01-12T13:46:39.000Z; it "
              "stood before the window was opened)"});
  window.state = WindowState::kPassed;
  CHECK(StoodLines(window)[0].find(", and when it ended") != std::string::npos);
}

#include "probes/mad/window.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

namespace aftershock::mad {
namespace {

std::vector<std::uint64_t> Fill(Window& window) {
  std::vector<std::uint64_t> tickets;
  while (window.Open()) tickets.push_back(window.Sent());
  return tickets;
}

void AnswerAll(Window& window) {
  while (window.in_flight() > 0) window.Answered();
}

}  // namespace

TEST_CASE("A window lets as many through as its limit", "[mad][unit]") {
  Window window(16);
  CHECK(Fill(window).size() == 16);
  window.Answered();
  CHECK(window.Open());
}

TEST_CASE("The time-outs of one round trip halve the window once", "[mad][unit]") {
  Window window(16);
  for (const auto ticket : Fill(window)) window.TimedOut(ticket);
  CHECK(window.size() == 8);
}

TEST_CASE("Time-outs of further round trips stop at a quarter of the limit", "[mad][unit]") {
  Window window(16);
  for (int trip = 0; trip < 10; ++trip) {
    for (const auto ticket : Fill(window)) window.TimedOut(ticket);
  }
  CHECK(window.size() == 4);
}

TEST_CASE("A window grows by one per window of answers, and not beyond its limit", "[mad][unit]") {
  Window window(8);
  window.TimedOut(window.Sent());
  REQUIRE(window.size() == 4);
  for (std::uint32_t size = 4; size < 8; ++size) {
    Fill(window);
    AnswerAll(window);
    CHECK(window.size() == size + 1);
  }
  Fill(window);
  AnswerAll(window);
  CHECK(window.size() == 8);
}

TEST_CASE("A window of one or none always lets one through", "[mad][unit]") {
  for (const std::uint32_t limit : {0u, 1u}) {
    Window window(limit);
    window.TimedOut(window.Sent());
    CHECK(Fill(window).size() == 1);
  }
}

}  // namespace aftershock::mad

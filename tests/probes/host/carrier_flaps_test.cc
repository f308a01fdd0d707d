#include "probes/host/carrier_flaps.h"

#include <catch2/catch.hpp>

namespace aftershock::host {
namespace {

constexpr Carrier Up(std::uint32_t changes) {
  return {true, true, changes};
}
constexpr Carrier Down(std::uint32_t changes) {
  return {true, false, changes};
}
constexpr Carrier Disabled(bool carrier, std::uint32_t changes) {
  return {false, carrier, changes};
}

TEST_CASE("Changes that were told as one are counted out", "[host][carrier]") {
  CHECK(CompareCarrier(Up(4), Up(4)).transitions == 0);
  CHECK(CompareCarrier(Up(4), Down(5)).transitions == 1);
  CHECK(CompareCarrier(Up(4), Up(6)).transitions == 2);
  CHECK(CompareCarrier(Up(4), Down(405)).transitions == 401);
  CHECK(CompareCarrier(Up(0xffffffff), Up(1)).transitions == 2);
}

TEST_CASE("A change that is told before it is counted is told once", "[host][carrier]") {
  const auto early = CompareCarrier(Up(4), Down(4));
  CHECK(early.transitions == 1);
  CHECK(CompareCarrier(early.now, Down(5)).transitions == 0);
  CHECK(CompareCarrier(early.now, Up(6)).transitions == 1);
}

TEST_CASE("A change that is counted before it is told is told once", "[host][carrier]") {
  const auto early = CompareCarrier(Up(4), Up(5));
  CHECK(early.transitions == 1);
  CHECK_FALSE(early.now.up);
  CHECK(CompareCarrier(early.now, Down(5)).transitions == 0);
}

TEST_CASE("A message read twice before it was counted changes nothing", "[host][carrier]") {
  const auto early = CompareCarrier(Up(4), Down(4));
  const auto again = CompareCarrier(early.now, Down(4));
  CHECK(again.transitions == 0);
  CHECK(CompareCarrier(again.now, Down(5)).transitions == 0);
}

TEST_CASE("A counter that began anew is not counted out", "[host][carrier]") {
  CHECK(CompareCarrier(Up(400), Down(1)).transitions == 1);
  CHECK(CompareCarrier(Up(400), Up(2)).transitions == 0);
  CHECK(CompareCarrier(Up(0), Up(1'000'000)).transitions == 0);
  CHECK(CompareCarrier(CompareCarrier(Up(400), Up(2)).now, Down(3)).transitions == 1);
}

TEST_CASE("Without a counter, only what differs is told", "[host][carrier]") {
  CHECK(CompareCarrier({true, true, std::nullopt}, Down(5)).transitions == 1);
  CHECK(CompareCarrier(Up(5), {true, true, std::nullopt}).transitions == 0);
}

TEST_CASE("What the driver did while a link was down is not told", "[host][carrier]") {
  CHECK(CompareCarrier(Disabled(false, 0), Up(2)).transitions == 1);
  CHECK(CompareCarrier(Disabled(false, 0), Down(1)).transitions == 0);
}

TEST_CASE("Taking a link down takes its carrier, counted by the driver or not", "[host][carrier]") {
  CHECK(CompareCarrier(Up(2), Disabled(false, 2)).transitions == 1);
  CHECK(CompareCarrier(Up(2), Disabled(false, 3)).transitions == 1);
  const auto flapped = CompareCarrier(Up(2), Disabled(false, 4));
  CHECK(flapped.transitions == 3);
  CHECK_FALSE(flapped.now.up);
}

}  // namespace
}  // namespace aftershock::host

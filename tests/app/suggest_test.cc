#include "app/suggest.h"

#include <array>
#include <catch2/catch.hpp>

using namespace aftershock::app;

namespace {
constexpr std::array<std::string_view, 3> kWords{"interval", "deadline", "smp_in_flight"};
}

TEST_CASE("A slip is told what was meant", "[app][suggest][unit]") {
  CHECK(DidYouMean("intervall", kWords) == "; did you mean \"interval\"?");
  CHECK(DidYouMean("dealine", kWords) == "; did you mean \"deadline\"?");
  CHECK(DidYouMean("smp", kWords) == "; did you mean \"smp_in_flight\"?");
}

TEST_CASE("Another word is told nothing", "[app][suggest][unit]") {
  CHECK(DidYouMean("colour", kWords).empty());
  CHECK(DidYouMean("", kWords).empty());
  CHECK(DidYouMean(std::string(100000, 'a'), kWords).empty());
  CHECK(DidYouMean("interval", {}).empty());
}

#include "model/window.h"

#include <catch2/catch.hpp>

using namespace aftershock;

TEST_CASE("A window's name is read back, with and without its letter", "[model][unit]") {
  CHECK(WindowName(12) == "w12");
  CHECK(ParseWindowName("w12") == 12);
  CHECK(ParseWindowName("12") == 12);
  for (const char* text : {"", "w", "w0", "w-1", "12 ", "W12", "99999999999999999999", "exclude sw2"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseWindowName(text));
  }
}

TEST_CASE("Each state has a name of its own, that is read back", "[model][unit]") {
  for (int code = 0; code <= static_cast<int>(WindowState::kCancelled); ++code) {
    const auto state = static_cast<WindowState>(code);
    CHECK(ParseWindowState(ToString(state)) == state);
  }
  CHECK_FALSE(ParseWindowState("shut"));
}

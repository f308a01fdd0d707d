#include "app/times.h"

#include <catch2/catch.hpp>

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;

TEST_CASE("A duration has a unit and is read exactly", "[app][times][unit]") {
  CHECK(ParseDuration("10s") == Duration(10s));
  CHECK(ParseDuration("200ms") == Duration(200ms));
  CHECK(ParseDuration("5min") == Duration(5min));
  CHECK(ParseDuration("1h") == Duration(1h));
  CHECK(ParseDuration("0.5s") == Duration(500ms));
  CHECK(ParseDuration("1h30min") == Duration(90min));
  CHECK(ParseDuration("1h1s500ms") == Duration(3601500ms));
  CHECK(ParseDuration("0") == Duration(0s));
}

TEST_CASE("What is not a duration is none", "[app][times][unit]") {
  const std::string text =
      GENERATE("", "s", "10", "10 s", " 10s", "10s ", "-1s", "+1s", "1e3s", "nans", "infs", "10m", "10S",
               "0x10s", "30min1h", "1h1h", "1h30", "1h 30min", "99999999999999999999h", "..5s", "9e999s");
  CAPTURE(text);
  CHECK_FALSE(ParseDuration(text));
}

TEST_CASE("A duration is written the way it is read", "[app][times][unit]") {
  const std::string text =
      GENERATE("0s", "1ms", "1s500ms", "10s", "90s", "5min", "90min", "24h", "24h3min", "720h", "1h1ms");
  CHECK(FormatDuration(*ParseDuration(text)) == text);
}

TEST_CASE("A time is a day or RFC 3339", "[app][times][unit]") {
  CHECK(FormatTime(*ParseTime("2026-12-31")) == "2026-12-31T00:00:00.000Z");
  CHECK(FormatTime(*ParseTime("2026-12-31T18:00:00Z")) == "2026-12-31T18:00:00.000Z");
  CHECK(FormatTime(*ParseTime("2026-12-31T18:00:00.123456Z")) == "2026-12-31T18:00:00.123Z");
  CHECK(FormatTime(*ParseTime("2026-12-31T18:00:00+02:00")) == "2026-12-31T16:00:00.000Z");
  CHECK(FormatTime(*ParseTime("2026-12-31T18:00:00-02:30")) == "2026-12-31T20:30:00.000Z");
}

TEST_CASE("What is not a time is none", "[app][times][unit]") {
  const std::string text =
      GENERATE("", "tomorrow", "2026", "2026-13-01", "2026-02-29", "2026-12-31T", "2026-12-31T18:00",
               "2026-12-31T18:00:00", "2026-12-31T24:00:00Z", "2026-12-31T18:60:00Z", "2026-12-31T18:00:00.Z",
               "2026-12-31T18:00:00Zx", "26-12-31", "2026-12-31 18:00:00Z", "2026-12-31T18:00:00+0200");
  CAPTURE(text);
  CHECK_FALSE(ParseTime(text));
}

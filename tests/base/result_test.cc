#include "base/result.h"

#include <array>
#include <catch2/catch.hpp>
#include <set>

namespace aftershock {

TEST_CASE("A failure carries its code and what a person can do", "[base][unit]") {
  const Result<int> result = Fail(Errc::kDenied, "/dev/infiniband/umad0 may not be opened");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::kDenied);
  CHECK(result.error().what == "/dev/infiniband/umad0 may not be opened");
}

TEST_CASE("Every error code has a word of its own", "[base][unit]") {
  constexpr std::array kCodes{Errc::kAbsent,      Errc::kDenied,  Errc::kTimeout, Errc::kMalformed,
                              Errc::kUnsupported, Errc::kInvalid, Errc::kInternal};
  std::set<std::string_view> words;
  for (const Errc code : kCodes) words.insert(ToString(code));
  CHECK(words.size() == kCodes.size());
  CHECK(ToString(Errc::kAbsent) == "absent");
}

}  // namespace aftershock

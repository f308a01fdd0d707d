#include "model/ids.h"

#include <catch2/catch.hpp>

namespace aftershock {

TEST_CASE("A GUID is written with 16 digits", "[model][unit]") {
  CHECK(ToString(Guid{0x0002c90300f00001}) == "0x0002c90300f00001");
  CHECK(ToString(Guid{}) == "0x0000000000000000");
  CHECK(ToString(PortKey{Guid{0xf00001}, 7}) == "0x0000000000f00001/7");
}

TEST_CASE("A GUID is read with and without its prefix, in either case", "[model][unit]") {
  CHECK(ParseGuid("0x0002c90300f00001") == Guid{0x0002c90300f00001});
  CHECK(ParseGuid("0002C90300F00001") == Guid{0x0002c90300f00001});
  CHECK(ParseGuid("0Xf") == Guid{15});
  CHECK(ParseGuid("ffffffffffffffff") == Guid{0xffffffffffffffff});
}

TEST_CASE("What is not wholly a GUID is not a GUID", "[model][unit]") {
  const auto* const text = GENERATE("", "0x", "0x0x1", "-1", "+1", " 1", "1 ", "12g", "0002:c903:00f0:0001",
                                    "00002c90300f000011", "0x00002c90300f00001");
  CAPTURE(text);
  CHECK_FALSE(ParseGuid(text).has_value());
}

TEST_CASE("Every GUID that is written is read back", "[model][unit]") {
  const Guid guid{GENERATE(take(100, random<std::uint64_t>(0, ~std::uint64_t{0})))};
  CHECK(ParseGuid(ToString(guid)) == guid);
}

TEST_CASE("Only LIDs from 1 to 0xbfff address a port", "[model][unit]") {
  CHECK_FALSE(IsUnicast(Lid{0}));
  CHECK(IsUnicast(Lid{1}));
  CHECK(IsUnicast(Lid{0xbfff}));
  CHECK_FALSE(IsUnicast(Lid{0xc000}));
  CHECK_FALSE(IsUnicast(Lid{0xffff}));
}

TEST_CASE("Ports are ordered by node, then number", "[model][unit]") {
  CHECK(PortKey{Guid{1}, 9} < PortKey{Guid{2}, 1});
  CHECK(PortKey{Guid{1}, 1} < PortKey{Guid{1}, 2});
}

}  // namespace aftershock

#include "model/ipoib.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

namespace aftershock {

TEST_CASE("A GID is written in full and read back", "[model][unit]") {
  const Gid gid{0xfe80000000000000, 0x0002c90300f00001};
  CHECK(ToString(gid) == "fe80:0000:0000:0000:0002:c903:00f0:0001");
  CHECK(ParseGid(ToString(gid)) == gid);
  CHECK(ParseGid("fe80:0:0:0:2:C903:f0:1") == gid);
}

TEST_CASE("What is not eight groups of hexadecimal digits is no GID", "[model][hostile]") {
  const std::string text = GENERATE("", ":", "fe80::1", ":::::::", "1:2:3:4:5:6:7",
                                    "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8:9",
                                    "1:2:3:4:5:6:7:00008", "1:2:3:4:5:6:7:g", "1:2:3:4:5:6:7:-1",
                                    "1:2:3:4:5:6:7:0x1", "1:2:3:4:5:6:7:8\n", " 1:2:3:4:5:6:7:8");
  CAPTURE(text);
  CHECK_FALSE(ParseGid(text));
}

TEST_CASE("The 20 octets of an address are flags, queue pair and GID", "[model][unit]") {
  std::vector<std::uint8_t> octets(kIpoibAddressSize);
  std::iota(octets.begin(), octets.end(), std::uint8_t{0x80});
  const auto address = IpoibAddress::From(octets);
  REQUIRE(address);
  CHECK(address->flags == 0x80);
  CHECK(address->qpn == 0x818283);
  CHECK(address->gid == Gid{0x8485868788898a8b, 0x8c8d8e8f90919293});
  CHECK(std::ranges::equal(address->Octets(), octets));
  CHECK(ToString(*address) == "80:81:82:83:84:85:86:87:88:89:8a:8b:8c:8d:8e:8f:90:91:92:93");
}

TEST_CASE("An address of any other length is none", "[model][hostile]") {
  const std::size_t size = GENERATE(std::size_t{0}, 6, 19, 21, 32);
  CHECK_FALSE(IpoibAddress::From(std::vector<std::uint8_t>(size)));
}

TEST_CASE("A P_Key's broadcast group has the membership bit set", "[model][unit]") {
  CHECK(ToString(BroadcastGroup(0xffff)) == "ff12:401b:ffff:0000:0000:0000:ffff:ffff");
  CHECK(ToString(BroadcastGroup(0x8001)) == "ff12:401b:8001:0000:0000:0000:ffff:ffff");
  CHECK(BroadcastGroup(0x0001) == BroadcastGroup(0x8001));
}

TEST_CASE("A rate's code is not its order", "[model][unit]") {
  const auto [code, gbps] = GENERATE(table<int, double>({{2, 2.5},
                                                         {3, 10},
                                                         {4, 30},
                                                         {5, 5},
                                                         {7, 40},
                                                         {10, 120},
                                                         {12, 56},
                                                         {16, 100},
                                                         {19, 28},
                                                         {20, 50},
                                                         {22, 600}}));
  CAPTURE(code);
  CHECK(RateGbps(static_cast<std::uint8_t>(code)) == gbps);
}

TEST_CASE("A rate nobody has defined is 0", "[model][unit]") {
  const int code = GENERATE(0, 1, 25, 63, 255);
  CHECK(RateGbps(static_cast<std::uint8_t>(code)) == 0);
}

}  // namespace aftershock

#include "probes/host/probe_target.h"

#include <catch2/catch.hpp>

namespace aftershock::host {
namespace {

constexpr Gid kGroup{0xff12401bffff0000, 0xffffffff};
constexpr IpoibAddress kSomewhere{.flags = 0x80, .qpn = 0x48, .gid = {0xfe80000000000000, 0x11}};

HostSnapshot WithBond() {
  HostSnapshot seen;
  for (const int index : {3, 4}) {
    IpoibLink link;
    link.index = index;
    link.name = index == 3 ? "ib0" : "ib1";
    link.master = 7;
    link.mtu = 2044;
    link.broadcast_group = kGroup;
    seen.links.push_back(link);
  }
  Bond bond;
  bond.index = 7;
  bond.name = "bond0";
  bond.mtu = 65520;
  bond.legs = {{.index = 3, .name = "ib0"}, {.index = 4, .name = "ib1"}};
  seen.bonds.push_back(bond);
  return seen;
}

TEST_CASE("A bond is probed over each of its legs, at its own MTU", "[host][probes]") {
  const auto resolved = Resolve({.peer = "10.1.0.2", .interface = "bond0"}, WithBond());
  REQUIRE(resolved.has_value());
  CHECK(resolved->ip == 0x0a010002);
  CHECK(resolved->mtu == 65520);
  REQUIRE(resolved->legs.size() == 2);
  CHECK(resolved->legs[1].index == 4);
  CHECK(resolved->legs[1].name == "ib1");
  CHECK(resolved->legs[1].group == kGroup);
}

TEST_CASE("A link is probed alone", "[host][probes]") {
  const auto resolved = Resolve({.peer = "10.1.0.2", .interface = "ib1"}, WithBond());
  REQUIRE(resolved.has_value());
  CHECK(resolved->mtu == 2044);
  REQUIRE(resolved->legs.size() == 1);
  CHECK(resolved->legs[0].name == "ib1");
}

TEST_CASE("The kernel's address of the peer is that of the leg's table or of the bond's", "[host][probes]") {
  HostSnapshot seen = WithBond();
  seen.neighbours.push_back(
      {.link = 7, .interface = "bond0", .ip = "10.1.0.2", .state = kNudStale, .address = kSomewhere});
  auto resolved = Resolve({.peer = "10.1.0.2", .interface = "bond0"}, seen);
  REQUIRE(resolved->legs[0].neighbour.has_value());
  CHECK(resolved->legs[0].neighbour->Ipoib() == kSomewhere);
  seen.neighbours[0].state = kNudFailed;
  resolved = Resolve({.peer = "10.1.0.2", .interface = "bond0"}, seen);
  CHECK_FALSE(resolved->legs[0].neighbour.has_value());
}

TEST_CASE("A peer is one IPv4 station", "[host][probes]") {
  for (const char* odd : {"", "10.1.0", "10.1.0.2.3", "fe80::1", "peer", "0.0.0.0", "224.0.0.1",
                          "255.255.255.255", "010.1.0.2 ", "10.1.0.2/24"}) {
    CAPTURE(odd);
    const auto resolved = Resolve({.peer = odd, .interface = "ib0"}, WithBond());
    REQUIRE_FALSE(resolved.has_value());
    CHECK(resolved.error().code == Errc::kInvalid);
  }
  CHECK(FormatIpv4(*ParseStation("10.1.0.2")) == "10.1.0.2");
}

TEST_CASE("An interface that is not there is absent", "[host][probes]") {
  CHECK(Resolve({.peer = "10.1.0.2", .interface = "ib9"}, WithBond()).error().code == Errc::kAbsent);
}

}  // namespace
}  // namespace aftershock::host

#include "probes/host/interface_table.h"

#include <catch2/catch.hpp>

namespace aftershock::host {
namespace {

constexpr std::uint16_t kInfiniBand = 32;

LinkMessage Link(int index, std::string name, int master = 0) {
  LinkMessage message;
  message.hardware = kInfiniBand;
  message.link.index = index;
  message.link.name = std::move(name);
  message.link.master = master;
  return message;
}

LinkMessage BondOver(int index, int active_leg) {
  LinkMessage message = Link(index, "bond" + std::to_string(index));
  message.kind = "bond";
  message.bond = Bond{.index = index, .name = message.link.name, .active_leg = active_leg, .legs = {}};
  return message;
}

Neighbour Entry(int link) {
  Neighbour neighbour;
  neighbour.link = link;
  neighbour.ip = "10.1.0.2";
  return neighbour;
}

TEST_CASE("A bond has the legs that name it as their master, by index", "[host][interfaces]") {
  LinkMessage leg = Link(2, "ib0", 7);
  leg.leg = BondLeg{.index = 2, .name = "ib0", .active = true, .failures = 4};
  const std::vector messages{BondOver(7, 2), Link(3, "ib1", 7), leg};
  const Interfaces all = MakeInterfaces(messages, kInfiniBand, {}, {});
  REQUIRE(all.links.size() == 2);
  CHECK(all.links.front().name == "ib0");
  REQUIRE(all.bonds.size() == 1);
  REQUIRE(all.bonds.front().legs.size() == 2);
  CHECK(all.bonds.front().legs[0].failures == 4u);
  CHECK(all.bonds.front().legs[1].name == "ib1");
}

TEST_CASE("Where legs do not tell their state, the bond's active leg is active", "[host][interfaces]") {
  const std::vector messages{Link(2, "ib0", 7), Link(3, "ib1", 7), BondOver(7, 3)};
  const Interfaces all = MakeInterfaces(messages, kInfiniBand, {}, {});
  REQUIRE(all.bonds.size() == 1);
  CHECK_FALSE(all.bonds.front().legs[0].active);
  CHECK(all.bonds.front().legs[1].active);
  CHECK_FALSE(all.bonds.front().legs[1].mii_status);
}

TEST_CASE("Bonds over other links, and links of other types, are left out", "[host][interfaces]") {
  LinkMessage ethernet = Link(2, "eth0", 7);
  ethernet.hardware = 1;
  const Interfaces all = MakeInterfaces(std::vector{ethernet, BondOver(7, 2)}, kInfiniBand, {}, {});
  CHECK(all.links.empty());
  CHECK(all.bonds.empty());
}

TEST_CASE("Neighbours are those of links and bonds, with the interface's name", "[host][interfaces]") {
  const std::vector messages{Link(2, "ib0", 7), BondOver(7, 2), BondOver(8, 0)};
  const std::vector neighbours{Entry(7), Entry(8), Entry(99), Entry(2)};
  const Interfaces all = MakeInterfaces(messages, kInfiniBand, {}, neighbours);
  REQUIRE(all.neighbours);
  REQUIRE(all.neighbours->size() == 2);
  CHECK(all.neighbours->at(0).interface == "bond7");
  CHECK(all.neighbours->at(1).interface == "ib0");
}

TEST_CASE("Why there are no neighbours is passed on", "[host][interfaces]") {
  const Interfaces all =
      MakeInterfaces(std::vector{Link(2, "ib0")}, kInfiniBand, {}, Fail(Errc::kDenied, "no"));
  REQUIRE_FALSE(all.neighbours);
  CHECK(all.neighbours.error().code == Errc::kDenied);
}

TEST_CASE("A backlog belongs to its link, and one that was not told is not known", "[host][interfaces]") {
  const std::vector messages{Link(2, "ib0"), Link(3, "ib1")};
  const Interfaces all = MakeInterfaces(messages, kInfiniBand, {{2, {5, 700}}}, {});
  REQUIRE(all.links.front().backlog);
  CHECK(all.links.front().backlog->packets == 5);
  CHECK_FALSE(all.links.back().backlog);
}

}  // namespace
}  // namespace aftershock::host

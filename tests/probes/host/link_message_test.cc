#include "probes/host/link_message.h"

#include <linux/if_link.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>

#include "netlink_build.h"
#include "recorded_messages.h"

namespace aftershock::host {
namespace {

constexpr std::array<std::uint8_t, 20> kAddress{0x80, 0, 0, 0x48, 0xfe, 0x80, 0, 0, 0, 0,
                                                0,    0, 0, 2,    0xc9, 3,    0, 0, 0, 1};

Build Named(const ifinfomsg& header, std::string_view name = "ib0") {
  return Build(header).Text(IFLA_IFNAME, name);
}

Build Info(std::string_view kind, const Build& data) {
  return Build().Text(IFLA_INFO_KIND, kind).Nest(IFLA_INFO_DATA, data);
}

LinkMessage Parsed(Bytes payload) {
  const auto message = ParseLinkMessage(payload);
  REQUIRE(message);
  return *message;
}

TEST_CASE("A recorded standby leg tells all that its bond and IPoIB know of it", "[host][link]") {
  const LinkMessage message = Parsed(PayloadOf(recorded::kStandbyLeg));
  const IpoibLink& link = message.link;
  CHECK(message.hardware == 32);
  CHECK(message.kind == "ipoib");
  CHECK(link.name == "ib0");
  CHECK(link.master == 7);
  CHECK(link.parent == 0);
  CHECK(link.p_key == 0xffff);
  CHECK(link.mode == IpoibMode::kDatagram);
  CHECK(link.umcast == false);
  CHECK(link.mtu == 1500);
  CHECK(link.carrier);
  CHECK(link.carrier_changes == 4u);
  CHECK(link.oper_state == OperState::kUp);
  REQUIRE(link.address);
  CHECK(link.address->gid == Gid{0xfe80000000000000, 0x0002c90300f00001});
  CHECK(link.broadcast_group == BroadcastGroup(0xffff));
  REQUIRE(link.statistics);
  CHECK(link.statistics->tx_packets > 0);
  REQUIRE(message.leg);
  CHECK_FALSE(message.leg->active);
  CHECK(message.leg->mii_status == MiiStatus::kUp);
  CHECK(message.leg->failures == 1u);
}

TEST_CASE("A recorded bond tells its settings and its active leg", "[host][link]") {
  const LinkMessage message = Parsed(PayloadOf(recorded::kBond));
  CHECK_FALSE(message.IsLink());
  REQUIRE(message.bond);
  CHECK(message.bond->name == "bond0");
  CHECK(message.bond->mode == kBondActiveBackup);
  CHECK(message.bond->miimon == 100u);
  CHECK(message.bond->updelay == 200u);
  CHECK(message.bond->downdelay == 0u);
  CHECK(message.bond->arp_interval == 0u);
  CHECK(message.bond->fail_over_mac == 1);
  CHECK(message.bond->active_leg == 3);
  CHECK(message.bond->carrier);
}

TEST_CASE("A recorded child tells its parent and its P_Key", "[host][link]") {
  const LinkMessage message = Parsed(PayloadOf(recorded::kChild));
  CHECK(message.link.name == "ib2.8001");
  CHECK(message.link.parent == 4);
  CHECK(message.link.p_key == 0x8001);
  CHECK(message.link.broadcast_group == BroadcastGroup(0x8001));
  CHECK(message.link.Up());
  CHECK_FALSE(message.link.carrier);
  CHECK(message.link.oper_state == OperState::kLowerLayerDown);
}

TEST_CASE("A recorded message cut off anywhere is no message, or one without what was cut", "[host][link]") {
  const auto text = GENERATE(recorded::kStandbyLeg, recorded::kBond, recorded::kChild);
  const auto payload = PayloadOf(text);
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const std::vector<std::uint8_t> cut(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size));
    const auto message = ParseLinkMessage(cut);
    if (message) CHECK(message->link.index > 0);
  }
}

TEST_CASE("A message of a bridge's port is not about the interface", "[host][link]") {
  ifinfomsg header = LinkHeader(2);
  header.ifi_family = AF_BRIDGE;
  CHECK_FALSE(ParseLinkMessage(Named(header)));
}

TEST_CASE("An interface without index or name is none", "[host][link]") {
  CHECK_FALSE(ParseLinkMessage(Named(LinkHeader(0))));
  CHECK_FALSE(ParseLinkMessage(Named(LinkHeader(-1))));
  CHECK_FALSE(ParseLinkMessage(Named(LinkHeader(2), "")));
  CHECK_FALSE(ParseLinkMessage(Named(LinkHeader(2), "sixteen_letters_")));
  CHECK_FALSE(ParseLinkMessage(Build(LinkHeader(2))));
}

TEST_CASE("A hostile name is made printable", "[host][link]") {
  CHECK(Parsed(Named(LinkHeader(2), "ib\x1b[31m\xff")).link.name == "ib\\x1b[31m\\xff");
}

TEST_CASE("An address is believed only with twenty octets", "[host][link]") {
  const auto size = GENERATE(as<std::size_t>{}, 0, 6, 19, 21);
  const std::vector<std::uint8_t> octets(size);
  const auto build = Named(LinkHeader(2)).Octets(IFLA_ADDRESS, octets).Octets(IFLA_BROADCAST, octets);
  const LinkMessage message = Parsed(build);
  CHECK_FALSE(message.link.address);
  CHECK_FALSE(message.link.broadcast_group);
  CHECK_FALSE(message.link.p_key);
  CHECK(Parsed(Named(LinkHeader(2)).Octets(IFLA_ADDRESS, kAddress)).link.address->qpn == 0x48);
}

TEST_CASE("Values of the wrong length leave only themselves out", "[host][link]") {
  const auto build = Named(LinkHeader(2))
                         .Number<std::uint16_t>(IFLA_MTU, 2044)
                         .Number<std::uint64_t>(IFLA_MASTER, 7)
                         .Number<std::uint32_t>(IFLA_OPERSTATE, 6)
                         .Number<std::uint8_t>(IFLA_CARRIER_CHANGES, 3)
                         .Number<std::uint32_t>(IFLA_LINK, 4);
  const IpoibLink link = Parsed(build).link;
  CHECK(link.mtu == 0);
  CHECK(link.master == 0);
  CHECK(link.oper_state == OperState::kUnknown);
  CHECK_FALSE(link.carrier_changes);
  CHECK(link.parent == 4);
}

TEST_CASE("IPoIB's values are believed only in their range and length", "[host][link]") {
  const auto odd = Build()
                       .Number<std::uint16_t>(IFLA_IPOIB_MODE, 2)
                       .Number<std::uint8_t>(IFLA_IPOIB_PKEY, 1)
                       .Number<std::uint32_t>(IFLA_IPOIB_UMCAST, 1);
  const IpoibLink link = Parsed(Named(LinkHeader(2)).Nest(IFLA_LINKINFO, Info("ipoib", odd))).link;
  CHECK_FALSE(link.mode);
  CHECK_FALSE(link.p_key);
  CHECK_FALSE(link.umcast);
}

TEST_CASE("Another driver's values are not taken for IPoIB's", "[host][link]") {
  const auto data = Build().Number<std::uint16_t>(IFLA_IPOIB_PKEY, 0x8001);
  const LinkMessage message = Parsed(Named(LinkHeader(2)).Nest(IFLA_LINKINFO, Info("macvlan", data)));
  CHECK_FALSE(message.link.p_key);
}

TEST_CASE("Without a word from IPoIB, the P_Key is the broadcast group's", "[host][link]") {
  const auto group = IpoibAddress{0, 0xffffff, BroadcastGroup(0x8005)}.Octets();
  CHECK(Parsed(Named(LinkHeader(2)).Octets(IFLA_BROADCAST, group)).link.p_key == 0x8005);
  CHECK_FALSE(Parsed(Named(LinkHeader(2)).Octets(IFLA_BROADCAST, kAddress)).link.p_key);
}

TEST_CASE("A parent in another namespace, or the link itself, is no parent", "[host][link]") {
  CHECK(Parsed(Named(LinkHeader(2)).Number<std::int32_t>(IFLA_LINK, 2)).link.parent == 0);
  CHECK(Parsed(Named(LinkHeader(2)).Number<std::int32_t>(IFLA_LINK, -3)).link.parent == 0);
  const auto foreign =
      Named(LinkHeader(2)).Number<std::int32_t>(IFLA_LINK, 4).Number<std::int32_t>(IFLA_LINK_NETNSID, 0);
  CHECK(Parsed(foreign).link.parent == 0);
}

TEST_CASE("Statistics are the wide ones, else the narrow ones, else none", "[host][link]") {
  const std::array<std::uint64_t, 8> wide{1, 2, 3, 4, 5, 6, 7, 1ull << 40};
  const std::array<std::uint32_t, 8> narrow{11, 12, 13, 14, 15, 16, 17, 18};
  const auto both = Named(LinkHeader(2)).Number(IFLA_STATS, narrow).Number(IFLA_STATS64, wide);
  CHECK(Parsed(both).link.statistics->tx_dropped == 1ull << 40);
  const auto old = Named(LinkHeader(2)).Number(IFLA_STATS, narrow).Number(IFLA_STATS64, wide[0]);
  CHECK(Parsed(old).link.statistics->tx_packets == 12);
  CHECK_FALSE(Parsed(Named(LinkHeader(2)).Number(IFLA_STATS, wide[0])).link.statistics);
}

TEST_CASE("A bond's settings that are missing or of a wrong length are not known", "[host][link]") {
  const auto data =
      Build().Number<std::uint32_t>(IFLA_BOND_MODE, 1).Number<std::uint8_t>(IFLA_BOND_MIIMON, 1);
  const LinkMessage message = Parsed(Named(LinkHeader(2)).Nest(IFLA_LINKINFO, Info("bond", data)));
  REQUIRE(message.bond);
  CHECK_FALSE(message.bond->mode);
  CHECK_FALSE(message.bond->miimon);
  CHECK_FALSE(message.bond->fail_over_mac);
  CHECK(message.bond->active_leg == 0);
}

TEST_CASE("An unknown MII status is not known", "[host][link]") {
  const auto data = Build().Number<std::uint8_t>(IFLA_BOND_SLAVE_MII_STATUS, 4);
  const auto info = Build().Text(IFLA_INFO_SLAVE_KIND, "bond").Nest(IFLA_INFO_SLAVE_DATA, data);
  const LinkMessage message = Parsed(Named(LinkHeader(2)).Nest(IFLA_LINKINFO, info));
  REQUIRE(message.leg);
  CHECK_FALSE(message.leg->mii_status);
  CHECK_FALSE(message.leg->active);
  CHECK_FALSE(message.leg->failures);
}

TEST_CASE("A message that names another namespace tells of a move", "[host][link]") {
  CHECK(Parsed(Named(LinkHeader(2)).Number<std::int32_t>(IFLA_NEW_NETNSID, 0)).moved);
  CHECK_FALSE(Parsed(Named(LinkHeader(2))).moved);
}

}  // namespace
}  // namespace aftershock::host

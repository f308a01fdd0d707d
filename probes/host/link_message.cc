#include "probes/host/link_message.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "base/printable.h"

namespace aftershock::host {
namespace {

constexpr std::size_t kKindLength = 63;  // longer than any of the kernel's

template <typename T>
LinkStatistics From(const T& statistics) {
  return {.rx_packets = statistics.rx_packets,
          .tx_packets = statistics.tx_packets,
          .rx_bytes = statistics.rx_bytes,
          .tx_bytes = statistics.tx_bytes,
          .rx_errors = statistics.rx_errors,
          .tx_errors = statistics.tx_errors,
          .rx_dropped = statistics.rx_dropped,
          .tx_dropped = statistics.tx_dropped};
}

// As far as they have always been: later kernels appended to both structures.
struct Statistics64 {
  std::uint64_t rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped;
};
struct Statistics32 {
  std::uint32_t rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped;
};

std::optional<LinkStatistics> ParseStatistics(const Attributes& attributes) {
  if (const auto wide = attributes.Structure<Statistics64>(IFLA_STATS64)) return From(*wide);
  if (const auto narrow = attributes.Structure<Statistics32>(IFLA_STATS)) return From(*narrow);
  return std::nullopt;
}

OperState ParseOperState(const Attributes& attributes) {
  const auto state = attributes.Number<std::uint8_t>(IFLA_OPERSTATE);
  return state && *state <= static_cast<std::uint8_t>(OperState::kUp) ? static_cast<OperState>(*state)
                                                                      : OperState::kUnknown;
}

int ParseIndex(const Attributes& attributes, std::uint16_t type) {
  const auto index = attributes.Number<std::int32_t>(type);
  return index && *index > 0 ? *index : 0;
}

std::optional<IpoibAddress> ParseAddress(const Attributes& attributes, std::uint16_t type) {
  const auto octets = attributes.Find(type);
  return octets ? IpoibAddress::From(*octets) : std::nullopt;
}

// The P_Key in the MGID of a broadcast group; for kernels that do not tell it by itself. RFC 4391 4.
std::optional<std::uint16_t> PKeyOf(const Gid& group) {
  constexpr std::uint64_t kMulticast = 0xff00, kIpv4Signature = 0x401b;
  if ((group.prefix >> 48 & kMulticast) != kMulticast) return std::nullopt;
  if ((group.prefix >> 32 & 0xffff) != kIpv4Signature) return std::nullopt;
  return static_cast<std::uint16_t>(group.prefix >> 16);
}

void ParseIpoib(const Attributes& data, IpoibLink& link) {
  link.p_key = data.Number<std::uint16_t>(IFLA_IPOIB_PKEY);
  const auto mode = data.Number<std::uint16_t>(IFLA_IPOIB_MODE);
  if (mode == IPOIB_MODE_DATAGRAM) link.mode = IpoibMode::kDatagram;
  if (mode == IPOIB_MODE_CONNECTED) link.mode = IpoibMode::kConnected;
  const auto umcast = data.Number<std::uint16_t>(IFLA_IPOIB_UMCAST);
  if (umcast) link.umcast = *umcast != 0;
}

Bond ParseBond(const Attributes& data, const IpoibLink& link) {
  return {.index = link.index,
          .name = link.name,
          .mode = data.Number<std::uint8_t>(IFLA_BOND_MODE),
          .miimon = data.Number<std::uint32_t>(IFLA_BOND_MIIMON),
          .arp_interval = data.Number<std::uint32_t>(IFLA_BOND_ARP_INTERVAL),
          .updelay = data.Number<std::uint32_t>(IFLA_BOND_UPDELAY),
          .downdelay = data.Number<std::uint32_t>(IFLA_BOND_DOWNDELAY),
          .fail_over_mac = data.Number<std::uint8_t>(IFLA_BOND_FAIL_OVER_MAC),
          .active_leg = ParseIndex(data, IFLA_BOND_ACTIVE_SLAVE),
          .mtu = link.mtu,
          .flags = link.flags,
          .carrier = link.carrier,
          .legs = {}};
}

BondLeg ParseLeg(const Attributes& data, const IpoibLink& link) {
  constexpr std::uint8_t kActive = 0;  // BOND_STATE_ACTIVE
  BondLeg leg{.index = link.index, .name = link.name};
  leg.active = data.Number<std::uint8_t>(IFLA_BOND_SLAVE_STATE) == kActive;
  const auto mii = data.Number<std::uint8_t>(IFLA_BOND_SLAVE_MII_STATUS);
  if (mii && *mii <= static_cast<std::uint8_t>(MiiStatus::kGoingBack)) {
    leg.mii_status = static_cast<MiiStatus>(*mii);
  }
  leg.failures = data.Number<std::uint32_t>(IFLA_BOND_SLAVE_LINK_FAILURE_COUNT);
  return leg;
}

void ParseLink(const Attributes& attributes, IpoibLink& link) {
  // An index of another namespace says nothing in this one.
  if (!attributes.Find(IFLA_LINK_NETNSID)) link.parent = ParseIndex(attributes, IFLA_LINK);
  if (link.parent == link.index) link.parent = 0;
  link.master = ParseIndex(attributes, IFLA_MASTER);
  link.mtu = attributes.Number<std::uint32_t>(IFLA_MTU).value_or(0);
  link.oper_state = ParseOperState(attributes);
  // IFLA_CARRIER is the same while the link is up, and true for one that was never up since it was made.
  link.carrier = (link.flags & kFlagLowerUp) != 0;
  link.carrier_changes = attributes.Number<std::uint32_t>(IFLA_CARRIER_CHANGES);
  link.address = ParseAddress(attributes, IFLA_ADDRESS);
  if (const auto broadcast = ParseAddress(attributes, IFLA_BROADCAST)) link.broadcast_group = broadcast->gid;
  link.statistics = ParseStatistics(attributes);
}

}  // namespace

std::optional<LinkMessage> ParseLinkMessage(Bytes payload) {
  const auto header = Front<ifinfomsg>(payload);
  if (!header || header->ifi_family != AF_UNSPEC || header->ifi_index <= 0) return std::nullopt;
  const Attributes attributes = Attributes::Behind(payload, sizeof(ifinfomsg));
  const std::string name = attributes.Text(IFLA_IFNAME, IFNAMSIZ - 1);
  if (attributes.broken() || name.empty()) return std::nullopt;

  LinkMessage message;
  message.hardware = header->ifi_type;
  message.moved = attributes.Number<std::int32_t>(IFLA_NEW_NETNSID).has_value();
  IpoibLink& link = message.link;
  link.index = header->ifi_index;
  link.name = Printable(name);
  link.flags = header->ifi_flags;
  ParseLink(attributes, link);

  const Attributes info = attributes.Nested(IFLA_LINKINFO);
  message.kind = info.Text(IFLA_INFO_KIND, kKindLength);
  if (message.kind == "ipoib") ParseIpoib(info.Nested(IFLA_INFO_DATA), link);
  if (!link.p_key && link.broadcast_group) link.p_key = PKeyOf(*link.broadcast_group);
  if (message.kind == "bond") message.bond = ParseBond(info.Nested(IFLA_INFO_DATA), link);
  if (info.Text(IFLA_INFO_SLAVE_KIND, kKindLength) == "bond") {
    message.leg = ParseLeg(info.Nested(IFLA_INFO_SLAVE_DATA), link);
  }
  return message;
}

}  // namespace aftershock::host

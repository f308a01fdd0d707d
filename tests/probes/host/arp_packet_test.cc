#include "probes/host/arp_packet.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <numeric>

namespace aftershock::host {
namespace {

constexpr std::uint32_t kPeer = 0x0a010002;  // 10.1.0.2

LinkAddress Station(std::size_t size, std::uint8_t first) {
  std::vector<std::uint8_t> octets(size);
  std::iota(octets.begin(), octets.end(), first);
  return LinkAddress(octets);
}

// What a station that has the address says to a probe.
std::vector<std::uint8_t> ReplyTo(const std::vector<std::uint8_t>& probe, const LinkAddress& station) {
  const std::size_t size = station.Octets().size();
  std::vector<std::uint8_t> reply = probe;
  reply[7] = 2;
  const auto sender = reply.begin() + 8;
  const auto target = sender + static_cast<std::ptrdiff_t>(size + 4);
  std::copy(sender, target, target);  // whoever asked is the target now
  std::ranges::copy(station.Octets(), sender);
  std::copy(probe.end() - 4, probe.end(), target - 4);  // the address that was asked for
  return reply;
}

TEST_CASE("A probe carries no protocol address of its sender", "[host][arp]") {
  const auto [type, size] = GENERATE(std::pair<std::uint16_t, std::size_t>{kEthernet, 6},
                                     std::pair<std::uint16_t, std::size_t>{kInfiniBand, 20});
  const auto probe = EncodeArpProbe(type, Station(size, 1), kPeer);
  CHECK(probe.size() == 8 + 2 * (size + 4));
  const auto packet = DecodeArp(probe);
  REQUIRE(packet.has_value());
  CHECK(packet->hardware_type == type);
  CHECK_FALSE(packet->reply);
  CHECK(packet->sender_ip == 0);
  CHECK(packet->target_ip == kPeer);
  CHECK(packet->sender.IsSameStation(Station(size, 1)));
}

TEST_CASE("A reply answers the probe of its peer by this station, and no other", "[host][arp]") {
  const LinkAddress own = Station(20, 1), other = Station(20, 90);
  const auto reply = DecodeArp(ReplyTo(EncodeArpProbe(kInfiniBand, own, kPeer), other));
  REQUIRE(reply.has_value());
  CHECK(Answers(*reply, kPeer, own));
  CHECK_FALSE(Answers(*reply, kPeer + 1, own));
  CHECK_FALSE(Answers(*reply, kPeer, other));
  ArpPacket to_somebody = *reply;
  to_somebody.target_ip = kPeer + 1;
  CHECK_FALSE(Answers(to_somebody, kPeer, own));
  ArpPacket request = *reply;
  request.reply = false;
  CHECK_FALSE(Answers(request, kPeer, own));
}

TEST_CASE("The flags of an IPoIB address do not make another station", "[host][arp]") {
  auto octets = IpoibAddress{.flags = 0x80, .qpn = 0x48, .gid = {1, 2}}.Octets();
  const LinkAddress with(octets);
  octets[0] = 0;
  CHECK(with.IsSameStation(LinkAddress(octets)));
  octets[1] = 1;
  CHECK_FALSE(with.IsSameStation(LinkAddress(octets)));
  CHECK_FALSE(with.IsSameStation(Station(6, 0x80)));
}

TEST_CASE("What is too short is no ARP packet, what is too long is padded", "[host][arp]") {
  auto probe = EncodeArpProbe(kInfiniBand, Station(20, 1), kPeer);
  for (std::size_t size = 0; size < probe.size(); ++size) {
    CHECK_FALSE(DecodeArp(std::span(probe).first(size)).has_value());
  }
  probe.resize(200);
  CHECK(DecodeArp(probe).has_value());
}

TEST_CASE("Sizes, types and operations that do not fit are no ARP packet", "[host][arp]") {
  for (const std::size_t at : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
    auto probe = EncodeArpProbe(kEthernet, Station(6, 1), kPeer);
    probe[at] ^= 0x40;
    CAPTURE(at);
    CHECK_FALSE(DecodeArp(probe).has_value());
  }
}

TEST_CASE("Any octets are a packet of a known type, or none", "[host][arp]") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& octets) {
    const auto packet = DecodeArp(octets);
    RC_ASSERT(!packet || packet->hardware_type == kEthernet || packet->hardware_type == kInfiniBand);
  }));
}

}  // namespace
}  // namespace aftershock::host

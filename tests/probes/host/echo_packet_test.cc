#include "probes/host/echo_packet.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

namespace aftershock::host {
namespace {

constexpr EchoRequest kRequest{.id = 7, .sequence = 9, .token = 0x1122334455667788};

TEST_CASE("An echo has the size that was asked for, and a checksum that holds", "[host][echo]") {
  const std::size_t size = GENERATE(16u, 17u, 2024u, 65500u);
  const auto echo = EncodeEcho(kRequest, size);
  REQUIRE(echo.size() == size);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += std::uint64_t{echo[i]} << (i % 2 == 0 ? 8 : 0);
  CHECK(sum % 0xffff == 0);
}

TEST_CASE("A reply is the request's own octets, whatever its identifier", "[host][echo]") {
  const auto sent = EncodeEcho(kRequest, 64);
  auto reply = sent;
  reply[0] = 0;
  reply[4] = 0xaa;  // a datagram socket's port
  CHECK(IsEchoReply(reply, sent));
  CHECK_FALSE(IsEchoReply(sent, sent));
  CHECK_FALSE(IsEchoReply(std::span(reply).first(63), sent));
  CHECK_FALSE(IsEchoReply({}, {}));
  for (const std::size_t at : {1u, 6u, 7u, 8u, 63u}) {
    auto other = reply;
    other[at] ^= 1;
    CAPTURE(at);
    CHECK_FALSE(IsEchoReply(other, sent));
  }
}

TEST_CASE("An IP header is as long as it says, within its packet", "[host][echo]") {
  std::vector<std::uint8_t> packet(40);
  packet[0] = 0x45;
  packet[9] = 1;
  CHECK(BehindIpHeader(packet).value().size() == 20);
  packet[0] = 0x46;
  CHECK(BehindIpHeader(packet).value().size() == 16);
  for (const int odd : {0x44, 0x4f, 0x65, 0x00}) {
    packet[0] = static_cast<std::uint8_t>(odd);
    CHECK_FALSE(BehindIpHeader(packet).has_value());
  }
  packet[0] = 0x45;
  packet[9] = 17;
  CHECK_FALSE(BehindIpHeader(packet).has_value());
  CHECK(rc::check([](const std::vector<std::uint8_t>& octets) {
    const auto behind = BehindIpHeader(octets);
    RC_ASSERT(!behind || behind->size() + kIpHeader <= octets.size());
  }));
}

}  // namespace
}  // namespace aftershock::host

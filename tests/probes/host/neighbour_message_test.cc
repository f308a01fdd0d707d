#include "probes/host/neighbour_message.h"

#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>

#include "netlink_build.h"
#include "recorded_messages.h"

namespace aftershock::host {
namespace {

constexpr long kTicks = 100;
constexpr std::array<std::uint8_t, 4> kIp{10, 1, 0, 2};
constexpr std::array<std::uint8_t, 20> kAddress{};

Build Entry(unsigned char family, std::uint16_t state = NUD_REACHABLE, std::uint8_t flags = 0) {
  ndmsg header{};
  header.ndm_family = family;
  header.ndm_ifindex = 7;
  header.ndm_state = state;
  header.ndm_flags = flags;
  return Build(header);
}

nda_cacheinfo ConfirmedBefore(std::uint32_t ticks) {
  nda_cacheinfo cache{};
  cache.ndm_confirmed = ticks;
  return cache;
}

TEST_CASE("A recorded peer tells its address, its state and when it was confirmed", "[host][neighbour]") {
  const auto neighbour = ParseNeighbourMessage(PayloadOf(recorded::kPeer), kTicks);
  REQUIRE(neighbour);
  CHECK(neighbour->link == 7);
  CHECK(neighbour->ip == "10.1.0.2");
  CHECK(neighbour->state == kNudReachable);
  REQUIRE(neighbour->address);
  CHECK(neighbour->address->qpn == 0x43);
  CHECK(neighbour->address->gid.id == 0x0002c90300f00012);
  CHECK(neighbour->confirmed_ago == std::chrono::milliseconds(4090));
}

TEST_CASE("A recorded peer cut off anywhere is none, or is without address and time", "[host][neighbour]") {
  const auto payload = PayloadOf(recorded::kPeer);
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const std::vector<std::uint8_t> cut(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size));
    const auto neighbour = ParseNeighbourMessage(cut, kTicks);
    CHECK((!neighbour || !neighbour->confirmed_ago));
  }
}

TEST_CASE("Only whole addresses of IPv4 and IPv6 are neighbours", "[host][neighbour]") {
  const std::array<std::uint8_t, 16> ip6{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  CHECK(ParseNeighbourMessage(Entry(AF_INET).Octets(NDA_DST, kIp), kTicks)->ip == "10.1.0.2");
  CHECK(ParseNeighbourMessage(Entry(AF_INET6).Octets(NDA_DST, ip6), kTicks)->ip == "fe80::1");
  CHECK_FALSE(ParseNeighbourMessage(Entry(AF_INET6).Octets(NDA_DST, kIp), kTicks));
  CHECK_FALSE(ParseNeighbourMessage(Entry(AF_INET).Octets(NDA_DST, ip6), kTicks));
  CHECK_FALSE(ParseNeighbourMessage(Entry(AF_BRIDGE).Octets(NDA_DST, kIp), kTicks));
  CHECK_FALSE(ParseNeighbourMessage(Entry(AF_INET), kTicks));
}

TEST_CASE("A proxy's entry is no neighbour", "[host][neighbour]") {
  CHECK_FALSE(ParseNeighbourMessage(Entry(AF_INET, NUD_REACHABLE, NTF_PROXY).Octets(NDA_DST, kIp), kTicks));
}

TEST_CASE("A link-layer address of another length is not known", "[host][neighbour]") {
  const std::array<std::uint8_t, 6> ethernet{};
  const auto build = Entry(AF_INET).Octets(NDA_DST, kIp).Octets(NDA_LLADDR, ethernet);
  CHECK_FALSE(ParseNeighbourMessage(build, kTicks)->address);
}

TEST_CASE("What was never confirmed has no time of it", "[host][neighbour]") {
  const auto state = GENERATE(as<std::uint16_t>{}, NUD_INCOMPLETE, NUD_NOARP, NUD_PERMANENT);
  const auto build = Entry(AF_INET, state)
                         .Octets(NDA_DST, kIp)
                         .Octets(NDA_LLADDR, kAddress)
                         .Number(NDA_CACHEINFO, ConfirmedBefore(100));
  CHECK_FALSE(ParseNeighbourMessage(build, kTicks)->confirmed_ago);
  const auto failed =
      Entry(AF_INET, NUD_FAILED).Octets(NDA_DST, kIp).Number(NDA_CACHEINFO, ConfirmedBefore(1));
  CHECK_FALSE(ParseNeighbourMessage(failed, kTicks)->confirmed_ago);
}

TEST_CASE("A time of confirmation in the future is not known", "[host][neighbour]") {
  const auto ticks = GENERATE(0x80000000u, 0xffffffffu);
  const auto build = Entry(AF_INET)
                         .Octets(NDA_DST, kIp)
                         .Octets(NDA_LLADDR, kAddress)
                         .Number(NDA_CACHEINFO, ConfirmedBefore(ticks));
  CHECK_FALSE(ParseNeighbourMessage(build, kTicks)->confirmed_ago);
}

}  // namespace
}  // namespace aftershock::host

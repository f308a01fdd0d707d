#include "probes/host/arp_leg.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>

namespace aftershock::host {
namespace {

constexpr std::size_t kAddressAt = offsetof(sockaddr_ll, sll_addr);
constexpr std::uint32_t kBroadcastQpn = 0xffffff;

// sockaddr_ll has room for 8 octets of address; the kernel takes and gives as many as the length says
// (net/packet/af_packet.c).
struct PacketAddress {
  alignas(sockaddr_ll) std::array<std::uint8_t, kAddressAt + 32> octets{};
  socklen_t size = kAddressAt;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(octets.data()); }
  sockaddr_ll Head() const {
    sockaddr_ll head{};
    std::memcpy(&head, octets.data(), sizeof head);
    return head;
  }
};

PacketAddress AddressOf(int index, std::span<const std::uint8_t> station) {
  sockaddr_ll head{};
  head.sll_family = AF_PACKET;
  head.sll_protocol = htons(ETH_P_ARP);
  head.sll_ifindex = index;
  head.sll_halen = static_cast<unsigned char>(station.size());
  PacketAddress address;
  std::memcpy(address.octets.data(), &head, sizeof head);
  std::ranges::copy(station, address.octets.begin() + kAddressAt);
  address.size = static_cast<socklen_t>(std::max(sizeof(sockaddr_ll), kAddressAt + station.size()));
  return address;
}

tl::unexpected<Error> FailWith(int error, const std::string& name) {
  const std::string what = name + ": " + std::generic_category().message(error);
  switch (error) {
    case EPERM:
    case EACCES:
      return Fail(Errc::kDenied, what + "; ARP probes need CAP_NET_RAW");
    case ENODEV:
    case ENXIO:
    case ENETDOWN:
      return Fail(Errc::kAbsent, what);
    default:
      return Fail(Errc::kInternal, what);
  }
}

std::optional<LinkAddress> Broadcast(std::uint16_t hardware_type, const std::optional<Gid>& group) {
  if (hardware_type == kEthernet) {
    constexpr std::array<std::uint8_t, 6> kAll{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    return LinkAddress(kAll);
  }
  if (!group) return std::nullopt;
  return LinkAddress(IpoibAddress{.flags = 0, .qpn = kBroadcastQpn, .gid = *group}.Octets());
}

}  // namespace

Result<std::unique_ptr<ArpLeg>> ArpLeg::Open(int index, std::string name) {
  // No protocol yet: until it is bound, nothing of other interfaces comes in.
  const int fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return FailWith(errno, name);
  std::unique_ptr<ArpLeg> leg(new ArpLeg(fd, index, std::move(name)));
  PacketAddress address = AddressOf(index, {});
  if (::bind(fd, address.get(), address.size) != 0) return FailWith(errno, leg->name_);
  if (auto fresh = leg->Refresh(); !fresh) return tl::unexpected(std::move(fresh.error()));
  return leg;
}

ArpLeg::~ArpLeg() {
  ::close(fd_);
}

Result<void> ArpLeg::Refresh() {
  PacketAddress address;
  address.size = static_cast<socklen_t>(address.octets.size());
  if (::getsockname(fd_, address.get(), &address.size) != 0) return FailWith(errno, name_);
  const sockaddr_ll head = address.Head();
  const std::size_t size = head.sll_halen;
  if (head.sll_ifindex != index_) return Fail(Errc::kAbsent, name_ + " is gone");
  const bool known = (head.sll_hatype == kEthernet && size == 6) ||
                     (head.sll_hatype == kInfiniBand && size == kIpoibAddressSize);
  if (!known) return Fail(Errc::kUnsupported, name_ + " is neither InfiniBand nor Ethernet");
  hardware_type_ = head.sll_hatype;
  own_ = LinkAddress(std::span(address.octets).subspan(kAddressAt, size));
  return {};
}

Result<void> ArpLeg::Probe(std::uint32_t ip, const std::optional<LinkAddress>& to,
                           const std::optional<Gid>& group) {
  const std::optional<LinkAddress> station = to ? to : Broadcast(hardware_type_, group);
  if (!station) return Fail(Errc::kAbsent, "the broadcast group of " + name_ + " is not known");
  const auto packet = EncodeArpProbe(hardware_type_, own_, ip);
  PacketAddress address = AddressOf(index_, station->Octets());
  if (::sendto(fd_, packet.data(), packet.size(), 0, address.get(), address.size) < 0) {
    return FailWith(errno, name_);
  }
  return {};
}

std::optional<ArpPacket> ArpLeg::Receive() {
  std::array<std::uint8_t, 256> octets;
  constexpr int kMost = 1000;  // a flood of nonsense is left where it is
  for (int i = 0; i < kMost; ++i) {
    const ssize_t got = ::recv(fd_, octets.data(), octets.size(), 0);
    if (got < 0 && (errno == EINTR || errno == ENETDOWN)) continue;  // ENETDOWN is told once
    if (got < 0) return std::nullopt;
    auto packet = DecodeArp(std::span(octets).first(static_cast<std::size_t>(got)));
    if (packet && packet->hardware_type == hardware_type_) return packet;
  }
  return std::nullopt;
}

}  // namespace aftershock::host

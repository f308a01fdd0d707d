#include "probes/host/echo_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace aftershock::host {
namespace {

tl::unexpected<Error> FailWith(int error, const std::string& doing) {
  const std::string what = doing + ": " + std::generic_category().message(error);
  switch (error) {
    case EPERM:
    case EACCES:
      return Fail(Errc::kDenied, what + "; it needs CAP_NET_RAW, or net.ipv4.ping_group_range");
    case ENODEV:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return Fail(Errc::kAbsent, what);
    case EMSGSIZE:
      return Fail(Errc::kInvalid, what);
    default:
      return Fail(Errc::kInternal, what);
  }
}

}  // namespace

Result<std::unique_ptr<EchoSocket>> EchoSocket::Open(const std::string& interface, std::uint32_t peer) {
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  int fd = ::socket(AF_INET, SOCK_DGRAM | kFlags, IPPROTO_ICMP);
  const bool raw = fd < 0;
  if (raw) fd = ::socket(AF_INET, SOCK_RAW | kFlags, IPPROTO_ICMP);
  if (fd < 0) return FailWith(errno, "a socket for ICMP");
  std::unique_ptr<EchoSocket> echo(new EchoSocket(fd, raw));
  const int probe = IP_PMTUDISC_PROBE;
  if (::setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof probe) != 0)
    return FailWith(errno, "setting DF");
  const auto name_size = static_cast<socklen_t>(interface.size());
  if (::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.data(), name_size) != 0) {
    return FailWith(errno, "choosing " + interface);
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(peer);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    return FailWith(errno, "a route by " + interface);
  }
  // Bound to an interface, a socket finds its peer on the link even where there is no address to be answered
  // at.
  sockaddr_in own{};
  socklen_t size = sizeof own;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0 || own.sin_addr.s_addr == INADDR_ANY) {
    return Fail(Errc::kAbsent, interface + " has no IPv4 address");
  }
  return echo;
}

EchoSocket::~EchoSocket() {
  ::close(fd_);
}

Result<void> EchoSocket::Send(const EchoRequest& request, std::uint32_t mtu) {
  if (mtu < kSmallestEcho || mtu > 0xffff)
    return Fail(Errc::kInvalid, "no IP packet has the size of this MTU");
  sent_ = EncodeEcho(request, mtu - kIpHeader);
  if (::send(fd_, sent_.data(), sent_.size(), 0) < 0)
    return FailWith(errno, "sending " + std::to_string(mtu) + " octets");
  return {};
}

bool EchoSocket::Answered() {
  std::vector<std::uint8_t> octets(0x10000);
  // Bounded, since a raw socket is given all ICMP of the peer.
  constexpr int kMost = 1000;
  for (int i = 0; i < kMost; ++i) {
    const ssize_t got = ::recv(fd_, octets.data(), octets.size(), 0);
    if (got < 0 && (errno == EAGAIN)) return false;
    if (got < 0) continue;  // a signal, or what an ICMP error said
    std::span<const std::uint8_t> message = std::span(octets).first(static_cast<std::size_t>(got));
    if (raw_) message = BehindIpHeader(message).value_or(std::span<const std::uint8_t>());
    if (IsEchoReply(message, sent_)) return true;
  }
  return false;
}

}  // namespace aftershock::host

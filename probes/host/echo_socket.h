// ICMP echo requests of a given size with DF set, to one peer and by one interface.
//
// An ICMP datagram socket where net.ipv4.ping_group_range lets the user have one, a raw socket otherwise. The
// size is tried on the wire: IP_PMTUDISC_PROBE sets DF and does not look at what the path is believed to
// take.
//
// Threading: one thread. Nothing blocks.
// Errors:    kDenied    neither kind of socket may be had, or the interface not be chosen
//            kAbsent    no such interface, no route
//            kInvalid   longer than the interface takes
//            kInternal  anything else that the kernel says
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "probes/host/echo_packet.h"

namespace aftershock::host {

class EchoSocket {
 public:
  static Result<std::unique_ptr<EchoSocket>> Open(const std::string& interface, std::uint32_t peer);
  ~EchoSocket();
  EchoSocket(const EchoSocket&) = delete;
  EchoSocket& operator=(const EchoSocket&) = delete;

  int fd() const { return fd_; }
  // One request in an IP packet of `mtu` octets.
  Result<void> Send(const EchoRequest& request, std::uint32_t mtu);
  // Whether the answer to the last request, as long as it and of the same octets, is among what has come.
  bool Answered();

 private:
  EchoSocket(int fd, bool raw) : fd_(fd), raw_(raw) {}
  int fd_;
  bool raw_;  // what comes begins with an IP header
  std::vector<std::uint8_t> sent_;
};

}  // namespace aftershock::host

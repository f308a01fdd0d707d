// A packet socket for ARP on one interface: a link, or one leg of a bond whether or not it is the active one.
//
// Threading: one thread. Nothing blocks.
// Errors:    kDenied       CAP_NET_RAW is missing
//            kAbsent       there is no such interface, or it is down
//            kUnsupported  neither InfiniBand nor Ethernet
//            kInternal     anything else that the kernel says
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "probes/host/arp_packet.h"

namespace aftershock::host {

class ArpLeg {
 public:
  // The interface with this index.
  static Result<std::unique_ptr<ArpLeg>> Open(int index, std::string name);
  ~ArpLeg();
  ArpLeg(const ArpLeg&) = delete;
  ArpLeg& operator=(const ArpLeg&) = delete;

  int fd() const { return fd_; }
  const std::string& name() const { return name_; }
  // As of the last Refresh.
  const LinkAddress& own() const { return own_; }
  // Reads the interface's own address anew: an IPoIB queue pair gets another number when it restarts.
  Result<void> Refresh();

  // Asks for `ip`. `to`: one station; the link's broadcast address otherwise, which of an InfiniBand link is
  // made of `group`.
  Result<void> Probe(std::uint32_t ip, const std::optional<LinkAddress>& to, const std::optional<Gid>& group);
  // The next ARP packet that has come, if one has; what is none of ours is passed over.
  std::optional<ArpPacket> Receive();

 private:
  ArpLeg(int fd, int index, std::string name) : fd_(fd), index_(index), name_(std::move(name)) {}
  int fd_;
  int index_;
  std::string name_;
  std::uint16_t hardware_type_ = 0;
  LinkAddress own_;
};

}  // namespace aftershock::host

// ARP packets for Ethernet (hardware type 1, 6 octets; RFC 826) and InfiniBand (32, 20 octets; RFC
// 4391 9.1.2).
//
// Threading: pure functions. Errors: what is no ARP packet of IPv4 is nullopt.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/ipoib.h"

namespace aftershock::host {

inline constexpr std::uint16_t kEthernet = 1, kInfiniBand = 32;  // ARPHRD_*

// A link-layer address; of 20 octets at most.
class LinkAddress {
 public:
  LinkAddress() = default;
  // REQUIRES: at most kIpoibAddressSize octets
  explicit LinkAddress(std::span<const std::uint8_t> octets);
  std::span<const std::uint8_t> Octets() const { return std::span(octets_).first(size_); }
  std::optional<IpoibAddress> Ipoib() const { return IpoibAddress::From(Octets()); }
  // The flags octet of an IPoIB address says what the port can do, not who it is.
  bool IsSameStation(const LinkAddress& other) const;

 private:
  std::array<std::uint8_t, kIpoibAddressSize> octets_{};
  std::size_t size_ = 0;
};

struct ArpPacket {
  std::uint16_t hardware_type = 0;
  bool reply = false;                          // else a request
  LinkAddress sender, target;                  // the target's is meaningless in a request
  std::uint32_t sender_ip = 0, target_ip = 0;  // in the host's order
};

// Who has `target_ip`? The sender protocol address is 0.0.0.0, RFC 5227 2.1.1: nobody learns from it.
std::vector<std::uint8_t> EncodeArpProbe(std::uint16_t hardware_type, const LinkAddress& own,
                                         std::uint32_t target_ip);
std::optional<ArpPacket> DecodeArp(std::span<const std::uint8_t> octets);
// It is the answer to a probe for `peer` by `own`.
bool Answers(const ArpPacket& packet, std::uint32_t peer, const LinkAddress& own);

}  // namespace aftershock::host

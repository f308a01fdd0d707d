// IP over InfiniBand, RFC 4391 and 4392: the address of an interface and the group that its broadcasts go to.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace aftershock {

// 128 bits: a subnet prefix and an interface identifier, or a multicast address. IBA 4.1.1.
struct Gid {
  std::uint64_t prefix = 0;
  std::uint64_t id = 0;  // of a port: its GUID, unless an alias GUID is in use
  friend auto operator<=>(const Gid&, const Gid&) = default;
};
// As IPv6 addresses are written in full: "fe80:0000:0000:0000:0002:c903:00f0:0001".
std::string ToString(const Gid& gid);
// Eight groups of one to four hexadecimal digits, as sysfs writes them; nothing else.
std::optional<Gid> ParseGid(std::string_view text);

// The 20 octets of a link-layer address: flags, queue pair number, GID. RFC 4391 9.1.1.
inline constexpr std::size_t kIpoibAddressSize = 20;
struct IpoibAddress {
  std::uint8_t flags = 0;  // 0x80: connected mode is possible
  std::uint32_t qpn = 0;   // 24 bits
  Gid gid;
  friend auto operator<=>(const IpoibAddress&, const IpoibAddress&) = default;

  // nullopt: not 20 octets.
  static std::optional<IpoibAddress> From(std::span<const std::uint8_t> octets);
  std::array<std::uint8_t, kIpoibAddressSize> Octets() const;
};
// "80:00:00:48:fe:80:…", as `ip link` writes it.
std::string ToString(const IpoibAddress& address);

// The MGID of the IPv4 broadcast group of a P_Key, link-local scope: ff12:401b:PKEY:0000:0000:0000:ffff:ffff.
// RFC 4391 4; the membership bit of the P_Key is always set in it.
Gid BroadcastGroup(std::uint16_t p_key);

// A static rate of the SA's records (IBA 15.2.5.16, PathRecord:Rate; 6 bits) in Gb/s, by its usual name, as
// sysfs gives a port's: 56 is 4x FDR; 0 for an unknown code.
double RateGbps(std::uint8_t rate_code);

// MCMemberRecord (IBA 15.2.5.17) of a group.
struct GroupRecord {
  std::uint32_t q_key = 0;
  std::uint8_t mtu = 0;   // code
  std::uint8_t rate = 0;  // code, see RateGbps()
  std::uint8_t sl = 0;
  std::uint16_t p_key = 0;
  Lid mlid{};
  friend bool operator==(const GroupRecord&, const GroupRecord&) = default;
};

}  // namespace aftershock

// Who is who on a fabric. Identity is (node GUID, port number); LIDs and descriptions are labels that change.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aftershock {

enum class Guid : std::uint64_t {};
enum class Lid : std::uint16_t {};

// 0 is "none", 0xffff the permissive LID, 0xc000 and above are multicast (IBA 4.1.3): none of them addresses
// a port.
inline constexpr std::uint16_t kFirstMulticastLid = 0xc000;
inline constexpr std::uint8_t kMaxLmc = 7;  // a port has 2^LMC LIDs
constexpr bool IsUnicast(Lid lid) {
  return static_cast<std::uint16_t>(lid) != 0 && static_cast<std::uint16_t>(lid) < kFirstMulticastLid;
}

// Port 0 is a switch's management port; an adapter's ports start at 1.
struct PortKey {
  Guid node{};
  std::uint8_t port = 0;
  friend auto operator<=>(const PortKey&, const PortKey&) = default;
};

// "0x0002c90300f00001", the way every InfiniBand tool writes one.
std::string ToString(Guid guid);
// "0x0002c90300f00001/7"
std::string ToString(const PortKey& key);
// Hexadecimal, with or without "0x", at most 16 digits; nothing else.
std::optional<Guid> ParseGuid(std::string_view text);
// Where a name may stand, too, which may be of digits: with "0x" in front, or all sixteen digits.
std::optional<Guid> GuidAmongNames(std::string_view text);

}  // namespace aftershock

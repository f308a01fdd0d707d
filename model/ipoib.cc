#include "model/ipoib.h"

#include <charconv>

#include <fmt/format.h>

namespace aftershock {
namespace {

constexpr std::size_t kGroups = 8;
constexpr unsigned kGroupBits = 16;
constexpr unsigned kOctetBits = 8;
constexpr std::size_t kQpnOctets = 3;
constexpr std::size_t kQpnAt = 1, kPrefixAt = 4, kIdAt = 12;  // in the 20 octets
constexpr std::uint16_t kFullMember = 0x8000;

std::uint64_t BigEndian(std::span<const std::uint8_t> octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << kOctetBits | octet;
  return value;
}

void PutBigEndian(std::uint64_t value, std::span<std::uint8_t> octets) {
  for (std::size_t i = octets.size(); i > 0; --i) {
    octets[i - 1] = static_cast<std::uint8_t>(value);
    value >>= kOctetBits;
  }
}

std::optional<std::uint16_t> ParseGroup(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

struct RateCode {
  std::uint8_t code;
  double gbps;
};
// In the order of the codes, which is the order in which the specification came to them. 23 and 24 are of
// the releases that have XDR.
constexpr RateCode kRates[] = {
    {2, 2.5},  {3, 10},  {4, 30},  {5, 5},    {6, 20},   {7, 40},   {8, 60},    {9, 80},
    {10, 120}, {11, 14}, {12, 56}, {13, 112}, {14, 168}, {15, 25},  {16, 100},  {17, 200},
    {18, 300}, {19, 28}, {20, 50}, {21, 400}, {22, 600}, {23, 800}, {24, 1200},
};

}  // namespace

std::string ToString(const Gid& gid) {
  std::string text;
  for (const std::uint64_t half : {gid.prefix, gid.id}) {
    for (unsigned group = kGroups / 2; group > 0; --group) {
      text += fmt::format("{}{:04x}", text.empty() ? "" : ":", half >> (group - 1) * kGroupBits & 0xffff);
    }
  }
  return text;
}

std::optional<Gid> ParseGid(std::string_view text) {
  Gid gid;
  for (std::size_t i = 0; i < kGroups; ++i) {
    const bool last = i + 1 == kGroups;
    const std::size_t end = last ? text.size() : text.find(':');
    if (end == std::string_view::npos) return std::nullopt;
    const auto group = ParseGroup(text.substr(0, end));
    if (!group) return std::nullopt;
    std::uint64_t& half = i < kGroups / 2 ? gid.prefix : gid.id;
    half = half << kGroupBits | *group;
    text.remove_prefix(last ? end : end + 1);
  }
  return gid;
}

std::optional<IpoibAddress> IpoibAddress::From(std::span<const std::uint8_t> octets) {
  if (octets.size() != kIpoibAddressSize) return std::nullopt;
  IpoibAddress address;
  address.flags = octets[0];
  address.qpn = static_cast<std::uint32_t>(BigEndian(octets.subspan(kQpnAt, kQpnOctets)));
  address.gid = {BigEndian(octets.subspan(kPrefixAt, 8)), BigEndian(octets.subspan(kIdAt, 8))};
  return address;
}

std::array<std::uint8_t, kIpoibAddressSize> IpoibAddress::Octets() const {
  std::array<std::uint8_t, kIpoibAddressSize> octets{};
  const std::span<std::uint8_t> all(octets);
  octets[0] = flags;
  PutBigEndian(qpn, all.subspan(kQpnAt, kQpnOctets));
  PutBigEndian(gid.prefix, all.subspan(kPrefixAt, 8));
  PutBigEndian(gid.id, all.subspan(kIdAt, 8));
  return octets;
}

std::string ToString(const IpoibAddress& address) {
  std::string text;
  for (const std::uint8_t octet : address.Octets()) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : ":", octet);
  }
  return text;
}

Gid BroadcastGroup(std::uint16_t p_key) {
  const std::uint64_t member = p_key | kFullMember;
  return {0xff12401b00000000 | member << kGroupBits, 0xffffffff};
}

double RateGbps(std::uint8_t rate_code) {
  for (const RateCode& rate : kRates) {
    if (rate.code == rate_code) return rate.gbps;
  }
  return 0;
}

}  // namespace aftershock

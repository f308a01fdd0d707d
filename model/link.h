// Link width and speed: what a port supports, enables and runs at, and what that is in bits per second.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aftershock {

// Ordered by data rate of a lane; a bit set of them is 1 << value.
enum class LinkSpeed : std::uint8_t { kSdr, kDdr, kQdr, kFdr10, kFdr, kEdr, kHdr, kNdr, kXdr };

// One lane: signalling rate on the wire and what is left of it after line coding, in bits per second.
// SDR to QDR are 8b/10b, FDR10 and up 64b/66b; the usual names (FDR 14, EDR 25, …) are the data rates
// rounded.
struct SpeedSpec {
  LinkSpeed speed;
  std::string_view name;
  double lane_data_bits_per_second;
  double lane_raw_bits_per_second;
};
inline constexpr std::array kSpeeds{
    SpeedSpec{LinkSpeed::kSdr, "SDR", 2.0e9, 2.5e9},
    SpeedSpec{LinkSpeed::kDdr, "DDR", 4.0e9, 5.0e9},
    SpeedSpec{LinkSpeed::kQdr, "QDR", 8.0e9, 10.0e9},
    SpeedSpec{LinkSpeed::kFdr10, "FDR10", 10.0e9, 10.3125e9},
    SpeedSpec{LinkSpeed::kFdr, "FDR", 13.64e9, 14.0625e9},
    SpeedSpec{LinkSpeed::kEdr, "EDR", 25.0e9, 25.78125e9},
    SpeedSpec{LinkSpeed::kHdr, "HDR", 50.0e9, 53.125e9},
    SpeedSpec{LinkSpeed::kNdr, "NDR", 100.0e9, 106.25e9},
    SpeedSpec{LinkSpeed::kXdr, "XDR", 200.0e9, 212.5e9},
};

// PortInfo's width codes are one bit each (IBA 14.2.5.6): 1 = 1x, 2 = 4x, 4 = 8x, 8 = 12x, 16 = 2x.
// Lanes of a code with exactly one known bit; 0 otherwise.
int WidthLanes(std::uint8_t width_code);

// A set of speeds; empty is "none known".
class SpeedSet {
 public:
  constexpr SpeedSet() = default;
  constexpr void Add(LinkSpeed speed) { bits_ |= Bit(speed); }
  constexpr bool Has(LinkSpeed speed) const { return (bits_ & Bit(speed)) != 0; }
  constexpr bool Empty() const { return bits_ == 0; }
  std::optional<LinkSpeed> Fastest() const;
  friend constexpr SpeedSet operator&(SpeedSet a, SpeedSet b) { return FromBits(a.bits_ & b.bits_); }
  friend constexpr bool operator==(SpeedSet, SpeedSet) = default;
  constexpr std::uint16_t bits() const { return bits_; }
  static constexpr SpeedSet FromBits(unsigned bits) {
    SpeedSet set;
    set.bits_ = static_cast<std::uint16_t>(bits & 0x1ffu);
    return set;
  }

 private:
  static constexpr std::uint16_t Bit(LinkSpeed s) {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(s));
  }
  std::uint16_t bits_ = 0;
};

const SpeedSpec& Spec(LinkSpeed speed);
std::optional<LinkSpeed> ParseSpeed(std::string_view name);
// "4x EDR"
std::string LinkName(std::uint8_t width_code, LinkSpeed speed);
// 0 for an unknown width.
double DataBitsPerSecond(std::uint8_t width_code, LinkSpeed speed);
double RawBitsPerSecond(std::uint8_t width_code, LinkSpeed speed);
// By its usual name, as sysfs gives a port's rate and as the SA's records mean theirs: 56 is 4x FDR.
double NominalGbps(std::uint8_t width_code, LinkSpeed speed);

}  // namespace aftershock

#include "model/link.h"

#include <algorithm>

#include <fmt/format.h>

namespace aftershock {

int WidthLanes(std::uint8_t width_code) {
  switch (width_code) {
    case 1:
      return 1;
    case 2:
      return 4;
    case 4:
      return 8;
    case 8:
      return 12;
    case 16:
      return 2;
    default:
      return 0;
  }
}

std::optional<LinkSpeed> SpeedSet::Fastest() const {
  for (auto it = kSpeeds.rbegin(); it != kSpeeds.rend(); ++it) {
    if (Has(it->speed)) return it->speed;
  }
  return std::nullopt;
}

const SpeedSpec& Spec(LinkSpeed speed) {
  return kSpeeds.at(static_cast<std::size_t>(speed));
}

std::optional<LinkSpeed> ParseSpeed(std::string_view name) {
  const auto it = std::ranges::find(kSpeeds, name, &SpeedSpec::name);
  if (it == kSpeeds.end()) return std::nullopt;
  return it->speed;
}

std::string LinkName(std::uint8_t width_code, LinkSpeed speed) {
  return fmt::format("{}x {}", WidthLanes(width_code), Spec(speed).name);
}

double DataBitsPerSecond(std::uint8_t width_code, LinkSpeed speed) {
  return WidthLanes(width_code) * Spec(speed).lane_data_bits_per_second;
}

double RawBitsPerSecond(std::uint8_t width_code, LinkSpeed speed) {
  return WidthLanes(width_code) * Spec(speed).lane_raw_bits_per_second;
}

double NominalGbps(std::uint8_t width_code, LinkSpeed speed) {
  constexpr std::array kLaneGbps{2.5, 5.0, 10.0, 10.0, 14.0, 25.0, 50.0, 100.0, 200.0};
  static_assert(kLaneGbps.size() == kSpeeds.size());
  return WidthLanes(width_code) * kLaneGbps.at(static_cast<std::size_t>(speed));
}

}  // namespace aftershock

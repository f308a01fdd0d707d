#include "probes/host/sysfs_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace aftershock::host {
namespace {

std::optional<std::uint64_t> ParseDigits(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename T>
std::optional<T> Within(std::optional<std::uint64_t> value, std::uint64_t max) {
  if (!value || *value > max) return std::nullopt;
  return static_cast<T>(*value);
}

template <typename State, std::size_t N>
std::optional<State> Look(std::string_view text,
                          const std::array<std::pair<std::string_view, State>, N>& table) {
  const auto* it = std::ranges::find(table, text, &std::pair<std::string_view, State>::first);
  if (it == table.end()) return std::nullopt;
  return it->second;
}

// state_show() and phys_state_to_str(). A physical state of 0 has no name.
constexpr std::array<std::pair<std::string_view, PortState>, 6> kPortStates{{
    {"0: NOP", PortState::kNoChange},
    {"1: DOWN", PortState::kDown},
    {"2: INIT", PortState::kInit},
    {"3: ARMED", PortState::kArmed},
    {"4: ACTIVE", PortState::kActive},
    {"5: ACTIVE_DEFER", PortState::kActiveDefer},
}};
constexpr std::array<std::pair<std::string_view, PhysState>, 8> kPhysStates{{
    {"0: <unknown>", PhysState::kNoChange},
    {"1: Sleep", PhysState::kSleep},
    {"2: Polling", PhysState::kPolling},
    {"3: Disabled", PhysState::kDisabled},
    {"4: PortConfigurationTraining", PhysState::kTraining},
    {"5: LinkUp", PhysState::kLinkUp},
    {"6: LinkErrorRecovery", PhysState::kErrorRecovery},
    {"7: Phy Test", PhysState::kPhyTest},
}};
constexpr std::array<std::string_view, 4> kLinkLayers{"InfiniBand", "Ethernet", "Unspecified", "Unknown"};

constexpr std::uint64_t kInfiniBandClass = 0x0207;  // PCI base class 02, sub-class 07
constexpr std::uint64_t kMaxRateMbps = 100'000'000;

bool IsHex(std::string_view text, std::size_t min, std::size_t max) {
  return text.size() >= min && text.size() <= max &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
  return ParseDigits(text, 10);
}

std::optional<std::uint64_t> ParseHex(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  return ParseDigits(text.substr(2), 16);
}

std::optional<std::uint8_t> ParsePortNumber(std::string_view name) {
  if (name.starts_with('0')) return std::nullopt;
  return Within<std::uint8_t>(ParseDecimal(name), 254);
}

std::optional<PortState> ParsePortState(std::string_view text) {
  return Look(text, kPortStates);
}

std::optional<PhysState> ParsePhysState(std::string_view text) {
  return Look(text, kPhysStates);
}

std::optional<std::string> ParseLinkLayer(std::string_view text) {
  const auto* it = std::ranges::find(kLinkLayers, text);
  if (it == kLinkLayers.end()) return std::nullopt;
  return std::string(*it);
}

std::optional<Guid> ParseSysfsGuid(std::string_view text) {
  constexpr std::size_t kLength = 19;
  if (text.size() != kLength) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t at = 0; at < kLength; at += 5) {
    const std::string_view group = text.substr(at, 4);
    if (!IsHex(group, 4, 4) || (at + 4 < kLength && text[at + 4] != ':')) return std::nullopt;
    value = value << 16 | *ParseDigits(group, 16);
  }
  return Guid{value};
}

std::optional<Lid> ParseLid(std::string_view text) {
  return Within<Lid>(ParseHex(text), 0xffff);
}

std::optional<std::uint8_t> ParseServiceLevel(std::string_view text) {
  return Within<std::uint8_t>(ParseDecimal(text), 15);
}

std::optional<std::uint32_t> ParseMask(std::string_view text) {
  return Within<std::uint32_t>(ParseHex(text), std::numeric_limits<std::uint32_t>::max());
}

std::optional<std::uint16_t> ParseHex16(std::string_view text) {
  return Within<std::uint16_t>(ParseHex(text), 0xffff);
}

std::optional<std::uint32_t> ParseRateMbps(std::string_view text) {
  constexpr std::string_view kGigabits = " Gb/sec";
  if (text == "0 GB/sec") return 0;
  const auto unit = text.find(kGigabits);
  if (unit == std::string_view::npos) return std::nullopt;
  const std::string_view lanes = text.substr(unit + kGigabits.size());
  if (!lanes.empty() && (!lanes.starts_with(" (") || !lanes.ends_with(')'))) return std::nullopt;
  const std::string_view number = text.substr(0, unit);
  const auto point = std::min(number.find('.'), number.size());
  const auto whole = ParseDecimal(number.substr(0, point));
  if (!whole || *whole > kMaxRateMbps / 1000) return std::nullopt;
  const auto mbps = static_cast<std::uint32_t>(*whole * 1000);
  if (point == number.size()) return mbps;
  // The kernel writes tenths and no more.
  const std::string_view fraction = number.substr(point + 1);
  const auto tenths = ParseDecimal(fraction);
  if (fraction.size() != 1 || !tenths) return std::nullopt;
  return mbps + static_cast<std::uint32_t>(*tenths * 100);
}

bool IsPciAddress(std::string_view text) {
  const auto bus = text.find(':');
  if (bus == std::string_view::npos || text.size() != bus + 8) return false;
  const std::string_view tail = text.substr(bus + 1);
  return IsHex(text.substr(0, bus), 4, 8) && IsHex(tail.substr(0, 2), 2, 2) && tail[2] == ':' &&
         IsHex(tail.substr(3, 2), 2, 2) && tail[5] == '.' && tail[6] >= '0' && tail[6] <= '7';
}

std::optional<bool> IsInfiniBandClass(std::string_view text) {
  const auto value = Within<std::uint32_t>(ParseHex(text), 0xffffff);
  if (!value) return std::nullopt;
  return *value >> 8 == kInfiniBandClass;
}

}  // namespace aftershock::host

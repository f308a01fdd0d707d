#include "model/attributes.h"

#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace aftershock {
namespace {

std::string NameOf(std::span<const std::string_view> names, unsigned code) {
  return code < names.size() ? std::string(names[code]) : fmt::format("reserved ({})", code);
}

}  // namespace

std::string ToString(PortState state) {
  static constexpr std::array<std::string_view, 6> kNames{"NoChange", "Down",   "Init",
                                                          "Armed",    "Active", "ActiveDefer"};
  return NameOf(kNames, static_cast<unsigned>(state));
}

std::string ToString(PhysState state) {
  static constexpr std::array<std::string_view, 8> kNames{"NoChange", "Sleep",  "Polling",       "Disabled",
                                                          "Training", "LinkUp", "ErrorRecovery", "PhyTest"};
  return NameOf(kNames, static_cast<unsigned>(state));
}

std::string ToString(NodeType type) {
  static constexpr std::array<std::string_view, 4> kNames{"unknown", "adapter", "switch", "router"};
  return NameOf(kNames, static_cast<unsigned>(type));
}

std::string ToString(SmState state) {
  static constexpr std::array<std::string_view, 4> kNames{"NOTACTIVE", "DISCOVERING", "STANDBY", "MASTER"};
  return NameOf(kNames, static_cast<unsigned>(state));
}

int MtuOctets(std::uint8_t code) {
  return code >= 1 && code <= 5 ? 128 << code : 0;
}

}  // namespace aftershock

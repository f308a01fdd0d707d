#include "model/host_event.h"

#include <algorithm>
#include <array>

namespace aftershock {
namespace {

// By code.
constexpr std::array<std::string_view, kHostEventKindCount> kNames{
    "port_err",   "port_active",       "lid_change",       "sm_change",       "pkey_change",
    "gid_change", "client_reregister", "device_fatal",     "hca_added",       "hca_removed",
    "link_added", "link_removed",      "link_moved",       "link_renamed",    "link_up",
    "link_down",  "carrier_up",        "carrier_down",     "enslaved",        "released",
    "leg_active", "settings_changed",  "transmit_timeout", "netlink_overrun",
};
static_assert(!kNames.back().empty(), "every kind has a name");

}  // namespace

std::string_view ToString(HostEventKind kind) {
  const auto code = static_cast<std::size_t>(kind);
  return code < kNames.size() ? kNames[code] : std::string_view("unknown");
}

std::string DisplayName(HostEventKind kind) {
  std::string name(ToString(kind));
  if (kind > HostEventKind::kDeviceFatal) return name;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

}  // namespace aftershock

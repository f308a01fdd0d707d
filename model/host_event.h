// What happened on a host between two looks at it, in the order in which it was seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace aftershock {

enum class HostEventKind : std::uint8_t {
  // Asynchronous events of verbs, ibv_get_async_event(3). DEVICE_FATAL has port 0.
  kPortErr,
  kPortActive,
  kLidChange,
  kSmChange,
  kPkeyChange,
  kGidChange,
  kClientReregister,
  kDeviceFatal,
  // Devices that came and went.
  kHcaAdded,
  kHcaRemoved,
  // Interfaces, by rtnetlink(7).
  kLinkAdded,
  kLinkRemoved,  // deleted, or its device is gone
  kLinkMoved,    // to another network namespace
  kLinkRenamed,  // `detail`: the name it had
  kLinkUp,       // administratively
  kLinkDown,
  kCarrierUp,
  kCarrierDown,
  kEnslaved,         // `detail`: the master's name
  kReleased,         // from a master
  kLegActive,        // this leg carries its bond's traffic now; `detail`: the bond's name
  kSettingsChanged,  // `detail`: what, from and to
  kTransmitTimeout,  // the kernel's line; `detail`: the line
  kNetlinkOverrun,   // the kernel dropped events; everything was read again
};
inline constexpr std::size_t kHostEventKindCount = 24;
// Verbs' own names for its events ("port_err", "sm_change" …), snake_case words for the rest.
std::string_view ToString(HostEventKind kind);
// "PORT_ERR" as operators know it, for verbs' events; the same as ToString() for the rest.
std::string DisplayName(HostEventKind kind);

struct HostEvent {
  std::uint64_t sequence = 0;  // 1 for the first of this process; without gaps
  SteadyTime at{};             // when it was received; not saved
  WallTime wall{};
  HostEventKind kind = HostEventKind::kPortErr;
  std::string device;     // "mlx5_0"; empty for events of interfaces
  std::uint8_t port = 0;  // 0: the whole device, or none
  std::string interface;  // "ib0"; empty for events of devices
  std::string detail;     // Printable()
};

}  // namespace aftershock

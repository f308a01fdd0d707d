#include "probes/host/p_key_cache.h"

#include <algorithm>

namespace aftershock::host {
namespace {

constexpr std::uint32_t Bit(HostEventKind kind) {
  return 1u << static_cast<unsigned>(kind);
}

// A subnet manager writes the table of a port that comes up, and tells of every later change.
constexpr std::uint32_t kEvents = Bit(HostEventKind::kPkeyChange) | Bit(HostEventKind::kPortActive) |
                                  Bit(HostEventKind::kPortErr) | Bit(HostEventKind::kClientReregister) |
                                  Bit(HostEventKind::kDeviceFatal) | Bit(HostEventKind::kHcaAdded);
constexpr std::uint8_t kMostPorts =
    4;  // of an adapter; a change at a port beyond is seen with the next of another

}  // namespace

std::uint64_t PKeyCache::LastEvent(const std::string& device) const {
  std::uint64_t last = 0;
  for (std::uint8_t port = 0; port <= kMostPorts; ++port) {
    last = std::max(last, timeline_.LastOf(kEvents, {device, port}));
  }
  return last;
}

bool PKeyCache::Wants(const std::string& device, bool events_seen) {
  const std::uint64_t last = LastEvent(device);
  const auto known = known_.find(device);
  if (events_seen && known != known_.end() && known->second.event == last) return false;
  known_[device].event = last;
  return true;
}

void PKeyCache::Apply(Hca& hca, bool were_read) {
  Known& known = known_[hca.name];
  if (were_read) known.tables.clear();
  for (HostPort& port : hca.ports) {
    if (were_read) {
      known.tables[port.num] = port.p_keys;
    } else if (const auto table = known.tables.find(port.num); table != known.tables.end()) {
      port.p_keys = table->second;
    }
  }
}

}  // namespace aftershock::host

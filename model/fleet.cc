#include "model/fleet.h"

namespace aftershock {

bool Reports(const FleetHost& host, const FleetReport& fleet, SteadyTime now) {
  return host.heard && now - *host.heard <= fleet.stale_after;
}

const std::string& NameOf(const FleetHost& host) {
  return host.name.empty() ? host.target : host.name;
}

}  // namespace aftershock

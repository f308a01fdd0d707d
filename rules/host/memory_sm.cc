// How each port reached its subnet manager, and whether the kernel was told when that changed.
#include <chrono>

#include "rules/host/memory.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

using namespace std::chrono_literals;

// The event may be received before sysfs is read and still show in it only at the next look.
constexpr Duration kEventAhead = 1s;

// The events after which ib_sa makes its address handle of the SM anew, drivers/infiniband/core/sa_query.c
// (ib_sa_event); or everything, as for a device that is new.
bool RenewsWay(const HostEvent& event, const HcaPortName& port) {
  if (event.device != port.device) return false;
  if (event.kind == HostEventKind::kHcaAdded) return true;
  const bool renews =
      event.kind <= HostEventKind::kPkeyChange || event.kind == HostEventKind::kClientReregister;
  return renews && event.port == port.port;
}

std::optional<SteadyTime> LastRenewal(const HostSnapshot& snapshot, const HcaPortName& port) {
  for (auto event = snapshot.events.rbegin(); event != snapshot.events.rend(); ++event) {
    if (RenewsWay(*event, port)) return event->at;
  }
  return std::nullopt;
}

bool Differ(const SmWay& a, const SmWay& b) {
  return a.lid != b.lid || (a.sl && b.sl && *a.sl != *b.sl);
}

void RememberWay(HostPortMemory& memory, const SmWay& way, std::optional<SteadyTime> renewed,
                 SteadyTime now) {
  const auto renewed_since = [&](SteadyTime time) { return renewed && *renewed >= time - kEventAhead; };
  if (memory.change && !renewed_since(memory.change->after)) {
    memory.change->to = way;
    // Back where the kernel looks for it.
    if (!Differ(memory.change->from, way)) memory.change.reset();
  } else {
    memory.change.reset();
    const bool moved = memory.way && Differ(*memory.way, way);
    if (moved && !renewed_since(memory.way_read)) {
      memory.change = SmWayChange{*memory.way, way, memory.way_read, now};
    }
  }
  const std::optional<std::uint8_t> sl = way.sl || !memory.way ? way.sl : memory.way->sl;
  memory.way = SmWay{way.lid, sl};
  memory.way_read = now;
}

}  // namespace

void RememberSmWays(HostState& state, const HostSnapshot& snapshot) {
  const bool told = snapshot.Saw(HostPart::kEvents) && !EventsSince(state, snapshot).lost;
  for (const Hca& hca : snapshot.hcas) {
    for (const HostPort& port : hca.ports) {
      if (!port.IsInfiniBand()) continue;
      const HcaPortName name{hca.name, port.num};
      HostPortMemory& memory = state.ports[name];
      if (!told) {
        memory.change.reset();
        memory.way.reset();
      }
      if (!IsActive(port)) continue;
      memory.was_active = true;
      if (!port.sm_lid || !IsUnicast(*port.sm_lid)) continue;
      RememberWay(memory, {*port.sm_lid, port.sm_sl}, LastRenewal(snapshot, name), snapshot.taken_steady);
    }
  }
}

}  // namespace aftershock::rules

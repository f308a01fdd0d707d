#include "exporter/host_families.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace aftershock::exporter {
namespace {

void AddMembers(const HostSnapshot& host, Families& out) {
  // Names may become the same when they are made printable; one lost membership is what matters then.
  std::map<std::pair<std::string, std::uint16_t>, bool> members;
  for (const Membership& m : host.memberships) {
    if (m.answer != SaAnswer::kYes && m.answer != SaAnswer::kNo) continue;
    const bool yes = m.answer == SaAnswer::kYes;
    const auto [it, added] = members.try_emplace({Printable(m.interface), m.p_key}, yes);
    if (!added) it->second = it->second && yes;
  }
  out.Start("aftershock_ipoib_member", MetricType::Gauge,
            "1: the SA has this port in the interface's broadcast group; 0: it has not.");
  for (const auto& [key, member] : members) {
    out.Add({{"interface", key.first}, {"pkey", fmt::format("0x{:04x}", key.second)}}, member ? 1 : 0);
  }
}

void AddBonds(const HostSnapshot& host, Families& out) {
  std::set<std::string> seen;
  out.Start("aftershock_bond_live_switches", MetricType::Gauge,
            "Distinct switches that the bond's legs with carrier are cabled to.");
  for (const Bond& bond : host.bonds) {
    const auto switches = LiveSwitches(host, bond);
    if (switches && seen.insert(Printable(bond.name)).second) out.Add({{"bond", bond.name}}, *switches);
  }
}

void AddEvents(const HostSnapshot& host, Families& out) {
  std::map<std::pair<HostEventKind, std::string>, std::uint64_t> counts;
  for (const auto& [key, count] : host.event_counts) counts[{key.first, Printable(key.second)}] += count;
  out.Start("aftershock_host_events_total", MetricType::Counter,
            "Events of adapters and interfaces since the process started, by device and port or interface.");
  for (const auto& [key, count] : counts) {
    out.Add({{"event", std::string(ToString(key.first))}, {"source", key.second}},
            static_cast<double>(count));
  }
}

void AddParts(const HostSnapshot& host, Families& out) {
  std::set<HostPart> seen;
  out.Start("aftershock_host_part_up", MetricType::Gauge,
            "1: this part of the host could be looked at; 0: it could not.");
  for (const PartReport& report : host.parts) {
    if (!seen.insert(report.part).second) continue;
    out.Add({{"part", std::string(ToString(report.part))}}, host.Saw(report.part) ? 1 : 0);
  }
}

// A host is its port GUIDs: this joins them, and the node's that findings and windows name, with its
// hostname.
void AddInfo(const HostSnapshot& host, Families& out) {
  std::set<std::pair<Guid, std::string>> seen;
  out.Start("aftershock_host_info", MetricType::Gauge,
            "1: this InfiniBand port is the host's. guid is the port's, node_guid its adapter's.");
  for (const Hca& hca : host.hcas) {
    for (const HostPort& port : hca.ports) {
      if (!port.IsInfiniBand() || port.guid == Guid{}) continue;
      if (!seen.insert({port.guid, Printable(hca.name)}).second) continue;
      out.Add({{"host", host.hostname},
               {"hca", hca.name},
               {"port", std::to_string(port.num)},
               {"guid", ToString(port.guid)},
               {"node_guid", ToString(hca.node_guid)}},
              1);
    }
  }
}

// By what clock the times of findings are, for those who compare them with their own.
void AddClock(const HostSnapshot& host, SteadyTime now, Families& out) {
  out.Start("aftershock_clock_timestamp_seconds", MetricType::Gauge, "What time it is by this host's clock.");
  out.Add({}, ToUnixSeconds(host.taken) + ToSeconds(std::max(now - host.taken_steady, Duration::zero())));
}

}  // namespace

void AddHostFamilies(const HostSnapshot& host, SteadyTime now, Families& out) {
  AddInfo(host, out);
  AddClock(host, now, out);
  AddMembers(host, out);
  AddBonds(host, out);
  AddEvents(host, out);
  AddParts(host, out);
}

}  // namespace aftershock::exporter

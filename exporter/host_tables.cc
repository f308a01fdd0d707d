#include "exporter/host_tables.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr const char* kUnknown = "?";
constexpr const char* kNone = "-";

// BOND_MODE_*, linux/if_bonding.h.
constexpr std::array<std::string_view, 7> kBondModes{
    "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"};

template <typename T>
std::string OrUnknown(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : kUnknown;
}

bool IsActive(const HostPort& port) {
  return port.state == PortState::kActive || port.state == PortState::kActiveDefer;
}

std::string StateOf(const HostPort& port) {
  if (port.state == PortState::kNoChange) return kUnknown;
  const std::string state = ToString(port.state);
  const bool plain = port.phys_state == PhysState::kLinkUp || port.phys_state == PhysState::kNoChange;
  return plain ? state : fmt::format("{} ({})", state, ToString(port.phys_state));
}

std::string FarEndOf(const HostPort& port) {
  if (!port.uplink) return IsActive(port) ? kUnknown : kNone;
  if (!*port.uplink) return fmt::format("? ({})", port.uplink->error().what);
  const Uplink& uplink = **port.uplink;
  const std::string name = uplink.description.empty() ? ToString(uplink.node) : ShortName(uplink.description);
  return fmt::format("{} port {}", name, uplink.port);
}

std::string PortNameOf(const IpoibLink& link) {
  return link.hca_port ? ToString(*link.hca_port) : kUnknown;
}

std::string_view StateOf(const IpoibLink& link) {
  if (!link.Up()) return "down";
  return link.carrier ? "up" : "no carrier";
}

std::string MembershipOf(const HostSnapshot& host, const IpoibLink& link) {
  const auto it = std::ranges::find(host.memberships, link.index, &Membership::link);
  return it == host.memberships.end() ? kUnknown : std::string(ToString(it->answer));
}

std::string ModeOf(const Bond& bond) {
  if (!bond.mode) return kUnknown;
  return *bond.mode < kBondModes.size() ? std::string(kBondModes[*bond.mode]) : fmt::format("{}", *bond.mode);
}

std::vector<std::string> LegRow(const HostSnapshot& host, const Bond& bond, const BondLeg& leg) {
  const IpoibLink* link = host.FindLink(leg.index);
  const HostPort* port = link && link->hca_port ? host.FindPort(*link->hca_port) : nullptr;
  const bool active = leg.active || (bond.active_leg != 0 && bond.active_leg == leg.index);
  return {bond.name,
          ModeOf(bond),
          active ? leg.name + " (active)" : leg.name,
          link ? std::string(StateOf(*link)) : kUnknown,
          OrUnknown(leg.failures),
          port ? FarEndOf(*port) : kUnknown};
}

}  // namespace

Table PortTable(const HostSnapshot& host) {
  Table table{{"port", "state", "rate", "LID", "cabled to"}, {}};
  for (const Hca& hca : host.hcas) {
    if (hca.ports.empty()) table.rows.push_back({hca.name, kUnknown, kUnknown, kUnknown, kUnknown});
    for (const HostPort& port : hca.ports) {
      if (port.link_layer == "Ethernet") continue;
      table.rows.push_back({ToString(HcaPortName{hca.name, port.num}), StateOf(port),
                            port.rate_text.empty() ? kUnknown : port.rate_text,
                            port.lid ? fmt::format("{}", static_cast<std::uint16_t>(*port.lid)) : kUnknown,
                            FarEndOf(port)});
    }
  }
  return table;
}

Table InterfaceTable(const HostSnapshot& host) {
  Table table{{"interface", "P_Key", "mode", "MTU", "state", "member", "over"}, {}};
  for (const IpoibLink& link : host.links) {
    table.rows.push_back({link.name, link.p_key ? fmt::format("0x{:04x}", *link.p_key) : kUnknown,
                          link.mode ? std::string(ToString(*link.mode)) : kUnknown,
                          fmt::format("{}", link.mtu), std::string(StateOf(link)), MembershipOf(host, link),
                          PortNameOf(link)});
  }
  return table;
}

Table LegTable(const HostSnapshot& host) {
  Table table{{"bond", "mode", "leg", "state", "failures", "cabled to"}, {}};
  for (const Bond& bond : host.bonds) {
    for (const BondLeg& leg : bond.legs) table.rows.push_back(LegRow(host, bond, leg));
  }
  return table;
}

std::string HostLine(const HostSnapshot& host) {
  std::uint64_t sent = 0;
  for (const MadCount& count : host.mads_total) sent += count.sent;
  return fmt::format("{}: {}, {}, {}; {} since the start, looked for {:.2f} s", host.hostname,
                     Count(host.hcas.size(), "adapter"), Count(host.links.size(), "interface"),
                     Count(host.bonds.size(), "bond"), Count(sent, "MAD"), ToSeconds(host.duration));
}

std::string SeenLine(const HostSnapshot& host) {
  std::string line;
  for (const PartReport& report : host.parts) {
    if (!host.Saw(report.part)) continue;
    line += fmt::format("{}{}", line.empty() ? "" : ", ", ToString(report.part));
  }
  return line.empty() ? "nothing" : line;
}

std::vector<std::string> UnseenLines(const HostSnapshot& host) {
  std::vector<std::string> lines;
  for (const PartReport& report : host.parts) {
    if (!report.error || host.Saw(report.part)) continue;
    lines.push_back(
        fmt::format("{}: {}: {}", ToString(report.part), ToString(report.error->code), report.error->what));
  }
  return lines;
}

std::vector<std::string> FaultLines(const HostSnapshot& host) {
  std::vector<std::string> lines;
  for (const FileFault& fault : host.faults) {
    lines.push_back(fmt::format("{}: {}: {}", fault.path, ToString(fault.error.code), fault.error.what));
  }
  return lines;
}

std::vector<std::string> BondLines(const HostSnapshot& host) {
  std::vector<std::string> lines;
  for (const Bond& bond : host.bonds) {
    const auto switches = LiveSwitches(host, bond);
    lines.push_back(switches ? fmt::format("{}: its live legs end at {} {}", bond.name, *switches,
                                           *switches == 1 ? "switch" : "switches")
                             : fmt::format("{}: where its live legs end is not known", bond.name));
  }
  return lines;
}

}  // namespace aftershock::exporter

#include "model/host.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace aftershock {
namespace {

// A table of names by code; a code without a name has the last one's.
template <std::size_t N, typename E>
constexpr std::string_view NameOf(const std::array<std::string_view, N>& names, E value) {
  return names[std::min(static_cast<std::size_t>(value), N - 1)];
}

// Adapters of RoCE and iWARP stand in sysfs beside those of InfiniBand. What is not known may be one.
bool MayBeInfiniBand(const Hca& hca) {
  return hca.ports.empty() || std::ranges::any_of(hca.ports, [](const HostPort& port) {
           return port.IsInfiniBand() || port.link_layer.empty();
         });
}

// Parts that list what there is: where there is nothing to list, the empty list is the whole truth. The
// others are means to see something by; without them nothing was seen.
constexpr bool IsInventory(HostPart part) {
  return part == HostPart::kAdapters || part == HostPart::kPci || part == HostPart::kInterfaces ||
         part == HostPart::kNeighbours;
}

}  // namespace

std::string_view ToString(HostPart part) {
  static constexpr std::array<std::string_view, kHostPartCount> kNames{
      "adapters", "pci", "events", "interfaces", "neighbours", "kernel_log", "cabling", "sm", "sa", "probes"};
  return NameOf(kNames, part);
}

std::string_view ToString(IpoibMode mode) {
  static constexpr std::array<std::string_view, 2> kNames{"datagram", "connected"};
  return NameOf(kNames, mode);
}

std::string_view ToString(OperState state) {
  static constexpr std::array<std::string_view, 7> kNames{"unknown", "notpresent", "down", "lowerlayerdown",
                                                          "testing", "dormant",    "up"};
  return state > OperState::kUp ? "unknown" : NameOf(kNames, state);
}

std::string_view ToString(MiiStatus status) {
  static constexpr std::array<std::string_view, 4> kNames{"up", "going down", "down", "going back"};
  return NameOf(kNames, status);
}

std::string_view ToString(SaAnswer answer) {
  static constexpr std::array<std::string_view, 6> kNames{"not asked", "yes",     "no",
                                                          "timeout",   "refused", "error"};
  return NameOf(kNames, answer);
}

std::string_view ToString(ProbeKind kind) {
  static constexpr std::array<std::string_view, 3> kNames{"arp broadcast", "arp unicast", "echo"};
  return NameOf(kNames, kind);
}

std::string ToString(const HcaPortName& name) {
  return fmt::format("{}:{}", name.device, name.port);
}

const HostPort* Hca::FindPort(std::uint8_t num) const {
  const auto it = std::ranges::find(ports, num, &HostPort::num);
  return it == ports.end() ? nullptr : &*it;
}

const Hca* HostSnapshot::FindHca(std::string_view name) const {
  const auto it = std::ranges::find(hcas, name, &Hca::name);
  return it == hcas.end() ? nullptr : &*it;
}

const HostPort* HostSnapshot::FindPort(const HcaPortName& name) const {
  const Hca* hca = FindHca(name.device);
  return hca ? hca->FindPort(name.port) : nullptr;
}

const IpoibLink* HostSnapshot::FindLink(int index) const {
  const auto it = std::ranges::find(links, index, &IpoibLink::index);
  return it == links.end() ? nullptr : &*it;
}

const PartReport* HostSnapshot::Find(HostPart part) const {
  const auto it = std::ranges::find(parts, part, &PartReport::part);
  return it == parts.end() ? nullptr : &*it;
}

bool HostSnapshot::Saw(HostPart part) const {
  const PartReport* report = Find(part);
  return report && (!report->error || (report->error->code == Errc::kAbsent && IsInventory(part)));
}

bool HostSnapshot::NoInfiniBand() const {
  return Saw(HostPart::kAdapters) && Saw(HostPart::kPci) && Saw(HostPart::kInterfaces) &&
         std::ranges::none_of(hcas, MayBeInfiniBand) && pci_functions.empty() && links.empty();
}

std::optional<std::uint32_t> LiveSwitches(const HostSnapshot& snapshot, const Bond& bond) {
  std::set<Guid> nodes;
  for (const BondLeg& leg : bond.legs) {
    const IpoibLink* link = snapshot.FindLink(leg.index);
    if (!link) return std::nullopt;
    if (!link->Up() || !link->carrier) continue;
    const HostPort* port = link->hca_port ? snapshot.FindPort(*link->hca_port) : nullptr;
    if (!port || !port->uplink || !*port->uplink) return std::nullopt;
    nodes.insert((*port->uplink)->node);
  }
  return static_cast<std::uint32_t>(nodes.size());
}

}  // namespace aftershock

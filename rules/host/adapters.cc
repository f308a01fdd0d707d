// hca-missing, hca-removed and host-port-down: what the host should have, and what of it works.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

// A function with one of these was given away on purpose: to a virtual machine, or to user space.
constexpr std::array<std::string_view, 5> kGivenAway{"vfio-pci", "pci-stub", "pciback", "xen-pciback",
                                                     "uio_pci_generic"};

const PciFunction* FunctionAt(const HostSnapshot& snapshot, const std::string& address) {
  const auto it = std::ranges::find(snapshot.pci_functions, address, &PciFunction::address);
  return address.empty() || it == snapshot.pci_functions.end() ? nullptr : &*it;
}

bool GivenAway(const HostSnapshot& snapshot, const HcaMemory& memory) {
  const PciFunction* function = FunctionAt(snapshot, memory.pci_address);
  return function != nullptr && std::ranges::find(kGivenAway, function->driver) != kGivenAway.end();
}

std::string Known(const std::string& text) {
  return text.empty() ? "not known" : text;
}

std::vector<Evidence> EvidenceOf(const HcaMemory& memory) {
  return {{"node GUID", memory.node_guid == Guid{} ? "not known" : ToString(memory.node_guid), ""},
          {"PCI address", Known(memory.pci_address), ""}};
}

void AddExpected(const HostView& view, std::vector<Suspect>& suspects) {
  for (const std::string& name : view.settings().host.hcas) {
    if (view.snapshot().FindHca(name) != nullptr || view.state().hcas.contains(name)) continue;
    suspects.push_back(view.Suspected(kHcaMissing, Subject::Hca(name),
                                      fmt::format("Adapter {} is expected and is not there", name),
                                      {{"expected by", "host.expect", ""}}));
  }
}

void AddRemembered(const HostView& view, std::vector<Suspect>& suspects) {
  for (const auto& [name, memory] : view.state().hcas) {
    if (memory.here || memory.this_process) continue;
    suspects.push_back(view.Suspected(kHcaMissing, SubjectOf(view, name),
                                      fmt::format("Adapter {} was there before and is not", name),
                                      EvidenceOf(memory)));
  }
}

void AddDriverless(const HostView& view, std::vector<Suspect>& suspects) {
  for (const PciFunction& function : view.snapshot().pci_functions) {
    if (!function.driver.empty()) continue;
    Suspect suspect = view.Suspected(
        kHcaMissing, Subject::Hca(function.address),
        fmt::format("The InfiniBand adapter at PCI address {} has no driver", function.address),
        {{"vendor and device", fmt::format("{:04x}:{:04x}", function.vendor, function.device), ""}});
    suspect.finding.severity = std::min(suspect.finding.severity, Severity::kWarning);
    suspects.push_back(std::move(suspect));
  }
}

// Why a port that is not Active matters; empty: it does not.
std::string NeededBy(const HostView& view, const HcaPortName& name) {
  const auto links = view.UpLinks(name);
  if (!links.empty()) {
    std::vector<std::string> names;
    for (const IpoibLink* link : links) names.push_back(link->name);
    return "needed by " + Listed(names);
  }
  const auto memory = view.state().ports.find(name);
  const bool was_active = memory != view.state().ports.end() && memory->second.was_active;
  return was_active ? "which was Active before" : std::string();
}

bool AnyActive(const HostSnapshot& snapshot) {
  return std::ranges::any_of(snapshot.hcas, [](const Hca& hca) {
    return std::ranges::any_of(hca.ports, [](const HostPort& p) { return p.IsInfiniBand() && IsActive(p); });
  });
}

Suspect PortDown(const HostView& view, const HcaPortName& name, const HostPort& port,
                 const std::string& needed, bool last) {
  std::vector<Evidence> evidence{{"state", ToString(port.state), ""},
                                 {"physical state", ToString(port.phys_state), ""},
                                 {"port GUID", ToString(port.guid), ""}};
  Suspect suspect = view.Suspected(kHostPortDown, SubjectOf(view, name),
                                   fmt::format("{}, {}, is in state {}{}", NameOf(name), needed,
                                               ToString(port.state), last ? ", and no other is Active" : ""),
                                   std::move(evidence));
  if (last && suspect.finding.severity == Severity::kWarning) suspect.finding.severity = Severity::kCritical;
  suspect.disturbed = view.LastDisturbance(name);
  for (const IpoibLink* link : view.UpLinks(name)) {
    suspect.disturbed = std::max(suspect.disturbed, view.LastDisturbance(*link));
  }
  suspect.settle = view.Time(kHostPortDown, "settle_seconds");
  return suspect;
}

}  // namespace

std::vector<Suspect> FindMissingAdapters(const HostView& view) {
  std::vector<Suspect> suspects;
  if (view.snapshot().Saw(HostPart::kAdapters)) {
    AddExpected(view, suspects);
    AddRemembered(view, suspects);
  }
  if (view.snapshot().Saw(HostPart::kPci)) AddDriverless(view, suspects);
  return suspects;
}

std::vector<Suspect> FindRemovedAdapters(const HostView& view) {
  std::vector<Suspect> suspects;
  if (!view.snapshot().Saw(HostPart::kAdapters)) return suspects;
  for (const auto& [name, memory] : view.state().hcas) {
    if (memory.here || !memory.this_process) continue;
    const bool given_away = GivenAway(view.snapshot(), memory);
    Suspect suspect =
        view.Suspected(kHcaRemoved, SubjectOf(view, name),
                       given_away ? fmt::format("Adapter {} was given away to another driver", name)
                                  : fmt::format("Adapter {} was removed", name),
                       EvidenceOf(memory));
    if (given_away) suspect.finding.severity = Severity::kNote;
    suspect.disturbed = view.LastDisturbance(HcaPortName{name, 0});
    suspect.settle = view.Time(kHcaRemoved, "settle_seconds");
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

std::vector<Suspect> FindPortsDown(const HostView& view) {
  std::vector<Suspect> suspects;
  const bool last = !AnyActive(view.snapshot());
  for (const Hca& hca : view.snapshot().hcas) {
    for (const HostPort& port : hca.ports) {
      if (!port.IsInfiniBand() || port.state == PortState::kNoChange || IsActive(port)) continue;
      const HcaPortName name{hca.name, port.num};
      const std::string needed = NeededBy(view, name);
      if (!needed.empty()) suspects.push_back(PortDown(view, name, port, needed, last));
    }
  }
  return suspects;
}

}  // namespace aftershock::rules

// host-not-visible: what of this host could not be looked at, in one finding.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

constexpr std::size_t kMostFaults = 8;

bool MayBeInfiniBand(const HostPort& port) {
  return port.IsInfiniBand() || port.link_layer.empty();
}

bool AnyMayBeActive(const HostSnapshot& snapshot) {
  const auto may_be = [](const HostPort& port) {
    return MayBeInfiniBand(port) && (IsActive(port) || port.state == PortState::kNoChange);
  };
  return std::ranges::any_of(snapshot.hcas,
                             [&](const Hca& hca) { return std::ranges::any_of(hca.ports, may_be); });
}

// Whether the host has anything that this part would show something of.
bool Needed(const HostSnapshot& snapshot, HostPart part) {
  const bool ports = std::ranges::any_of(
      snapshot.hcas, [](const Hca& hca) { return std::ranges::any_of(hca.ports, MayBeInfiniBand); });
  const bool links = !snapshot.links.empty();
  switch (part) {
    case HostPart::kAdapters:
    case HostPart::kPci:
    case HostPart::kInterfaces:
      return true;
    case HostPart::kEvents:
    case HostPart::kCabling:
    case HostPart::kSm:
    case HostPart::kSa:
      return ports || links;
    case HostPart::kNeighbours:
    case HostPart::kKernelLog:
      return links;
    case HostPart::kProbes:
      return snapshot.Find(HostPart::kProbes) != nullptr;
  }
  return true;
}

// Nothing there is an answer where nothing is missed.
bool Missed(const HostSnapshot& snapshot, HostPart part) {
  switch (part) {
    case HostPart::kAdapters:
      return !snapshot.links.empty();
    case HostPart::kPci:
    case HostPart::kNeighbours:
    case HostPart::kKernelLog:
      return false;
    case HostPart::kInterfaces:
      return !snapshot.hcas.empty();
    case HostPart::kCabling:
    case HostPart::kSm:
    case HostPart::kSa:
      // Where all ports are down nobody is asked; which of them are missed, host-port-down says.
      return !snapshot.Saw(HostPart::kAdapters) || AnyMayBeActive(snapshot);
    default:
      return true;
  }
}

// Time-outs of the SM and the SA are told by sa-silent, port by port.
bool ToldElsewhere(const HostSnapshot& snapshot, HostPart part, const Error& error) {
  if (error.code != Errc::kTimeout) return false;
  const auto silent = [](const auto& question) {
    return question.answer != SaAnswer::kYes && question.answer != SaAnswer::kNo;
  };
  if (part == HostPart::kSm) return std::ranges::any_of(snapshot.sms, silent);
  if (part == HostPart::kSa) return std::ranges::any_of(snapshot.memberships, silent);
  return false;
}

struct Unseen {
  std::vector<std::string> what;  // "events"
  std::vector<Evidence> evidence;
  bool unknown = false;  // something is not known that would have been judged

  void Add(const std::string& name, std::string why, bool judged) {
    what.push_back(name);
    evidence.push_back({name, std::move(why), ""});
    unknown = unknown || judged;
  }
};

void AddParts(const HostSnapshot& snapshot, Unseen& unseen) {
  for (std::size_t i = 0; i < kHostPartCount; ++i) {
    const auto part = static_cast<HostPart>(i);
    if (!Needed(snapshot, part)) continue;
    const PartReport* report = snapshot.Find(part);
    if (report != nullptr && !report->error) continue;
    const Error error = report == nullptr ? Error{Errc::kInternal, "it was not looked at"} : *report->error;
    if (error.code == Errc::kAbsent && !Missed(snapshot, part)) continue;
    if (ToldElsewhere(snapshot, part, error)) continue;
    // Statistics judge the same as the kernel's words do.
    unseen.Add(std::string(ToString(part)), fmt::format("{}: {}", ToString(error.code), error.what),
               part != HostPart::kKernelLog);
  }
}

void AddPorts(const HostSnapshot& snapshot, Unseen& unseen) {
  if (!snapshot.Saw(HostPart::kAdapters)) return;
  for (const Hca& hca : snapshot.hcas) {
    for (const HostPort& port : hca.ports) {
      const std::string name = NameOf(HcaPortName{hca.name, port.num});
      if (port.link_layer.empty()) {
        unseen.Add("link layer of " + name, "could not be read", true);
      } else if (port.IsInfiniBand()) {
        if (port.state == PortState::kNoChange) unseen.Add("state of " + name, "could not be read", true);
        if (IsActive(port) && !port.sm_lid) unseen.Add("SM LID of " + name, "could not be read", true);
        if (Missing(port.counters_answer)) unseen.Add("counters of " + name, "could not be read", true);
      }
    }
  }
}

void AddLinks(const HostView& view, Unseen& unseen) {
  if (!view.snapshot().Saw(HostPart::kAdapters)) return;
  for (const IpoibLink& link : view.snapshot().links) {
    if (!link.Up() || view.PortOf(link) != nullptr) continue;
    unseen.Add("port of " + link.name, "it is not known which it runs over", true);
  }
}

// A peer that could not be probed at all; where none could be, the part says so.
void AddProbes(const HostSnapshot& snapshot, Unseen& unseen) {
  if (!snapshot.Saw(HostPart::kProbes)) return;
  std::set<std::string> told;
  for (const ProbeResult& probe : snapshot.probes) {
    const bool sent = std::ranges::any_of(
        snapshot.probes, [&](const ProbeResult& other) { return other.peer == probe.peer && !other.error; });
    if (sent || !told.insert(probe.peer).second) continue;
    unseen.Add("probes of " + probe.peer,
               fmt::format("{}: {}", ToString(probe.error->code), probe.error->what), true);
  }
}

void AddFaults(const HostSnapshot& snapshot, Unseen& unseen) {
  if (snapshot.faults.empty()) return;
  unseen.what.push_back(
      fmt::format("{} {} of sysfs", snapshot.faults.size(), snapshot.faults.size() == 1 ? "file" : "files"));
  for (std::size_t i = 0; i < std::min(snapshot.faults.size(), kMostFaults); ++i) {
    const FileFault& fault = snapshot.faults[i];
    unseen.evidence.push_back(
        {fault.path, fmt::format("{}: {}", ToString(fault.error.code), fault.error.what), ""});
  }
}

}  // namespace

std::vector<Suspect> FindUnseenParts(const HostView& view) {
  Unseen unseen;
  AddParts(view.snapshot(), unseen);
  AddPorts(view.snapshot(), unseen);
  AddLinks(view, unseen);
  AddProbes(view.snapshot(), unseen);
  AddFaults(view.snapshot(), unseen);
  if (unseen.what.empty()) return {};
  Suspect suspect = view.Suspected(kHostNotVisible, Subject::ThisHost(),
                                   fmt::format("Of this host could not be seen: {}", Listed(unseen.what)),
                                   std::move(unseen.evidence));
  if (!unseen.unknown) {
    suspect.finding.unknown = false;
    suspect.finding.severity = Severity::kNote;
  }
  return {std::move(suspect)};
}

}  // namespace aftershock::rules

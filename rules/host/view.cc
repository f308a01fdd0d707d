#include "rules/host/view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "rules/found.h"

namespace aftershock::rules {
namespace {

// After these the kernel renews its way to the subnet, leaves its groups or joins them again
// (drivers/infiniband/ulp/ipoib/ipoib_verbs.c, ipoib_event).
bool DisturbsPort(HostEventKind kind) {
  return kind <= HostEventKind::kClientReregister;
}

bool DisturbsDevice(HostEventKind kind) {
  return kind == HostEventKind::kDeviceFatal || kind == HostEventKind::kHcaAdded ||
         kind == HostEventKind::kHcaRemoved;
}

bool DisturbsInterface(HostEventKind kind) {
  switch (kind) {
    case HostEventKind::kLinkAdded:
    case HostEventKind::kLinkRemoved:
    case HostEventKind::kLinkMoved:
    case HostEventKind::kLinkUp:
    case HostEventKind::kLinkDown:
    case HostEventKind::kCarrierUp:
    case HostEventKind::kCarrierDown:
    case HostEventKind::kEnslaved:
    case HostEventKind::kReleased:
    case HostEventKind::kSettingsChanged:
      return true;
    default:
      return false;
  }
}

template <typename Map, typename Name>
std::optional<SteadyTime> Last(const Map& times, const Name& name) {
  const auto it = times.find(name);
  return it == times.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace

HostView::HostView(const HostSnapshot& snapshot, const HostState& state, const Settings& settings,
                   WallTime now)
    : snapshot_(snapshot), state_(state), settings_(settings), wall_(now) {
  for (const HostEvent& event : snapshot.events) {
    if (DisturbsDevice(event.kind)) device_events_[event.device] = event.at;
    if (DisturbsPort(event.kind)) port_events_[{event.device, event.port}] = event.at;
    if (DisturbsInterface(event.kind)) interface_events_[event.interface] = event.at;
  }
}

Duration HostView::Time(const RuleSpec& rule, std::string_view key) const {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(Threshold(rule, key)));
}

const HostPort* HostView::PortOf(const IpoibLink& link) const {
  return link.hca_port ? snapshot_.FindPort(*link.hca_port) : nullptr;
}

std::vector<const IpoibLink*> HostView::UpLinks(const HcaPortName& port) const {
  std::vector<const IpoibLink*> links;
  for (const IpoibLink& link : snapshot_.links) {
    if (link.Up() && link.hca_port == port) links.push_back(&link);
  }
  return links;
}

const Membership* HostView::MembershipOf(const IpoibLink& link) const {
  const HostPort* port = PortOf(link);
  const auto is_ours = [&](const Gid& gid) {
    return !link.address || gid == link.address->gid || (port != nullptr && port->gid == gid);
  };
  for (const Membership& membership : snapshot_.memberships) {
    if (membership.link != link.index || membership.interface != link.name) continue;
    if (link.hca_port && membership.port != *link.hca_port) continue;
    if (link.broadcast_group && membership.group != *link.broadcast_group) continue;
    if (is_ours(membership.port_gid)) return &membership;
  }
  return nullptr;
}

std::optional<GroupRecord> HostView::GroupOf(const IpoibLink& link) const {
  if (const Membership* own = MembershipOf(link); own != nullptr && own->record) return own->record;
  if (!link.broadcast_group) return std::nullopt;
  for (const Membership& other : snapshot_.memberships) {
    if (other.group == *link.broadcast_group && other.record) return other.record;
  }
  const auto remembered = state_.groups.find(*link.broadcast_group);
  return remembered == state_.groups.end() ? std::nullopt : std::optional(remembered->second);
}

std::optional<SteadyTime> HostView::LastDisturbance(const HcaPortName& port) const {
  return std::max(Last(port_events_, port), Last(device_events_, port.device));
}

std::optional<SteadyTime> HostView::LastDisturbance(const std::string& interface) const {
  return Last(interface_events_, interface);
}

std::optional<SteadyTime> HostView::LastDisturbance(const IpoibLink& link) const {
  const auto own = LastDisturbance(link.name);
  return link.hca_port ? std::max(own, LastDisturbance(*link.hca_port)) : own;
}

Suspect HostView::Suspected(const RuleSpec& rule, Subject subject, std::string summary,
                            std::vector<Evidence> evidence) const {
  return {Found(settings_, rule, std::move(subject), std::move(summary), std::move(evidence)), now()};
}

Subject SubjectOf(const HostView& view, const std::string& hca) {
  Guid guid{};
  if (const Hca* here = view.snapshot().FindHca(hca)) {
    guid = here->node_guid;
  } else if (const auto memory = view.state().hcas.find(hca); memory != view.state().hcas.end()) {
    guid = memory->second.node_guid;
  }
  return guid == Guid{} ? Subject::Hca(hca) : Subject::Host(guid);
}

Subject SubjectOf(const HostView& view, const HcaPortName& port) {
  const Subject hca = SubjectOf(view, port.device);
  return hca.kind == SubjectKind::kHost ? Subject::Link({hca.guid, port.port}) : Subject::Hca(ToString(port));
}

bool IsActive(const HostPort& port) {
  return port.state == PortState::kActive || port.state == PortState::kActiveDefer;
}

std::string NameOf(const HcaPortName& port) {
  return fmt::format("{} port {}", port.device, port.port);
}

std::string NameOf(const IpoibLink& link) {
  return link.hca_port ? fmt::format("{} over {}", link.name, NameOf(*link.hca_port)) : link.name;
}

}  // namespace aftershock::rules

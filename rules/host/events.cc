// hca-event-burst and ipoib-flapping: what happens again and again.
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

struct Burst {
  std::int64_t events = 0;
  SteadyTime last{};
};
using PortAndKind = std::tuple<std::uint8_t, HostEventKind>;

// Events of one adapter within the window, and its last DEVICE_FATAL.
struct DeviceEvents {
  std::map<PortAndKind, Burst> bursts;
  std::optional<SteadyTime> fatal, added;
};

bool IsBurstKind(HostEventKind kind) {
  return kind <= HostEventKind::kClientReregister;
}

bool IsEthernet(const HostSnapshot& snapshot, const HostEvent& event) {
  const HostPort* port = snapshot.FindPort({event.device, event.port});
  return port != nullptr && port->link_layer == "Ethernet";
}

std::map<std::string, DeviceEvents> CountEvents(const HostView& view) {
  const Duration window = view.Time(kHcaEventBurst, "window_seconds");
  const Duration fatal_window = view.Time(kHcaEventBurst, "fatal_window_seconds");
  std::map<std::string, DeviceEvents> devices;
  for (const HostEvent& event : view.snapshot().events) {
    if (event.device.empty() || IsEthernet(view.snapshot(), event)) continue;
    const Duration ago = view.now() - event.at;
    DeviceEvents& device = devices[event.device];
    if (event.kind == HostEventKind::kHcaAdded) device.added = event.at;
    if (event.kind == HostEventKind::kDeviceFatal && ago <= fatal_window) device.fatal = event.at;
    if (!IsBurstKind(event.kind) || ago > window) continue;
    Burst& burst = device.bursts[{event.port, event.kind}];
    ++burst.events;
    burst.last = event.at;
  }
  return devices;
}

// A fault that the adapter came back from is no fault any more.
bool Broken(const DeviceEvents& device) {
  return device.fatal && (!device.added || *device.added < *device.fatal);
}

std::optional<Suspect> Burstiness(const HostView& view, const std::string& name, const DeviceEvents& device) {
  const double limit = view.Threshold(kHcaEventBurst, "events");
  const std::string in = "in " + DurationText(view.Threshold(kHcaEventBurst, "window_seconds"));
  std::vector<std::string> parts;
  std::vector<Evidence> evidence;
  if (device.fatal) {
    const std::string what = DisplayName(HostEventKind::kDeviceFatal);
    parts.push_back(Broken(device) ? "reported " + what : "reported " + what + " and came back");
    evidence.push_back({what, ToSeconds(std::max(Duration{0}, view.now() - *device.fatal)), "s ago"});
  }
  bool burst = false;
  for (const auto& [key, events] : device.bursts) {
    if (static_cast<double>(events.events) <= limit) continue;
    burst = true;
    const auto& [port, kind] = key;
    parts.push_back(
        fmt::format("had {} {} events at port {} {}", events.events, DisplayName(kind), port, in));
    evidence.push_back({fmt::format("{} at port {}", DisplayName(kind), port), events.events,
                        fmt::format("events {} (limit {:.0f})", in, limit)});
  }
  if (parts.empty()) return std::nullopt;
  Suspect suspect = view.Suspected(kHcaEventBurst, SubjectOf(view, name),
                                   fmt::format("Adapter {} {}", name, Listed(parts)), std::move(evidence));
  if (Broken(device)) {
    suspect.finding.severity = Severity::kCritical;
  } else if (!burst) {
    suspect.finding.severity = Severity::kNote;
  }
  return suspect;
}

}  // namespace

std::vector<Suspect> FindEventBursts(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const auto& [name, device] : CountEvents(view)) {
    if (auto suspect = Burstiness(view, name, device)) suspects.push_back(std::move(*suspect));
  }
  return suspects;
}

std::vector<Suspect> FindFlappingInterfaces(const HostView& view) {
  std::vector<Suspect> suspects;
  const double limit = view.Threshold(kIpoibFlapping, "flaps");
  const std::string in = DurationText(view.Threshold(kIpoibFlapping, "window_seconds"));
  for (const IpoibLink& link : view.snapshot().links) {
    const auto memory = view.state().links.find(link.name);
    if (memory == view.state().links.end()) continue;
    const std::size_t flaps = memory->second.flaps.size();
    if (flaps == 0 || static_cast<double>(flaps) < limit) continue;
    std::vector<Evidence> evidence{{"carrier losses", static_cast<std::int64_t>(flaps), "in " + in}};
    if (link.carrier_changes) {
      evidence.push_back(
          {"carrier changes", std::int64_t{*link.carrier_changes}, "since the interface was made"});
    }
    suspects.push_back(
        view.Suspected(kIpoibFlapping, Subject::Interface(link.name),
                       fmt::format("{} lost its carrier {} times in the last {}", NameOf(link), flaps, in),
                       std::move(evidence)));
    Recurrence& recurs = suspects.back().finding.recurs.emplace();
    recurs.limit = static_cast<std::uint32_t>(std::ceil(limit));
    std::optional<Subject> port;
    if (link.hca_port) port = SubjectOf(view, *link.hca_port);
    for (const SteadyTime at : memory->second.flaps) {
      const WallTime wall =
          view.snapshot().taken - std::chrono::duration_cast<std::chrono::milliseconds>(view.now() - at);
      recurs.seen.push_back({wall, wall, 1, port});
    }
  }
  return suspects;
}

}  // namespace aftershock::rules

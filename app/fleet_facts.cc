#include "app/fleet_facts.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/text_file.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// No name of a port, so that no plane has it.
constexpr const char* kUplinks = "uplinks";

bool HasPort(const HostImage& host, Guid guid) {
  return guid != Guid{} && std::ranges::any_of(host.hcas, [&](const HcaImage& hca) {
           return std::ranges::count(hca.port_guids, guid) != 0;
         });
}

void Shift(Recurrence& recurs, milliseconds by) {
  for (Occurrence& seen : recurs.seen) {
    seen.from += by;
    seen.until += by;
  }
}

}  // namespace

std::string SilentText(const FleetReport& fleet, SteadyTime now) {
  std::string text;
  for (const FleetHost& host : fleet.hosts) {
    if (Reports(host, fleet, now)) continue;
    for (const Guid node : host.nodes) text += ToString(node) + " ";
    text += fmt::format("\t{} does not report ({})\n", Printable(NameOf(host)),
                        host.why_silent.empty() ? "it was not heard lately" : Printable(host.why_silent));
  }
  return text;
}

std::vector<std::string> SilentAmong(std::string_view text, std::span<const Guid> nodes) {
  std::vector<std::string> clauses;
  for (const std::string_view line : Lines(text)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const bool among = std::ranges::any_of(
        nodes, [&](Guid node) { return line.substr(0, tab).find(ToString(node)) != std::string_view::npos; });
    if (among) clauses.emplace_back(line.substr(tab + 1));
  }
  return clauses;
}

bool IsAmong(const HostImage& host, const std::map<std::string, HostImage>& hosts) {
  return std::ranges::any_of(hosts, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.hcas, [&](const HcaImage& hca) {
      return std::ranges::any_of(hca.port_guids, [&](Guid guid) { return HasPort(host, guid); });
    });
  });
}

std::vector<Finding> HearingHosts::Hear(const FleetReport& fleet, WallTime now, SteadyTime at) {
  std::vector<Finding> told;
  std::map<std::string, Heard> heard;
  for (const FleetHost& host : fleet.hosts) {
    if (!host.heard) continue;
    const auto known = heard_.find(host.target);
    Heard current{*host.heard, now, std::nullopt};
    if (known != heard_.end()) {
      current = known->second;
      if (current.heard != *host.heard) current = {*host.heard, now, known->second.at};
    }
    heard.emplace(host.target, current);
    for (const ToldFinding& item : host.findings) {
      Finding finding = item.finding;
      const Duration age = item.stood.value_or(Duration::zero()) + (at - *host.heard);
      finding.since = now - duration_cast<milliseconds>(age);
      if (current.before) finding.since = std::max(*finding.since, *current.before);
      if (finding.recurs)
        Shift(*finding.recurs, now - duration_cast<milliseconds>(at - *host.heard) - item.served);
      told.push_back(std::move(finding));
    }
  }
  heard_ = std::move(heard);
  return told;
}

void Uplinks::See(const HostSnapshot& host) {
  for (const Hca& hca : host.hcas) {
    for (const HostPort& port : hca.ports) {
      if (port.uplink && *port.uplink)
        far_[{hca.node_guid, port.num}] = {(*port.uplink)->node, (*port.uplink)->port};
    }
  }
}

Image Uplinks::Around(Image image) const {
  FabricImage& plane = image.planes[kUplinks];
  std::set<Guid> nodes;
  for (const auto& [near, far] : far_) {
    plane.cables.push_back({std::min(near, far), std::max(near, far)});
    nodes.insert(far.node);
  }
  std::ranges::sort(plane.cables);
  for (const Guid node : nodes) {
    NodeImage& shown = plane.nodes.emplace_back();
    shown.guid = node;
    shown.type = NodeType::kSwitch;
  }
  return image;
}

}  // namespace aftershock::app

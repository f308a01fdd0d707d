#include "model/json/image.h"

#include <utility>

#include "model/json/image_fields.h"
#include "model/json/snapshot.h"
#include "model/json/table_text.h"
#include "model/json/writer.h"

namespace aftershock {
namespace {

using codec::Encode;
using nlohmann::json;

// The elements of lists a line each.
std::string Text(json section) {
  section["schema"] = kJsonSchema;
  std::string text = "{";
  for (const auto& [key, value] : section.items()) {
    if (text.size() > 1) text += ",\n";
    text += json(key).dump() + ":";
    if (!value.is_array()) {
      text += value.dump();
      continue;
    }
    text += "[";
    for (std::size_t i = 0; i < value.size(); ++i) text += (i == 0 ? "\n" : ",\n") + value[i].dump();
    text += "\n]";
  }
  return text + "\n}\n";
}

json Ports(const std::vector<PortKey>& ports) {
  json list = json::array();
  for (const PortKey& port : ports) list.push_back({Encode(port.node), port.port});
  return list;
}

// A switch a line, so that what a new route touches is some lines.
json RoutingOf(const RoutingImage& routing) {
  json linear = json::array(), lanes = json::array(), adaptive = json::array();
  for (const auto& [guid, table] : routing.linear) linear.push_back({Encode(guid), codec::Encode(*table)});
  for (const auto& [guid, table] : routing.sl_to_vl) lanes.push_back({Encode(guid), codec::Encode(*table)});
  for (const Guid guid : routing.adaptive) adaptive.push_back(Encode(guid));
  json section{
      {"linear", std::move(linear)}, {"sl_to_vl", std::move(lanes)}, {"adaptive", std::move(adaptive)}};
  if (!routing.facts) return section;
  section["facts"] = {{"complete", routing.facts->complete}};
  if (routing.facts->up_down) section["facts"]["up_down"] = *routing.facts->up_down;
  if (routing.facts->looped) section["looped"] = Ports(*routing.facts->looped);
  return section;
}

void AddPlane(const std::string& name, const FabricImage& plane, Sections& sections) {
  const auto add = [&](const char* section, json content) {
    sections.emplace("plane " + Printable(name) + " " + section, Text(std::move(content)));
  };
  json cables = json::array(), speeds = json::array(), lids = json::array(), firmware = json::array();
  for (const auto& [a, b] : plane.cables) cables.push_back({Encode(a.node), a.port, Encode(b.node), b.port});
  for (const auto& [port, speed] : plane.speeds) {
    speeds.push_back({Encode(port.node), port.port, speed.width, Encode(speed.speed)});
  }
  for (const auto& [port, lid] : plane.lids) {
    lids.push_back({Encode(port.node), port.port, Encode(lid.lid), lid.lmc});
  }
  for (const auto& [guid, f] : plane.firmware) {
    firmware.push_back({Encode(guid), f.vendor_id, f.device_id, f.revision});
  }
  add("topology", {{"nodes", Encode(plane.nodes)}, {"cables", std::move(cables)}});
  add("speeds", {{"speeds", std::move(speeds)}});
  add("lids", {{"lids", std::move(lids)}});
  add("firmware", {{"firmware", std::move(firmware)}});
  json p_keys = json::array();
  for (const auto& [port, keys] : plane.p_keys) p_keys.push_back({Encode(port.node), port.port, keys});
  if (!p_keys.empty()) add("partitions", {{"p_keys", std::move(p_keys)}});
  add("unseen", {{"duplicates", plane.duplicates}, {"ports", Ports(plane.unseen)}});
  if (plane.sm) add("sm", {{"sm", Encode(*plane.sm)}});
  if (plane.routing) add("routing", RoutingOf(*plane.routing));
}

template <typename Item>
json OfHost(const std::string& host, const std::vector<Item>& items) {
  return Encode(codec::OfHost<Item>{host, items});
}

void AddHosts(const std::map<std::string, HostImage>& hosts, Sections& sections) {
  json adapters = json::array(), interfaces = json::array(), bonds = json::array(), members = json::array();
  for (const auto& [name, host] : hosts) {
    adapters.push_back(OfHost(name, host.hcas));
    if (host.interfaces) interfaces.push_back(OfHost(name, *host.interfaces));
    if (host.bonds) bonds.push_back(OfHost(name, *host.bonds));
    if (!host.members.empty()) members.push_back(OfHost(name, host.members));
  }
  sections.emplace("hosts adapters", Text({{"hosts", std::move(adapters)}}));
  sections.emplace("hosts interfaces", Text({{"hosts", std::move(interfaces)}}));
  sections.emplace("hosts bonds", Text({{"hosts", std::move(bonds)}}));
  sections.emplace("hosts members", Text({{"hosts", std::move(members)}}));
}

}  // namespace

Sections ToSections(const Image& image) {
  Sections sections;
  for (const auto& [name, plane] : image.planes) AddPlane(name, plane, sections);
  if (!image.hosts.empty()) AddHosts(image.hosts, sections);
  if (image.pairs) {
    json groups = json::array();
    for (const PairImage& pair : *image.pairs) {
      codec::PairItem item{pair.name, {}};
      for (const auto& [guid, state] : pair.members) item.members.push_back({guid, state});
      groups.push_back(Encode(item));
    }
    sections.emplace("pairs", Text({{"pairs", std::move(groups)}}));
  }
  return sections;
}

}  // namespace aftershock

#include "rules/windows/accept_into.h"

#include <algorithm>
#include <set>
#include <utility>

#include "rules/windows/place.h"

namespace aftershock::rules {
namespace {

template <typename Map>
void Replace(Map& into, const Map& from, const auto& meant) {
  std::erase_if(into, [&](const auto& entry) { return meant(entry.first); });
  for (const auto& entry : from) {
    if (meant(entry.first)) into.insert(entry);
  }
}

template <typename List>
void ReplaceItems(List& into, const List& from, const auto& meant) {
  std::erase_if(into, meant);
  std::copy_if(from.begin(), from.end(), std::back_inserter(into), meant);
}

void AcceptNodes(const std::set<Guid>& nodes, const FabricImage& now, FabricImage& into) {
  const auto has = [&](Guid guid) { return nodes.contains(guid); };
  const auto has_port = [&](const PortKey& key) { return has(key.node); };
  ReplaceItems(into.nodes, now.nodes, [&](const NodeImage& node) { return has(node.guid); });
  std::ranges::sort(into.nodes, {}, &NodeImage::guid);
  // The speed of a cable stands at its lesser end, which may be another node's.
  std::set<PortKey> ends;
  for (const FabricImage* image : {&now, static_cast<const FabricImage*>(&into)}) {
    for (const CableImage& cable : image->cables) {
      if (has(cable.a.node) || has(cable.b.node)) ends.insert(cable.a);
    }
  }
  ReplaceItems(into.cables, now.cables,
               [&](const CableImage& cable) { return has(cable.a.node) || has(cable.b.node); });
  std::ranges::sort(into.cables);
  Replace(into.speeds, now.speeds, [&](const PortKey& key) { return ends.contains(key); });
  Replace(into.lids, now.lids, has_port);
  Replace(into.p_keys, now.p_keys, has_port);
  Replace(into.firmware, now.firmware, has);
}

void AcceptLink(const PortKey& port, const FabricImage& now, FabricImage& into) {
  std::set<PortKey> ends{port};
  for (const FabricImage* image : {&now, static_cast<const FabricImage*>(&into)}) {
    if (const auto far = image->FarEnd(port)) ends.insert(*far);
  }
  ReplaceItems(into.cables, now.cables,
               [&](const CableImage& cable) { return ends.contains(cable.a) || ends.contains(cable.b); });
  std::ranges::sort(into.cables);
  Replace(into.speeds, now.speeds, [&](const PortKey& key) { return ends.contains(key); });
  Replace(into.p_keys, now.p_keys, [&](const PortKey& key) { return ends.contains(key); });
}

void AcceptPair(const std::string& name, const Image& now, Image& into) {
  if (!now.pairs || !into.pairs) return;
  ReplaceItems(*into.pairs, *now.pairs, [&](const PairImage& pair) { return pair.name == name; });
  std::ranges::sort(*into.pairs, {}, &PairImage::name);
}

// Routes follow from the whole: there is no part to take. What they amount to stays as it was, or a circle of
// credits would be accepted with the switch that it came from.
void AcceptRoutes(const FabricImage& now, FabricImage& into) {
  const auto before = std::exchange(into.routing, now.routing);
  if (before && into.routing) into.routing->facts = before->facts;
}

}  // namespace

Image AcceptInto(Image baseline, const Image& now, const ScopeItem& item) {
  if (item.subject.kind == SubjectKind::kFabric) return now;
  if (item.subject.kind == SubjectKind::kPair) {
    AcceptPair(item.subject.name, now, baseline);
    return baseline;
  }
  const PortKey port{item.subject.guid, item.subject.port};
  // With a name comes what had it before, and what has it now in its place.
  std::set<Guid> nodes = Surroundings(&now).NodesOf(item);
  nodes.merge(Surroundings(&baseline).NodesOf(item));
  nodes.merge(StandIns(item, baseline, now));
  nodes.merge(StandIns(item, now, baseline));
  for (const auto& [plane, fabric] : now.planes) {
    const auto into = baseline.planes.find(plane);
    if (into == baseline.planes.end()) continue;
    if (item.subject.kind == SubjectKind::kLink) {
      AcceptLink(port, fabric, into->second);
    } else {
      AcceptNodes(nodes, fabric, into->second);
    }
    AcceptRoutes(fabric, into->second);
  }
  const bool host = item.subject.kind == SubjectKind::kHost || item.subject.kind == SubjectKind::kThisHost;
  if (host) Replace(baseline.hosts, now.hosts, [&](const std::string& name) { return name == item.name; });
  return baseline;
}

}  // namespace aftershock::rules

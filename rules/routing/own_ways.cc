#include "rules/routing/own_ways.h"

#include <algorithm>

#include "rules/routing/way.h"

namespace aftershock::rules {
namespace {

bool Fails(const Way& way) {
  return way.outcome != Outcome::kArrives && way.outcome != Outcome::kUnknown;
}

}  // namespace

OwnWays::OwnWays(const FabricSnapshot& snapshot) : map_(snapshot) {
  const auto own = std::ranges::find_if(snapshot.nodes, [](const Node& n) { return n.route.empty(); });
  if (own == snapshot.nodes.end()) return;
  if (own->IsSwitch()) {
    own_switch_ = map_.SwitchOf(static_cast<RoutingMap::Index>(own - snapshot.nodes.begin()));
    return;
  }
  const auto end = std::ranges::find_if(map_.ends(), [&](const RoutingMap::End& e) {
    return e.node == &*own && e.port->num == snapshot.local.port;
  });
  if (end == map_.ends().end()) return;
  own_switch_ = end->sw;
  own_entry_ = end->sw_port;
}

void OwnWays::Follow(RoutingMap::Index sw, std::uint8_t port, Lid lid, std::vector<Guid>& astray) const {
  for (const Way& way : {rules::Follow(map_, own_switch_, own_entry_, lid),
                         rules::Follow(map_, sw, port, map_.snapshot().local.lid)}) {
    if (!Fails(way)) continue;
    const std::size_t first = way.outcome == Outcome::kLoop ? way.loop_from : way.hops.size() - 1;
    for (std::size_t i = first; i < way.hops.size(); ++i)
      astray.push_back(map_.switches()[way.hops[i].sw].node->guid);
  }
}

std::vector<Guid> OwnWays::Astray(const Node& node) const {
  std::vector<Guid> astray;
  if (own_switch_ == RoutingMap::kNone) return astray;
  if (node.IsSwitch()) {
    const auto at = static_cast<RoutingMap::Index>(&node - map_.snapshot().nodes.data());
    const RoutingMap::Index sw = map_.SwitchOf(at);
    const Port* port = node.FindPort(0);
    if (sw != RoutingMap::kNone && port != nullptr && port->info) Follow(sw, 0, port->info->lid, astray);
    return astray;
  }
  for (const RoutingMap::End& end : map_.ends()) {
    if (end.node == &node && end.active && Missing(end.port->counters_answer))
      Follow(end.sw, end.sw_port, Lid{end.lid}, astray);
  }
  return astray;
}

}  // namespace aftershock::rules

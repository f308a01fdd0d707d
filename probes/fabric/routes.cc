#include "probes/fabric/routes.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "probes/mad/request.h"

namespace aftershock::fabric {
namespace {

constexpr std::uint32_t kNobody = 0xffffffff;

// One end of a cable, as the way out of a node.
struct Exit {
  std::uint32_t node = kNobody;
  std::uint8_t port = 0;
};

bool Passable(const FabricSnapshot& snapshot, const Port& port) {
  if (!port.Linked() || !port.peer) return false;
  const Port* far = snapshot.PeerPort(port);
  return far != nullptr && (far->Linked() || !far->info);
}

bool Forwards(const Node& node) {
  return node.IsSwitch() && !Missing(node.answer) && !node.duplicate;
}

// Routes that share no link, by augmenting paths over cables of capacity one.
class Flow {
 public:
  Flow(const FabricSnapshot& snapshot, const std::vector<Start>& starts, std::uint32_t target,
       bool share_own_cable)
      : snapshot_(snapshot), starts_(starts), target_(target), share_(share_own_cable) {
    first_.reserve(snapshot.nodes.size());
    std::size_t ports = 0;
    for (const Node& node : snapshot.nodes) {
      first_.push_back(ports);
      ports += node.ports.size();
    }
    used_.resize(ports);
    start_used_.resize(starts.size());
  }

  std::vector<LivenessRoute> Routes(std::size_t wanted) {
    std::size_t found = 0;
    while (found < wanted && Augment()) ++found;
    std::vector<LivenessRoute> routes;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      for (std::uint32_t n = 0; n < start_used_[i]; ++n) routes.push_back(Follow(starts_[i]));
    }
    std::ranges::stable_sort(routes, {}, [](const LivenessRoute& r) { return r.exits.size(); });
    std::erase_if(routes, [](const LivenessRoute& r) { return r.exits.size() > mad::kMaxHops; });
    return routes;
  }

 private:
  struct Step {
    std::uint32_t from = kNobody;  // kNobody: the start of that index
    std::uint8_t port = 0;
    std::size_t start = 0;
    bool back = false;  // takes an earlier route's link back
  };

  std::size_t Index(std::uint32_t node, std::uint8_t num) const {
    const Node& n = snapshot_.nodes[node];
    return first_[node] + static_cast<std::size_t>(n.FindPort(num) - n.ports.data());
  }

  // The node behind a start's cable, or the one we are on.
  std::uint32_t Behind(const Start& start) const {
    if (start.port == 0) return start.node;
    return snapshot_.nodes[start.node].FindPort(start.port)->peer->node;
  }

  bool Augment() {
    std::vector<std::optional<Step>> reached(snapshot_.nodes.size());
    std::deque<std::uint32_t> next;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      const std::uint32_t node = Behind(starts_[i]);
      // A second route to our own neighbour by the same cable would be the first one.
      const bool free = start_used_[i] == 0 || (share_ && node != target_);
      if (!free || reached[node]) continue;
      reached[node] = Step{kNobody, 0, i, false};
      next.push_back(node);
    }
    while (!next.empty() && !reached[target_]) {
      const std::uint32_t at = next.front();
      next.pop_front();
      if (Forwards(snapshot_.nodes[at])) Spread(at, reached, next);
    }
    if (!reached[target_]) return false;
    TakeLinks(reached);
    return true;
  }

  void Spread(std::uint32_t at, std::vector<std::optional<Step>>& reached, std::deque<std::uint32_t>& next) {
    for (const Port& port : snapshot_.nodes[at].ports) {
      if (port.num == 0 || !Passable(snapshot_, port)) continue;
      const std::uint32_t far = port.peer->node;
      if (!snapshot_.nodes[far].IsSwitch() || reached[far] || used_[Index(at, port.num)]) continue;
      if (far != target_ && !Forwards(snapshot_.nodes[far])) continue;
      reached[far] = Step{at, port.num, 0, used_[Index(far, port.peer->port)]};
      next.push_back(far);
    }
  }

  void TakeLinks(const std::vector<std::optional<Step>>& reached) {
    std::uint32_t at = target_;
    while (reached[at]->from != kNobody) {
      const Step& step = *reached[at];
      const Port& port = *snapshot_.nodes[step.from].FindPort(step.port);
      if (step.back) {
        used_[Index(at, port.peer->port)] = false;
      } else {
        used_[Index(step.from, step.port)] = true;
      }
      at = step.from;
    }
    ++start_used_[reached[at]->start];
  }

  // Along the links that are used, each of them once.
  LivenessRoute Follow(const Start& start) {
    LivenessRoute route{start.entrance, {}, {}};
    if (start.port != 0) route.exits.push_back(start.port);
    std::uint32_t at = Behind(start);
    while (at != target_) {
      const Node& node = snapshot_.nodes[at];
      route.via.push_back(node.guid);
      const auto out = std::ranges::find_if(node.ports, [&](const Port& port) {
        return used_[first_[at] + static_cast<std::size_t>(&port - node.ports.data())];
      });
      if (out == node.ports.end()) return route;
      used_[Index(at, out->num)] = false;
      route.exits.push_back(out->num);
      at = out->peer->node;
    }
    return route;
  }

  const FabricSnapshot& snapshot_;
  const std::vector<Start>& starts_;
  std::uint32_t target_;
  bool share_;
  std::vector<std::size_t> first_;         // index of each node's first port
  std::vector<bool> used_;                 // a route leaves by this port
  std::vector<std::uint32_t> start_used_;  // by so many routes
};

// A shortest route to every switch that does not lead through `avoided`.
std::vector<std::optional<LivenessRoute>> RoutesAvoiding(const FabricSnapshot& snapshot,
                                                         const std::vector<Start>& starts,
                                                         std::uint32_t avoided) {
  std::vector<std::optional<LivenessRoute>> routes(snapshot.nodes.size());
  std::deque<std::uint32_t> next;
  const auto reach = [&](std::uint32_t node, LivenessRoute route) {
    if (node == avoided || routes[node] || route.exits.size() >= mad::kMaxHops) return;
    if (!Forwards(snapshot.nodes[node])) return;
    routes[node] = std::move(route);
    next.push_back(node);
  };
  for (const Start& start : starts) {
    if (start.port == 0) {
      reach(start.node, {start.entrance, {}, {}});
    } else {
      reach(snapshot.nodes[start.node].FindPort(start.port)->peer->node, {start.entrance, {start.port}, {}});
    }
  }
  while (!next.empty()) {
    const std::uint32_t at = next.front();
    next.pop_front();
    for (const Port& port : snapshot.nodes[at].ports) {
      if (port.num == 0 || !Passable(snapshot, port)) continue;
      LivenessRoute further = *routes[at];
      further.exits.push_back(port.num);
      further.via.push_back(snapshot.nodes[at].guid);
      reach(port.peer->node, std::move(further));
    }
  }
  return routes;
}

}  // namespace

std::optional<Start> FindStart(const FabricSnapshot& snapshot, const std::string& entrance, Guid port_guid) {
  for (std::uint32_t i = 0; i < snapshot.nodes.size(); ++i) {
    const Node& node = snapshot.nodes[i];
    if (node.IsSwitch()) {
      const bool ours = !node.ports.empty() && node.ports.front().guid == port_guid && node.route.empty();
      if (ours) return Start{entrance, i, 0};
      continue;
    }
    for (const Port& port : node.ports) {
      if (port.guid != port_guid || !port.Linked() || !port.peer) continue;
      return Start{entrance, i, port.num};
    }
  }
  return std::nullopt;
}

std::vector<LivenessRoute> DisjointRoutes(const FabricSnapshot& snapshot, const std::vector<Start>& starts,
                                          std::uint32_t target, std::size_t wanted) {
  auto apart = Flow(snapshot, starts, target, /*share_own_cable=*/false).Routes(wanted);
  if (apart.size() >= wanted) return apart;
  auto sharing = Flow(snapshot, starts, target, /*share_own_cable=*/true).Routes(wanted);
  return sharing.size() > apart.size() ? sharing : apart;
}

std::vector<Neighbour> Neighbours(const FabricSnapshot& snapshot, const std::vector<Start>& starts,
                                  std::uint32_t target, std::size_t most) {
  const auto routes = RoutesAvoiding(snapshot, starts, target);
  std::vector<Neighbour> switches, adapters;
  for (const Port& port : snapshot.nodes[target].ports) {
    if (port.num == 0 || !port.peer || port.peer->node == target) continue;
    const Node& far = snapshot.nodes[port.peer->node];
    const PortKey key{far.guid, port.peer->port};
    if (far.IsSwitch()) {
      const auto& route = routes[port.peer->node];
      if (route && switches.size() < most) switches.push_back({key, *route});
      continue;
    }
    // An adapter tells of all of its ports by any of them.
    for (const Port& other : far.ports) {
      if (adapters.size() == most || other.num == key.port || !Passable(snapshot, other)) continue;
      const auto& route = routes[other.peer->node];
      if (!route) continue;
      LivenessRoute there = *route;
      there.exits.push_back(other.peer->port);
      there.via.push_back(snapshot.nodes[other.peer->node].guid);
      adapters.push_back({key, std::move(there)});
      break;
    }
  }
  std::ranges::move(adapters, std::back_inserter(switches));
  return switches;
}

}  // namespace aftershock::fabric

#include "route_fabric.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <queue>
#include <stdexcept>

namespace aftershock::tests {
namespace {

constexpr int kFar = std::numeric_limits<int>::max() / 2;

bool Usable(const Port& port) {
  return port.num != 0 && port.Linked() && port.info->state == PortState::kActive && port.peer;
}

struct Place {
  std::uint32_t node;
  const Port* port;
};

// Who has each LID.
std::map<std::uint16_t, Place> Owners(const FabricSnapshot& snapshot) {
  std::map<std::uint16_t, Place> owners;
  for (std::uint32_t n = 0; n < snapshot.nodes.size(); ++n) {
    const Node& node = snapshot.nodes[n];
    for (const Port& port : node.ports) {
      if (node.IsSwitch() ? port.num != 0 : !Usable(port)) continue;
      const auto first = static_cast<unsigned>(port.info->lid);
      for (unsigned lid = first; lid < first + (1u << port.info->lmc); ++lid)
        owners[static_cast<std::uint16_t>(lid)] = {n, &port};
    }
  }
  return owners;
}

void SetEntry(Node& node, unsigned lid, int exit) {
  auto table = node.tables.linear.table ? std::make_shared<LinearTable>(*node.tables.linear.table)
                                        : std::make_shared<LinearTable>();
  if (table->exit.size() <= lid) table->exit.resize(lid + 1, LinearTable::kNoExit);
  table->exit[lid] = static_cast<std::uint8_t>(exit);
  node.tables.linear.table = std::move(table);
  node.tables.linear.answer = Answer::kAnswered;
}

// Distances to a node over usable cables; only `may` steps from a node, by a port, are taken.
using May = std::function<bool(std::uint32_t from, std::uint32_t to)>;

std::vector<int> Distances(const FabricSnapshot& snapshot, const Place& to, const May& may) {
  std::vector<int> distance(snapshot.nodes.size(), kFar);
  std::queue<std::uint32_t> queue;
  distance[to.node] = 0;
  queue.push(to.node);
  while (!queue.empty()) {
    const std::uint32_t at = queue.front();
    queue.pop();
    if (at != to.node && !snapshot.nodes[at].IsSwitch()) continue;
    for (const Port& port : snapshot.nodes[at].ports) {
      if (!Usable(port)) continue;
      if (!snapshot.nodes[at].IsSwitch() && &port != to.port) continue;  // another port has other LIDs
      const std::uint32_t from = port.peer->node;
      if (!snapshot.nodes[from].IsSwitch() || distance[from] != kFar || !may(from, at)) continue;
      distance[from] = distance[at] + 1;
      queue.push(from);
    }
  }
  return distance;
}

void FillToward(FabricSnapshot& snapshot, unsigned lid, const Place& owner, const std::vector<int>& distance,
                const May& may, bool balanced) {
  for (std::uint32_t n = 0; n < snapshot.nodes.size(); ++n) {
    Node& node = snapshot.nodes[n];
    if (!node.IsSwitch()) continue;
    if (n == owner.node) {
      SetEntry(node, lid, 0);
      continue;
    }
    std::vector<int> exits;
    for (const Port& port : node.ports) {
      if (!Usable(port) || distance[n] == kFar || distance[port.peer->node] != distance[n] - 1) continue;
      const bool last = port.peer->node == owner.node;
      if (!may(n, port.peer->node)) continue;
      if (last && port.peer->port != owner.port->num && !snapshot.nodes[owner.node].IsSwitch()) continue;
      exits.push_back(port.num);
    }
    if (!exits.empty()) SetEntry(node, lid, exits[balanced ? lid % exits.size() : 0]);
  }
}

}  // namespace

Node& Routed::At(const std::string& name) {
  for (Node& node : snapshot.nodes) {
    if (node.name == name) return node;
  }
  throw std::out_of_range(name);
}

Lid Routed::LidOf(const std::string& name, int port) {
  const Node& node = At(name);
  return node.FindPort(static_cast<std::uint8_t>(node.IsSwitch() ? 0 : std::max(port, 1)))->info->lid;
}

void Routed::Set(const std::string& sw, Lid lid, int exit) {
  SetEntry(At(sw), static_cast<unsigned>(lid), exit);
}

int Routed::ExitOf(const std::string& sw, Lid lid) {
  return At(sw).tables.linear.table->ExitOf(lid);
}

void Routed::ReadAgain(std::uint32_t sweep) {
  for (Node& node : snapshot.nodes) {
    if (node.IsSwitch()) node.tables.linear.sweep = sweep;
  }
}

void SpreadLids(FabricSnapshot& snapshot, int lmc) {
  unsigned next = 16;
  for (Node& node : snapshot.nodes) {
    for (Port& port : node.ports) {
      if (node.IsSwitch()) continue;
      port.info->lid = static_cast<Lid>(next);
      port.info->lmc = static_cast<std::uint8_t>(lmc);
      next += 1u << lmc;
    }
  }
  for (Node& node : snapshot.nodes) {
    if (!node.IsSwitch()) continue;
    for (Port& port : node.ports) port.info->lid = static_cast<Lid>(next);
    ++next;
  }
}

Routed RouteMinHop(FabricSnapshot snapshot, bool balanced) {
  for (const auto& [lid, owner] : Owners(snapshot)) {
    const May may = [](auto, auto) { return true; };
    FillToward(snapshot, lid, owner, Distances(snapshot, owner, may), may, balanced);
  }
  return {std::move(snapshot)};
}

Routed RouteUpDown(FabricSnapshot snapshot, const std::vector<std::string>& roots) {
  const std::size_t count = snapshot.nodes.size();
  std::vector<int> rank(count, kFar);
  for (std::uint32_t n = 0; n < count; ++n) {
    if (std::ranges::find(roots, snapshot.nodes[n].name) == roots.end()) continue;
    const auto from_root = Distances(snapshot, {n, nullptr}, [](auto, auto) { return true; });
    for (std::size_t i = 0; i < count; ++i) rank[i] = std::min(rank[i], from_root[i]);
  }
  for (const auto& [lid, owner] : Owners(snapshot)) {
    // Down to it from those above; then up to those from the rest.
    const auto down = Distances(snapshot, owner, [&](auto from, auto to) { return rank[from] < rank[to]; });
    auto distance = down;
    std::vector<std::uint32_t> by_rank(count);
    for (std::uint32_t n = 0; n < count; ++n) by_rank[n] = n;
    std::ranges::stable_sort(by_rank, {}, [&](auto n) { return rank[n]; });
    for (const std::uint32_t n : by_rank) {
      if (!snapshot.nodes[n].IsSwitch() || distance[n] != kFar) continue;
      for (const Port& port : snapshot.nodes[n].ports) {
        if (Usable(port) && rank[port.peer->node] < rank[n] && snapshot.nodes[port.peer->node].IsSwitch())
          distance[n] = std::min(distance[n], distance[port.peer->node] + 1);
      }
    }
    const May may = [&](auto from, auto to) { return rank[to] < rank[from] || down[to] != kFar; };
    FillToward(snapshot, lid, owner, distance, may, true);
  }
  return {std::move(snapshot)};
}

FabricSnapshot Ring(int switches, int hosts_each) {
  FabricBuilder fabric;
  std::vector<Guid> hosts, ring;
  for (int i = 0; i < switches * hosts_each; ++i) {
    const int which = i % hosts_each;
    hosts.push_back(fabric.AddHost("h" + std::to_string(i / hosts_each) +
                                   (which == 0 ? "" : std::string(1, static_cast<char>('a' + which)))));
  }
  for (int i = 0; i < switches; ++i) ring.push_back(fabric.AddSwitch("s" + std::to_string(i)));
  for (int i = 0; i < switches; ++i) {
    const auto at = static_cast<std::size_t>(i);
    for (int h = 0; h < hosts_each; ++h)
      fabric.Connect(hosts[static_cast<std::size_t>(i * hosts_each + h)], 1, ring[at], 1 + h);
    fabric.Connect(ring[at], 7, ring[(at + 1) % ring.size()], 8);
  }
  return fabric.Build();
}

FabricSnapshot Torus(int rows, int columns) {
  FabricBuilder fabric;
  std::vector<Guid> hosts, switches;
  for (int i = 0; i < rows * columns; ++i) hosts.push_back(fabric.AddHost("h" + std::to_string(i)));
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c)
      switches.push_back(fabric.AddSwitch("s" + std::to_string(r) + "-" + std::to_string(c)));
  }
  const auto at = [&](int r, int c) {
    return switches[static_cast<std::size_t>((r % rows) * columns + c % columns)];
  };
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      fabric.Connect(hosts[static_cast<std::size_t>(r * columns + c)], 1, at(r, c), 1);
      fabric.Connect(at(r, c), 2, at(r, c + 1), 3);
      fabric.Connect(at(r, c), 4, at(r + 1, c), 5);
    }
  }
  return fabric.Build();
}

namespace {

// Goes from switch to switch; tells of each exit that leads to another switch.
std::string NaiveWalk(const FabricSnapshot& snapshot, const Node& from, const Port& port, Lid to,
                      std::vector<Exit>* exits) {
  const auto owners = Owners(snapshot);
  const auto owner = owners.at(static_cast<std::uint16_t>(to));
  std::set<std::uint32_t> seen;
  if (snapshot.nodes[port.peer->node].guid == from.guid) return "unknown";
  for (std::uint32_t at = port.peer->node;;) {
    const Node& node = snapshot.nodes[at];
    if (!seen.insert(at).second) return "loop";
    if (!node.tables.linear.table || node.tables.linear.unstable) return "unknown";
    const std::uint8_t exit = node.tables.linear.table->ExitOf(to);
    if (exit == LinearTable::kNoExit) return "missing";
    if (exit == 0) return at == owner.node ? "arrives" : "wrong-exit";
    const Port* out = node.FindPort(exit);
    if (out == nullptr || !Usable(*out)) return "dead-end";
    const std::uint32_t next = out->peer->node;
    if (!snapshot.nodes[next].IsSwitch())
      return next == owner.node && out->peer->port == owner.port->num ? "arrives" : "wrong-exit";
    if (exits != nullptr) exits->emplace_back(static_cast<std::uint64_t>(node.guid), exit);
    at = next;
  }
}

}  // namespace

std::string NaiveOutcome(const FabricSnapshot& snapshot, const Node& from, const Port& port, Lid to) {
  return NaiveWalk(snapshot, from, port, to, nullptr);
}

std::set<Exit> NaiveLooped(const FabricSnapshot& snapshot) {
  std::map<Exit, std::set<Exit>> waits;
  for (const Node& from : snapshot.nodes) {
    for (const Port& port : from.ports) {
      if (from.IsSwitch() || !Usable(port)) continue;
      for (const auto& [lid, owner] : Owners(snapshot)) {
        if (snapshot.nodes[owner.node].IsSwitch() || owner.port == &port) continue;
        std::vector<Exit> exits;
        if (NaiveWalk(snapshot, from, port, static_cast<Lid>(lid), &exits) == "loop") continue;
        for (std::size_t i = 1; i < exits.size(); ++i) waits[exits[i - 1]].insert(exits[i]);
      }
    }
  }
  for (bool grew = true; grew;) {  // the transitive closure
    grew = false;
    for (auto& [from, to] : waits) {
      const auto before = to.size();
      for (const Exit& next : std::set<Exit>(to)) {
        const auto it = waits.find(next);
        if (it != waits.end()) to.insert(it->second.begin(), it->second.end());
      }
      grew = grew || to.size() != before;
    }
  }
  std::set<Exit> looped;
  for (const auto& [from, to] : waits) {
    if (to.contains(from)) looped.insert(from);
  }
  return looped;
}

}  // namespace aftershock::tests

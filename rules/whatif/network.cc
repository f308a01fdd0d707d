#include "rules/whatif/network.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/whatif/hosts.h"

namespace aftershock::whatif {
namespace {

std::string NameOf(const Node& node) {
  return node.name.empty() ? ToString(node.guid) : node.name;
}

double RateOf(const Port& port) {
  return port.info ? DataBitsPerSecond(port.info->width_active, port.info->speed_active) : 0;
}

// One end that does not say what it runs at leaves the other's word.
double SlowerOf(const Port& a, const Port& b) {
  const double one = RateOf(a), other = RateOf(b);
  return one == 0 || other == 0 ? std::max(one, other) : std::min(one, other);
}

class Builder {
 public:
  explicit Builder(std::span<const PlaneView> planes) : machines_(Machines(planes)) {
    network_.planes.assign(planes.begin(), planes.end());
  }

  Network Build() {
    for (Index p = 0; p < network_.planes.size(); ++p) AddSwitches(p);
    for (Index p = 0; p < network_.planes.size(); ++p) {
      AddCables(p);
      AddSms(p);
      AddGaps(p);
    }
    CountTheRest();
    NameHosts();
    FindIslands();
    return std::move(network_);
  }

 private:
  const FabricSnapshot& Snapshot(Index plane) const { return *network_.planes[plane].snapshot; }

  void AddSwitches(Index plane) {
    const auto& nodes = Snapshot(plane).nodes;
    for (Index n = 0; n < nodes.size(); ++n) {
      if (!nodes[n].IsSwitch()) continue;
      switches_[{plane, n}] = static_cast<Index>(network_.switches.size());
      network_.switches.push_back({.node = &nodes[n], .name = NameOf(nodes[n]), .plane = plane});
    }
  }

  void AddCables(Index plane) {
    const FabricSnapshot& snapshot = Snapshot(plane);
    for (Index n = 0; n < snapshot.nodes.size(); ++n) {
      const Node& node = snapshot.nodes[n];
      for (const Port& port : node.ports) {
        const Port* far = snapshot.PeerPort(port);
        if (far == nullptr || !port.Linked() || (far->info && !far->Linked())) continue;
        const bool back = far->peer && far->peer->node == n && far->peer->port == port.num;
        if (back && !IsFirstEnd(snapshot, node, port)) continue;
        AddCable(plane, n, port, *port.peer, *far);
      }
    }
  }

  void AddCable(Index plane, Index n, const Port& port, const Peer& peer, const Port& far) {
    const auto& nodes = Snapshot(plane).nodes;
    const Node &here = nodes[n], &there = nodes[peer.node];
    if (here.IsSwitch() && there.IsSwitch()) {
      if (n == peer.node) return;  // a cable that leads back to the same switch is no way to anywhere
      const Index a = switches_.at({plane, n}), b = switches_.at({plane, peer.node});
      const auto cable = static_cast<Index>(network_.cables.size());
      network_.cables.push_back({a, b, {here.guid, port.num}, {there.guid, far.num}, SlowerOf(port, far)});
      network_.switches[a].cables.push_back(cable);
      network_.switches[b].cables.push_back(cable);
    } else if (here.IsSwitch()) {
      AddLeg(plane, {n, port.num}, port, peer, far);
    } else if (there.IsSwitch()) {
      AddLeg(plane, peer, far, {n, port.num}, port);
    }
  }

  void AddLeg(Index plane, const Peer& at, const Port& at_port, const Peer& end, const Port& end_port) {
    const auto machine = machines_.find({plane, end.node});
    if (machine == machines_.end()) return;  // an aggregation node, a router, or nobody knows what
    const auto& nodes = Snapshot(plane).nodes;
    const auto [host, added] =
        hosts_.try_emplace(machine->second.key, static_cast<Index>(network_.hosts.size()));
    if (added) network_.hosts.push_back({machine->second.name, {}});
    const Index sw = switches_.at({plane, at.node});
    const auto leg = static_cast<Index>(network_.legs.size());
    network_.legs.push_back({host->second,
                             sw,
                             {nodes[end.node].guid, end.port},
                             {nodes[at.node].guid, at.port},
                             NameOf(nodes[end.node]),
                             SlowerOf(at_port, end_port)});
    network_.hosts[host->second].legs.push_back(leg);
    network_.switches[sw].legs.push_back(leg);
    legs_[{plane, end.node, end.port}] = leg;
  }

  // A switch says at port 0 whether an SM runs on it, an adapter at the port it runs on.
  void AddSms(Index plane) {
    const FabricSnapshot& snapshot = Snapshot(plane);
    for (Index n = 0; n < snapshot.nodes.size(); ++n) {
      const Node& node = snapshot.nodes[n];
      for (const Port& port : node.ports) {
        if (node.IsSwitch() && port.num != 0) break;
        if (port.info) AddSm(plane, n, port);
      }
    }
  }

  void AddSm(Index plane, Index n, const Port& port) {
    const FabricSnapshot& snapshot = Snapshot(plane);
    const Lid master = IsUnicast(snapshot.sm.lid) ? snapshot.sm.lid : snapshot.local.sm_lid;
    const bool is_master = IsUnicast(master) && port.info->lid == master;
    if (!is_master && (port.info->capability_mask & kCapIsSm) == 0) return;
    const Node& node = snapshot.nodes[n];
    SmPlace sm{NameOf(node), plane, kNone, kNone, is_master};
    if (node.IsSwitch()) {
      sm.sw = switches_.at({plane, n});
    } else if (const auto leg = legs_.find({plane, n, port.num}); leg != legs_.end()) {
      sm.leg = leg->second;
    } else {
      return;
    }
    network_.sms.push_back(std::move(sm));
  }

  void AddGaps(Index plane) {
    const FabricSnapshot& snapshot = Snapshot(plane);
    const auto say = [&](std::string_view what) {
      network_.gaps.push_back(fmt::format("{}: {}", network_.planes[plane].name, what));
    };
    if (!snapshot.sweep.complete) {
      say(snapshot.sweep.incomplete_because.empty() ? "was not read in full"
                                                    : snapshot.sweep.incomplete_because);
    }
    const Coverage coverage = CountCoverage(snapshot);
    if (coverage.nodes_unanswered != 0)
      say(fmt::format("{} nodes did not answer", coverage.nodes_unanswered));
    std::size_t dark = 0;
    for (const Node& node : snapshot.nodes) {
      dark += static_cast<std::size_t>(std::ranges::count_if(
          node.ports, [](const Port& port) { return Missing(port.info_answer) && !port.info; }));
    }
    if (dark != 0) say(fmt::format("{} ports did not answer", dark));
  }

  void CountTheRest() {
    for (const PlaneView& plane : network_.planes) {
      for (const Node& node : plane.snapshot->nodes) {
        if (node.type == NodeType::kRouter) ++network_.routers;
        if (node.IsAggregationNode()) ++network_.aggregation_nodes;
      }
    }
    std::map<std::string_view, bool> attached;
    for (const auto& [place, machine] : machines_) attached[machine.key] |= hosts_.contains(machine.key);
    network_.unattached =
        static_cast<std::uint32_t>(std::ranges::count_if(attached, [](const auto& a) { return !a.second; }));
  }

  // Machines of one name, mostly the model's, are told apart by the GUID of their first adapter.
  void NameHosts() {
    std::map<std::string, int> count;
    for (const Host& host : network_.hosts) ++count[host.name];
    for (Host& host : network_.hosts) {
      if (count[host.name] == 1) continue;
      const Guid guid = network_.legs[host.legs.front()].host_port.node;
      host.name = fmt::format("{} ({})", host.name.substr(0, host.name.find(' ')), ToString(guid));
    }
    std::map<std::string, int> switch_count;
    for (const Switch& sw : network_.switches) ++switch_count[sw.name];
    for (Switch& sw : network_.switches) {
      if (switch_count[sw.name] > 1) sw.name += fmt::format(" ({})", ToString(sw.node->guid));
    }
  }

  void FindIslands() {
    for (Switch& sw : network_.switches) sw.island = kNone;
    Index island = 0;
    for (Index start = 0; start < network_.switches.size(); ++start) {
      if (network_.switches[start].island != kNone) continue;
      std::vector<Index> next{start};
      network_.switches[start].island = island;
      while (!next.empty()) {
        const Index at = next.back();
        next.pop_back();
        for (const Index cable : network_.switches[at].cables) {
          Switch& far = network_.switches[network_.Other(cable, at)];
          if (far.island != kNone) continue;
          far.island = island;
          next.push_back(network_.Other(cable, at));
        }
      }
      ++island;
    }
  }

  Network network_;
  std::map<std::pair<Index, Index>, MachineName> machines_;
  std::map<std::pair<Index, Index>, Index> switches_;
  std::map<std::tuple<Index, Index, std::uint8_t>, Index> legs_;
  std::unordered_map<std::string, Index> hosts_;
};

}  // namespace

Network MakeNetwork(std::span<const PlaneView> planes) {
  return Builder(planes).Build();
}

const Node* SharedSwitch(std::span<const PlaneView> planes) {
  std::unordered_map<std::uint64_t, const FabricSnapshot*> seen;
  for (const PlaneView& plane : planes) {
    for (const Node& node : plane.snapshot->nodes) {
      if (!node.IsSwitch()) continue;
      const auto [at, added] = seen.try_emplace(static_cast<std::uint64_t>(node.guid), plane.snapshot);
      if (!added && at->second != plane.snapshot) return &node;
    }
  }
  return nullptr;
}

}  // namespace aftershock::whatif

// pair-uneven: hosts that reach one member only; and the hosts with fewer live switches than cabled ones.
#include "rules/pairs/hosts.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "rules/pairs/pair_view.h"
#include "rules/pairs/table.h"
#include "rules/whatif/hosts.h"

namespace aftershock::rules {
namespace {

// An adapter in a plane and the machine that it is of.
struct Adapter {
  const PlaneFacts* plane;
  const Node* node;
  const whatif::MachineName* machine;
};

bool IsRead(const Port& port) {
  return port.info && !Missing(port.info_answer);
}

// The end at the switch was read, and is down or has somebody else behind it.
bool IsGone(const FabricSnapshot& snapshot, const PortKey& at, const PortKey& of) {
  const Node* node = snapshot.FindNode(at.node);
  const Port* port = node == nullptr ? nullptr : node->FindPort(at.port);
  if (port == nullptr || !IsRead(*port)) return false;
  if (!port->Linked()) return true;
  const Node* far = snapshot.PeerNode(*port);
  return far != nullptr && PortKey{far->guid, port->peer->port} != of;
}

class Cables {
 public:
  Cables(PairState& state, std::vector<Adapter> adapters) : state_(state), adapters_(std::move(adapters)) {}

  void Take() {
    for (const Adapter& adapter : adapters_) {
      if (adapter.node->duplicate) continue;
      for (const Port& port : adapter.node->ports) TakePort(adapter, port);
    }
  }

  // Of an adapter that is gone from its machine the cables stay known: it is a leg that the machine has lost.
  // A machine that is gone as a whole is none with a leg too few.
  void Forget(const PlaneFacts& plane) {
    auto& cables = state_.host_cables[plane.plane];
    const FabricSnapshot& snapshot = *plane.snapshot;
    if (!snapshot.sweep.complete) return;
    std::set<std::string> machines;
    std::set<std::pair<std::string, std::string>> descriptions;
    for (const Adapter& adapter : adapters_) {
      machines.insert(adapter.machine->key);
      if (adapter.plane->snapshot == &snapshot)
        descriptions.emplace(adapter.machine->key, adapter.node->description);
    }
    std::size_t absent = 0;
    for (auto it = cables.begin(); it != cables.end();) {
      auto& [key, cable] = *it;
      const bool present = snapshot.FindNode(key.node) != nullptr;
      const bool replaced = descriptions.contains({cable.host, cable.adapter});
      // However often a fabric makes up new adapters, no more are kept than it has nodes.
      const bool keep =
          present || (machines.contains(cable.host) && !replaced && ++absent <= snapshot.nodes.size());
      if (keep && !present) cable.lost = cable.lost || IsGone(snapshot, cable.at, key);
      it = keep ? std::next(it) : cables.erase(it);
    }
  }

  std::map<std::string, HostLegs> Hosts() const {
    std::map<std::string, HostLegs> hosts;
    for (const Adapter& adapter : adapters_) {
      HostLegs& host = hosts[adapter.machine->key];
      host.name = adapter.machine->name;
      if (adapter.node->duplicate) continue;
      host.ports += static_cast<std::uint32_t>(adapter.node->ports.size());
      for (const Port& port : adapter.node->ports) {
        const bool down = IsRead(port) && !port.Linked();
        if (!down && !IsKnown({adapter.node->guid, port.num})) host.unread = true;
      }
    }
    for (const auto& [plane, cables] : state_.host_cables) {
      for (const auto& [key, cable] : cables) {
        const auto host = hosts.find(cable.host);
        if (host == hosts.end()) continue;
        host->second.cabled.push_back(cable.at.node);
        if (!cable.lost) host->second.reached.push_back(cable.at.node);
      }
    }
    return hosts;
  }

 private:
  void TakePort(const Adapter& adapter, const Port& port) {
    auto& cables = state_.host_cables[adapter.plane->plane];
    const FabricSnapshot& snapshot = *adapter.plane->snapshot;
    const PortKey key{adapter.node->guid, port.num};
    const Node* far = snapshot.PeerNode(port);
    const Port* end = snapshot.PeerPort(port);
    // Either end tells of both.
    const Port* told = IsRead(port) || end == nullptr ? &port : end;
    const bool to_switch = far != nullptr && end != nullptr && far->IsSwitch();
    if (to_switch && IsRead(*told) && told->Linked()) {
      cables[key] = {{far->guid, end->num}, adapter.machine->key, adapter.node->description, false};
      return;
    }
    const auto known = cables.find(key);
    if (known == cables.end()) return;
    known->second.host = adapter.machine->key;
    const bool down = IsRead(port) && !port.Linked();
    const bool elsewhere = far != nullptr && !to_switch;
    if (down || elsewhere || IsGone(snapshot, known->second.at, key)) known->second.lost = true;
  }

  // In whatever plane: an adapter tells of its ports in others, too.
  bool IsKnown(const PortKey& key) const {
    return std::ranges::any_of(state_.host_cables,
                               [&](const auto& plane) { return plane.second.contains(key); });
  }

  PairState& state_;
  std::vector<Adapter> adapters_;
};

void MakeDistinct(std::vector<Guid>& guids) {
  std::ranges::sort(guids);
  guids.erase(std::unique(guids.begin(), guids.end()), guids.end());
}

std::set<Guid> MembersOf(const GroupSeen& group) {
  std::set<Guid> guids;
  for (const MemberSeen& member : group.members) guids.insert(member.memory->guid);
  return guids;
}

std::size_t CountIn(const std::vector<Guid>& guids, const std::set<Guid>& of) {
  return static_cast<std::size_t>(std::ranges::count_if(guids, [&](Guid g) { return of.contains(g); }));
}

// The hosts of the group that reach one of its live members where they should reach several.
std::vector<std::string> Uneven(const PairView& view, const GroupSeen& group) {
  std::set<Guid> live;
  for (const MemberSeen& member : group.members) {
    if (member.Is(MemberState::kLive) || member.Is(MemberState::kIntermittent))
      live.insert(member.memory->guid);
  }
  const std::set<Guid> members = MembersOf(group);
  std::size_t served = 0, several = 0;
  std::vector<std::string> were, could;
  for (const HostLegs& host : view.state().hosts) {
    const std::size_t cabled = CountIn(host.cabled, members);
    if (cabled == 0) continue;
    ++served;
    if (cabled >= 2) ++several;
    if (CountIn(host.reached, live) != 1) continue;
    // A leg to a dead member is that member's matter.
    if (CountIn(host.cabled, live) >= 2) were.push_back(host.name);
    if (cabled == 1 && host.ports >= 2 && !host.unread) could.push_back(host.name);
  }
  const double majority = view.Threshold(kPairUneven, "majority");
  const bool most = several > 0 && static_cast<double>(several) >= majority * static_cast<double>(served);
  if (most && live.size() >= 2) were.insert(were.end(), could.begin(), could.end());
  std::ranges::sort(were);
  return were;
}

}  // namespace

void RememberHosts(PairState& state, const PairFacts& facts) {
  std::vector<whatif::PlaneView> planes;
  std::vector<const PlaneFacts*> seen;
  for (const PlaneFacts& plane : facts.planes) {
    if (plane.snapshot == nullptr) continue;
    planes.push_back({plane.plane, plane.snapshot});
    seen.push_back(&plane);
    state.host_cables.try_emplace(plane.plane);
  }
  const auto machines = whatif::Machines(planes);
  std::vector<Adapter> adapters;
  for (const auto& [at, machine] : machines)
    adapters.push_back({seen[at.first], &seen[at.first]->snapshot->nodes[at.second], &machine});
  Cables cables(state, std::move(adapters));
  cables.Take();
  for (const PlaneFacts* plane : seen) cables.Forget(*plane);
  state.hosts.clear();
  auto hosts = cables.Hosts();
  for (auto& [key, host] : hosts) {
    MakeDistinct(host.cabled);
    MakeDistinct(host.reached);
    state.hosts.push_back(std::move(host));
  }
}

std::optional<std::uint32_t> CountShortHosts(const PairState& state) {
  if (state.sweeps.empty()) return std::nullopt;
  std::set<Guid> dead;
  for (const auto& [name, members] : state.members) {
    for (const MemberMemory& member : members) {
      if (member.state == MemberState::kDead) dead.insert(member.guid);
    }
  }
  return static_cast<std::uint32_t>(std::ranges::count_if(state.hosts, [&](const HostLegs& host) {
    return host.reached.size() - CountIn(host.reached, dead) < host.cabled.size();
  }));
}

std::vector<Finding> FindUnevenHosts(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    const auto hosts = Uneven(view, group);
    if (hosts.empty()) continue;
    findings.push_back(
        view.Found(kPairUneven, group,
                   fmt::format("{} {} one member of pair {} only", Listed(hosts),
                               hosts.size() == 1 ? "reaches" : "reach", group.configured->name),
                   {{"hosts", static_cast<std::int64_t>(hosts.size()), ""}}));
  }
  return findings;
}

}  // namespace aftershock::rules

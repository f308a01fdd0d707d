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

void AddLegs(const PairState& state, const PlaneFacts& plane, const Node& node, HostLegs& host) {
  const auto remembered = state.host_cables.find(plane.plane);
  host.ports += static_cast<std::uint32_t>(node.ports.size());
  for (const Port& port : node.ports) {
    if (remembered != state.host_cables.end()) {
      const auto it = remembered->second.find({node.guid, port.num});
      if (it != remembered->second.end()) host.cabled.push_back(it->second);
    }
    const Node* far = plane.snapshot->PeerNode(port);
    if (far == nullptr || !far->IsSwitch() || !port.Linked() || Missing(far->answer)) continue;
    host.reached.push_back(far->guid);
  }
}

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
    if (cabled == 1 && host.ports >= 2) could.push_back(host.name);
  }
  const double majority = view.Threshold(kPairUneven, "majority");
  const bool most = several > 0 && static_cast<double>(several) >= majority * static_cast<double>(served);
  if (most && live.size() >= 2) were.insert(were.end(), could.begin(), could.end());
  std::ranges::sort(were);
  return were;
}

}  // namespace

std::vector<HostLegs> HostsNow(const PairState& state, const PairFacts& facts) {
  std::vector<whatif::PlaneView> planes;
  std::vector<const PlaneFacts*> seen;
  for (const PlaneFacts& plane : facts.planes) {
    if (plane.snapshot == nullptr) continue;
    planes.push_back({plane.plane, plane.snapshot});
    seen.push_back(&plane);
  }
  std::map<std::string, HostLegs> hosts;
  for (const auto& [at, machine] : whatif::Machines(planes)) {
    HostLegs& host = hosts[machine.key];
    host.name = machine.name;
    const PlaneFacts& plane = *seen[at.first];
    const Node& node = plane.snapshot->nodes[at.second];
    if (!node.duplicate) AddLegs(state, plane, node, host);
  }
  std::vector<HostLegs> all;
  for (auto& [key, host] : hosts) {
    MakeDistinct(host.cabled);
    MakeDistinct(host.reached);
    all.push_back(std::move(host));
  }
  return all;
}

std::optional<std::uint32_t> CountShortHosts(const PairState& state) {
  if (state.sweeps.empty()) return std::nullopt;
  return static_cast<std::uint32_t>(std::ranges::count_if(
      state.hosts, [](const HostLegs& host) { return host.reached.size() < host.cabled.size(); }));
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

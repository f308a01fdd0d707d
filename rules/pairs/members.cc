#include "rules/pairs/members.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "rules/pairs/erring.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kTraffic{Counter::kXmitData, Counter::kRcvData};

bool IsGuidText(const std::string& text) {
  return text.starts_with("0x") && ParseGuid(text).has_value();
}

Fingerprint FingerprintOf(const Node& node) {
  Fingerprint print{node.vendor_id, node.device_id, node.revision};
  if (const Port* port = node.FindPort(0); port != nullptr && port->info) {
    print.capabilities = port->info->capability_mask & ~kCapIsSm;
  }
  if (node.pma) print.pma_capabilities = node.pma->capability_mask;
  if (node.switch_info) {
    print.linear_fdb_cap = node.switch_info->linear_fdb_cap;
    print.multicast_fdb_cap = node.switch_info->multicast_fdb_cap;
  }
  return print;
}

// All that can be said of itself was said.
bool IsWhole(const Node& node) {
  const Port* port = node.FindPort(0);
  return !Missing(node.answer) && port != nullptr && port->info && node.switch_info && node.pma;
}

class Keeper {
 public:
  Keeper(PairState& state, const PairFacts& facts, const Settings& settings)
      : state_(state), facts_(facts), settings_(settings) {}

  bool Run() {
    bool any = false;
    for (const PairGroup& group : settings_.pairs) {
      auto& members = state_.members[group.name];
      members.resize(group.members.size());
      for (std::size_t i = 0; i < members.size(); ++i) Identify(group.members[i], members[i]);
    }
    for (const PlaneFacts& plane : facts_.planes) {
      if (plane.snapshot == nullptr) continue;
      const std::uint32_t number = plane.snapshot->sweep.number;
      const auto [it, first] = state_.sweeps.try_emplace(plane.plane, number);
      if (!first && it->second == number) continue;
      it->second = number;
      TakeSweep(plane);
      any = true;
    }
    return any;
  }

 private:
  void Identify(const PairMember& configured, MemberMemory& memory) {
    const auto matches = MatchesOf(configured.text, facts_.planes);
    if (matches.size() == 1) {
      const Node& node = *matches.front().node;
      if (memory.guid != Guid{} && memory.guid != node.guid && memory.replaced != node.guid) {
        Replace(memory, node.guid);
      }
      memory.guid = node.guid;
      memory.name = node.name;
      memory.plane = matches.front().plane->plane;
    } else if (matches.empty() && memory.guid != Guid{}) {
      if (const auto successor = Successor(memory)) Replace(memory, *successor);
      FollowName(memory);
    } else if (memory.name.empty()) {
      memory.name = configured.text;
      if (IsGuidText(configured.text)) memory.guid = *ParseGuid(configured.text);
    }
  }

  void FollowName(MemberMemory& memory) const {
    for (const PlaneFacts& plane : facts_.planes) {
      const Node* node = plane.snapshot == nullptr ? nullptr : plane.snapshot->FindNode(memory.guid);
      if (node == nullptr) continue;
      memory.name = node->name;
      memory.plane = plane.plane;
    }
  }

  void Replace(MemberMemory& memory, Guid by) const {
    memory.replaced = memory.guid;
    memory.fingerprint_before = memory.fingerprint;
    memory.guid = by;
    memory.fingerprint.reset();
    memory.sweeps = 0;
    memory.moved.reset();
    memory.watched_since.reset();
    memory.link_downs.clear();
  }

  // The one switch to which most of the member's cables lead now.
  std::optional<Guid> Successor(const MemberMemory& memory) const {
    std::map<Guid, std::size_t> leads_to;
    for (const PlaneFacts& plane : facts_.planes) {
      if (plane.snapshot == nullptr || plane.plane != memory.plane) continue;
      if (!plane.snapshot->sweep.complete || plane.snapshot->FindNode(memory.guid) != nullptr) return {};
      for (const PortKey& key : memory.cables) {
        const Node* node = plane.snapshot->FindNode(key.node);
        const Port* port = node == nullptr ? nullptr : node->FindPort(key.port);
        const Node* far = port == nullptr ? nullptr : plane.snapshot->PeerNode(*port);
        if (far != nullptr && far->IsSwitch()) ++leads_to[far->guid];
      }
    }
    for (const auto& [guid, count] : leads_to) {
      if (2 * count > memory.cables.size()) return guid;
    }
    return std::nullopt;
  }

  void TakeSweep(const PlaneFacts& plane) {
    const ErringLinks links(plane);
    for (auto& [name, members] : state_.members) {
      std::set<Guid> group;
      for (const MemberMemory& member : members) group.insert(member.guid);
      const std::set<Guid> erring = links.Among(group);
      for (MemberMemory& member : members) {
        const Node* node = member.guid == Guid{} ? nullptr : plane.snapshot->FindNode(member.guid);
        if (node == nullptr || node->duplicate || Missing(node->answer)) continue;
        TakeMember(plane, *node, member);
        TakeErrors(erring.contains(node->guid), plane.snapshot->sweep.started_steady, member);
      }
    }
  }

  void TakeMember(const PlaneFacts& plane, const Node& node, MemberMemory& member) {
    const SteadyTime now = plane.snapshot->sweep.started_steady;
    if (IsWhole(node)) {
      const Fingerprint print = FingerprintOf(node);
      if (member.fingerprint && *member.fingerprint != print) {
        member.fingerprint_before = member.fingerprint;
        member.replaced = member.guid;
      }
      member.fingerprint = print;
    }
    if (SignsOfRestart(plane, node, member) >= 2)
      member.mishaps[static_cast<std::size_t>(Mishap::kRestarted)] = now;
    TakeCables(plane, node, member);
    TakeTraffic(node, now, member);
    member.swept = now;
    ++member.sweeps;
  }

  int SignsOfRestart(const PlaneFacts& plane, const Node& node, const MemberMemory& member) const {
    if (!member.swept) return 0;
    int counting = 0, began_again = 0, more_downs = 0, links = 0;
    for (const Port& port : node.ports) {
      if (!port.Linked()) continue;
      if (port.counters_answer == Answer::kAnswered && !port.counters.Empty()) {
        ++counting;
        began_again += port.restarted ? 1 : 0;
      }
      const Port* far = plane.snapshot->PeerPort(port);
      const auto downs = far == nullptr ? std::nullopt : far->counters.Get(Counter::kLinkDowned);
      if (!downs) continue;
      ++links;
      const auto before = member.link_downs.find({plane.snapshot->PeerNode(port)->guid, far->num});
      more_downs += before != member.link_downs.end() && *downs > before->second ? 1 : 0;
    }
    int signs = counting > 0 && began_again == counting ? 1 : 0;
    signs += links > 0 && 2 * more_downs >= links ? 1 : 0;
    if (const AskedMemory* asked = AskedOf(plane.plane, node.guid)) {
      const auto since = [&](const std::optional<SteadyTime>& at) { return at && *at >= *member.swept; };
      signs += since(asked->without_lid) ? 1 : 0;
      signs += since(asked->silent) ? 1 : 0;
      // Silence and nothing else is what a broken route looks like, too.
      if (signs == 2 && since(asked->silent) && !since(asked->without_lid) && began_again == 0 &&
          more_downs == 0) {
        return 1;
      }
    }
    return signs;
  }

  const AskedMemory* AskedOf(const std::string& plane, Guid guid) const {
    const auto asked = state_.asked.find(plane);
    if (asked == state_.asked.end()) return nullptr;
    const auto it = asked->second.find(guid);
    return it == asked->second.end() ? nullptr : &it->second;
  }

  static void TakeCables(const PlaneFacts& plane, const Node& node, MemberMemory& member) {
    std::vector<PortKey> cables;
    for (const Port& port : node.ports) {
      const Port* far = plane.snapshot->PeerPort(port);
      if (far == nullptr || !port.Linked()) continue;
      const PortKey key{plane.snapshot->PeerNode(port)->guid, far->num};
      cables.push_back(key);
      if (const auto downs = far->counters.Get(Counter::kLinkDowned)) member.link_downs[key] = *downs;
    }
    // A member whose cables are just being pulled stays known by those it had.
    if (cables.size() >= member.cables.size() / 2) member.cables = std::move(cables);
  }

  void TakeTraffic(const Node& node, SteadyTime now, MemberMemory& member) const {
    std::uint64_t moved = 0;
    for (const Port& port : node.ports) {
      for (const Counter counter : kTraffic)
        moved += port.num == 0 ? 0 : port.counters.Get(counter).value_or(0);
    }
    if (!member.watched_since) member.watched_since = now;
    if (member.moved && member.swept && now > *member.swept && moved >= *member.moved) {
      const double rate = static_cast<double>(moved - *member.moved) / ToSeconds(now - *member.swept);
      if (rate > settings_.Threshold(kPairStandbyUnproven, "traffic_octets_per_second"))
        member.last_traffic = now;
    }
    member.moved = moved;
  }

  static void TakeErrors(bool errs, SteadyTime now, MemberMemory& member) {
    // Rates are known from the second sweep on: what is wrong then may have been so before.
    if (errs && !member.erring && member.sweeps > 2) {
      member.mishaps[static_cast<std::size_t>(Mishap::kErred)] = now;
    }
    member.erring = errs;
  }

  PairState& state_;
  const PairFacts& facts_;
  const Settings& settings_;
};

}  // namespace

std::vector<Match> MatchesOf(const std::string& text, const std::vector<PlaneFacts>& planes) {
  std::vector<Match> matches;
  const auto guid = IsGuidText(text) ? ParseGuid(text) : std::nullopt;
  for (const PlaneFacts& plane : planes) {
    if (plane.snapshot == nullptr) continue;
    for (const Node& node : plane.snapshot->nodes) {
      if (!node.IsSwitch()) continue;
      if (guid ? node.guid == *guid : node.name == text || node.description == text) {
        matches.push_back({&plane, &node});
      }
    }
  }
  return matches;
}

bool RememberSweeps(PairState& state, const PairFacts& facts, const Settings& settings) {
  return Keeper(state, facts, settings).Run();
}

}  // namespace aftershock::rules

#include "rules/sm/memory.h"

#include <algorithm>
#include <utility>

#include "rules/sm/managers.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

// As many answers of the SA as the slowest setting of sa-slow wants.
constexpr std::size_t kMaxLatencies = 100;

bool AnyLink(const FabricSnapshot& snapshot) {
  return std::ranges::any_of(snapshot.nodes, [](const Node& node) {
    return std::ranges::any_of(node.ports, [](const Port& port) { return port.Linked(); });
  });
}

class Rememberer {
 public:
  Rememberer(SubnetMemory& memory, const FabricSnapshot& snapshot, const Settings& settings)
      : memory_(memory),
        snapshot_(snapshot),
        settings_(settings),
        managers_(ManagersOf(snapshot)),
        master_(OnlyMaster(managers_)) {}

  void Run() {
    Advance(memory_.no_master, LacksMaster(snapshot_));
    RememberMaster();
    RememberRivals();
    RememberOthers();
    RememberActivity();
    RememberSmLids();
    RememberSa();
    RememberMembers();
  }

 private:
  SteadyTime now() const { return snapshot_.sweep.started_steady; }

  void Extend(Spell& spell) const {
    spell.last = now();
    spell.last_sweep = snapshot_.sweep.number;
  }
  Spell Begin() const { return {now(), now(), snapshot_.sweep.number, snapshot_.sweep.number}; }

  void Advance(std::optional<Spell>& spell, bool stands) const {
    if (!stands) return spell.reset();
    if (!spell) spell = Begin();
    Extend(*spell);
  }

  void Advance(Spells& spells, const PortKey& key, bool stands) const {
    if (!stands) {
      spells.erase(key);
    } else if (const auto [it, added] = spells.try_emplace(key, Begin()); !added) {
      Extend(it->second);
    }
  }

  void RememberMaster() {
    if (master_ == nullptr || master_->guid == memory_.master) return;
    if (memory_.master != Guid{}) memory_.master_moved = now();
    memory_.master = master_->guid;
    memory_.sa_latencies.clear();
  }

  void RememberRivals() {
    std::vector<Guid> masters;
    for (const Manager& manager : managers_) {
      if (manager.AlwaysIs(SmState::kMaster)) masters.push_back(manager.guid);
    }
    if (masters.size() < 2) masters.clear();
    if (masters != memory_.rivals) memory_.several.reset();
    Advance(memory_.several, !masters.empty());
    memory_.rivals = std::move(masters);
  }

  void RememberOthers() {
    const SmInfo* leads = master_ == nullptr ? nullptr : master_->Said();
    for (const Manager& manager : managers_) {
      const SmInfo* said = manager.Said();
      if (said == nullptr || manager.key.node == Guid{}) continue;
      Advance(memory_.discovering, manager.key, manager.AlwaysIs(SmState::kDiscovering));
      const bool stands_by = manager.AlwaysIs(SmState::kStandby);
      Advance(memory_.outranking, manager.key,
              stands_by && leads != nullptr && said->priority > leads->priority);
      if (stands_by) memory_.standbys[manager.key] = manager.Name();
    }
    for (Spells* spells : {&memory_.discovering, &memory_.outranking}) {
      std::erase_if(*spells, [&](const auto& entry) {
        return std::ranges::find(managers_, entry.first, &Manager::key) == managers_.end();
      });
    }
  }

  void RememberActivity() {
    if (master_ == nullptr) return;
    std::uint32_t first = master_->Said()->activity, last = first;
    for (const auto& said : {master_->info, master_->at_lid}) {
      if (!said) continue;
      first = std::min(first, said->activity);
      last = std::max(last, said->activity);
    }
    if (master_->at_lid && snapshot_.sm.last_activity) last = std::max(last, *snapshot_.sm.last_activity);
    auto& activity = memory_.activity;
    if (!activity || activity->guid != master_->guid || first < activity->last) {
      activity = SmActivity{master_->guid, last, now(), now(), {}, 0};
      return;
    }
    // The answer to our own question is part of what OpenSM counts.
    if (first - activity->last > 1) {
      const auto longest = settings_.Threshold(kSmStuck, "stuck_seconds") / 2;
      if (activity->still_looks > 0 && ToSeconds(activity->still - activity->moved) > longest) {
        activity->regular_since = now();
      }
      activity->moved = now();
      activity->still_looks = 0;
    } else {
      activity->still = now();
      ++activity->still_looks;
    }
    activity->last = last;
  }

  void RememberSmLids() {
    std::vector<Lid> lids;
    for (const Manager& manager : managers_) {
      if (manager.EverIs(SmState::kMaster) && IsUnicast(manager.lid)) lids.push_back(manager.lid);
    }
    std::ranges::sort(lids);
    if (lids != memory_.master_lids) memory_.sm_lid_astray.clear();
    memory_.master_lids = std::move(lids);
    if (memory_.master_lids.empty()) return;
    Spells& astray = memory_.sm_lid_astray;
    const auto ports = AddressedPorts(snapshot_);
    for (const auto& [node, port] : ports) {
      if (port->info_answer != Answer::kAnswered) continue;
      const bool stands = !std::ranges::binary_search(memory_.master_lids, port->info->sm_lid);
      if (stands || !astray.empty()) Advance(astray, {node->guid, port->num}, stands);
    }
    if (!snapshot_.sweep.complete || astray.empty()) return;
    std::set<PortKey> in_use;
    for (const auto& [node, port] : ports) in_use.insert({node->guid, port->num});
    std::erase_if(astray, [&](const auto& entry) { return !in_use.contains(entry.first); });
  }

  void RememberSa() {
    const SaView& sa = snapshot_.sa;
    if (sa.answer == Answer::kAnswered && sa.latency) {
      memory_.sa_latencies.push_back(*sa.latency);
      if (memory_.sa_latencies.size() > kMaxLatencies)
        memory_.sa_latencies.erase(memory_.sa_latencies.begin());
    }
    if (sa.group_answer != Answer::kAnswered) return;
    Advance(memory_.group_missing, sa.group_missing);
    if (!sa.group_missing && sa.group) memory_.group = sa.group;
  }

  void RememberMembers() {
    for (const Node& node : snapshot_.nodes) {
      if (node.duplicate) continue;
      for (const Port& port : node.ports) {
        if (port.membership.member.value_or(false)) memory_.members.insert({node.guid, port.num});
      }
    }
  }

  SubnetMemory& memory_;
  const FabricSnapshot& snapshot_;
  const Settings& settings_;
  std::vector<Manager> managers_;
  const Manager* master_;
};

}  // namespace

bool LacksMaster(const FabricSnapshot& snapshot) {
  const SmView& sm = snapshot.sm;
  if (sm.answer == Answer::kNotAsked || !AnyLink(snapshot)) return false;
  // A sweep that ran out of time before it asked does not know.
  if (sm.answer == Answer::kUnreachable && !snapshot.sweep.complete) return false;
  return std::ranges::none_of(ManagersOf(snapshot),
                              [](const Manager& manager) { return manager.EverIs(SmState::kMaster); });
}

void ForgetSubnetTimes(SubnetMemory& memory) {
  SubnetMemory kept;
  kept.master = memory.master;
  kept.standbys = std::move(memory.standbys);
  kept.group = memory.group;
  kept.members = std::move(memory.members);
  memory = std::move(kept);
}

void RememberSubnet(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings) {
  Rememberer(state.subnet, snapshot, settings).Run();
}

}  // namespace aftershock::rules

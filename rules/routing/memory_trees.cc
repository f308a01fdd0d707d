#include "rules/routing/memory_trees.h"

#include <algorithm>

#include "rules/routing/balance.h"
#include "rules/routing/map.h"
#include "rules/routing/partition_differences.h"
#include "rules/routing/tree.h"

namespace aftershock::rules {
namespace {

void AdvanceAt(Spells& spells, const PortKey& key, const FabricSnapshot& snapshot) {
  const SteadyTime now = snapshot.sweep.started_steady;
  const std::uint32_t sweep = snapshot.sweep.number;
  Spell& spell = spells.try_emplace(key, Spell{now, now, sweep, sweep}).first->second;
  spell.last = now;
  spell.last_sweep = sweep;
}

// What this sweep did not find any more; one that was cut short may not have got there.
void DropOld(Spells& spells, const FabricSnapshot& snapshot) {
  if (!snapshot.sweep.complete) return;
  std::erase_if(spells, [&](const auto& entry) { return entry.second.last_sweep != snapshot.sweep.number; });
}

void RememberTree(TreeMemory& memory, const FabricSnapshot& snapshot) {
  const std::optional<GroupTree> tree = TreeOf(snapshot);
  Advance(memory.loop, snapshot, tree && !tree->loop.empty());
  if (tree) {
    for (const TreeMember& member : tree->members) {
      if (tree->Misses(member)) AdvanceAt(memory.missed, KeyOf(*member.node, *member.port), snapshot);
    }
  }
  DropOld(memory.missed, snapshot);
}

// A port that lost its signal begins anew: its host may have restarted, and joins when it is ready.
void RememberMembership(TreeMemory& memory, const FabricSnapshot& snapshot, const Node& node,
                        const Port& port) {
  const PortKey key = KeyOf(node, port);
  if (port.info && port.info_answer == Answer::kAnswered && !Carries(port)) {
    memory.memberships.erase(key);
    return;
  }
  if (port.membership.answer != Answer::kAnswered || !port.membership.member) return;
  const bool member = *port.membership.member;
  const auto it = memory.memberships.find(key);
  if (it == memory.memberships.end() && !member) return;
  MembershipMemory& known = it != memory.memberships.end() ? it->second : memory.memberships[key];
  known.was = known.was || member;
  Advance(known.out, snapshot, !member);
}

void RememberMemberships(TreeMemory& memory, const FabricSnapshot& snapshot) {
  if (snapshot.sa.group_missing) return;
  for (const Node& node : snapshot.nodes) {
    if (node.IsSwitch() || node.duplicate) continue;
    for (const Port& port : node.ports) RememberMembership(memory, snapshot, node, port);
  }
  if (!snapshot.sweep.complete) return;
  std::erase_if(memory.memberships,
                [&](const auto& entry) { return snapshot.FindNode(entry.first.node) == nullptr; });
}

// The balance is that of the sweep before while neither the tables nor what they lead over changed.
void RememberBalance(TreeMemory& memory, const View& view, bool changed) {
  if (!changed) {
    for (auto& [key, spell] : memory.unbalanced) {
      spell.last = view.snapshot().sweep.started_steady;
      spell.last_sweep = view.snapshot().sweep.number;
    }
    return;
  }
  for (const UnevenExit& exit : UnevenExits(view))
    AdvanceAt(memory.unbalanced, KeyOf(*exit.node, *exit.port), view.snapshot());
}

}  // namespace

void Advance(std::optional<Spell>& spell, const FabricSnapshot& snapshot, bool stands) {
  const SteadyTime now = snapshot.sweep.started_steady;
  if (!stands) {
    spell.reset();
  } else if (!spell) {
    spell = Spell{now, now, snapshot.sweep.number, snapshot.sweep.number};
  } else {
    spell->last = now;
    spell->last_sweep = snapshot.sweep.number;
  }
}

void RememberTrees(FabricState& state, const View& view) {
  const FabricSnapshot& snapshot = view.snapshot();
  TreeMemory& memory = state.trees;
  RememberTree(memory, snapshot);
  RememberMemberships(memory, snapshot);
  for (const PartitionDifference& d : PartitionDifferences(view))
    AdvanceAt(memory.partitions, KeyOf(*d.node, *d.port), snapshot);
  DropOld(memory.partitions, snapshot);
  RememberBalance(memory, view, state.routing.changed_sweep == snapshot.sweep.number);
  DropOld(memory.unbalanced, snapshot);
}

}  // namespace aftershock::rules

#include "rules/pairs.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/counting.h"

namespace aftershock::rules {
namespace {

struct LidRange {
  unsigned first, last;
  const Node* node;
  const Port* port;
};

std::vector<LidRange> LidRanges(const FabricSnapshot& snapshot) {
  std::vector<LidRange> ranges;
  ranges.reserve(snapshot.nodes.size());
  for (const Node& node : snapshot.nodes) {
    if (Missing(node.answer)) continue;
    for (const Port& port : node.ports) {
      if (node.IsSwitch() && port.num != 0) break;
      if (Missing(port.info_answer) || !NeedsLid(node, port) || !IsUnicast(port.info->lid)) continue;
      const unsigned first = static_cast<unsigned>(port.info->lid);
      ranges.push_back({first, first + (1u << std::min<unsigned>(port.info->lmc, 7)) - 1, &node, &port});
    }
  }
  std::ranges::stable_sort(ranges, {}, &LidRange::first);
  return ranges;
}

bool SaysState(const PortInfo& info) {
  return info.state != PortState::kInit && info.state != PortState::kArmed;
}

// Without the vendor's attribute an FDR10 link reads as QDR at that end.
bool SameSpeed(LinkSpeed a, LinkSpeed b) {
  const auto plain = [](LinkSpeed s) { return s == LinkSpeed::kFdr10 ? LinkSpeed::kQdr : s; };
  return plain(a) == plain(b);
}

PortKey LowerKey(const Link& link) {
  return std::min(KeyOf(*link.a_node, *link.a), KeyOf(*link.b_node, *link.b));
}

void Advance(Spells& spells, const PortKey& key, const SweepReport& sweep) {
  const auto [it, added] = spells.try_emplace(key, Spell{sweep.started_steady, {}, sweep.number, 0});
  it->second.last = sweep.started_steady;
  it->second.last_sweep = sweep.number;
}

void DropEnded(Spells& spells, const SweepReport& sweep) {
  if (sweep.complete)
    std::erase_if(spells, [&](const auto& s) { return s.second.last_sweep != sweep.number; });
}

}  // namespace

std::vector<LidPair> SharedLids(const FabricSnapshot& snapshot) {
  std::vector<LidPair> pairs;
  const std::vector<LidRange> ranges = LidRanges(snapshot);
  const LidRange* widest = nullptr;  // reaches furthest of those that begin before
  for (const LidRange& range : ranges) {
    if (widest != nullptr && range.first <= widest->last) {
      pairs.push_back({widest->node, widest->port, range.node, range.port});
    }
    if (widest == nullptr || range.last > widest->last) widest = &range;
  }
  return pairs;
}

std::string Disagreement(const Link& link) {
  const auto answered = [](const Node& node, const Port& port) {
    return port.info && !Missing(node.answer) && !Missing(port.info_answer);
  };
  if (!answered(*link.a_node, *link.a) || !answered(*link.b_node, *link.b)) return {};
  const PortInfo& a = *link.a->info;
  const PortInfo& b = *link.b->info;
  if (link.a->Linked() != link.b->Linked()) {
    return fmt::format("{} against {}", ToString(a.phys_state), ToString(b.phys_state));
  }
  if (!link.a->Linked()) return {};
  if (a.width_active != b.width_active || !SameSpeed(a.speed_active, b.speed_active)) {
    return fmt::format("{} against {}", LinkName(a.width_active, a.speed_active),
                       LinkName(b.width_active, b.speed_active));
  }
  if (!SaysState(a) || !SaysState(b)) return {};
  if (a.state != b.state) return fmt::format("{} against {}", ToString(a.state), ToString(b.state));
  if (a.mtu_active != b.mtu_active && MtuOctets(a.mtu_active) != 0 && MtuOctets(b.mtu_active) != 0) {
    return fmt::format("an MTU of {} against {} octets", MtuOctets(a.mtu_active), MtuOctets(b.mtu_active));
  }
  return {};
}

void RememberPairs(FabricState& state, const View& view) {
  const SweepReport& sweep = view.snapshot().sweep;
  for (const LidPair& pair : SharedLids(view.snapshot())) {
    Advance(state.lid_shared, KeyOf(*pair.b_node, *pair.b), sweep);
  }
  for (const Link& link : view.links()) {
    if (!Disagreement(link).empty()) Advance(state.ends_disagree, LowerKey(link), sweep);
  }
  DropEnded(state.lid_shared, sweep);
  DropEnded(state.ends_disagree, sweep);
}

bool Certain(const Spells& spells, const PortKey& key, const Port& a, const Port& b) {
  if (a.info_sweep == b.info_sweep) return true;
  const auto it = spells.find(key);
  return it != spells.end() && std::min(a.info_sweep, b.info_sweep) >= it->second.first_sweep;
}

}  // namespace aftershock::rules

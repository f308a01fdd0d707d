#include "rules/routing/tree.h"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <utility>

#include "rules/routing/map.h"

namespace aftershock::rules {
namespace {

using Index = std::uint32_t;
constexpr Index kNone = 0xffffffff;

bool IsMulticast(Lid lid) {
  return static_cast<std::uint16_t>(lid) >= kFirstMulticastLid && static_cast<std::uint16_t>(lid) != 0xffff;
}

// nullptr: never read, not answered in this sweep, or not at rest.
const MulticastTable* TableOf(const Node& node) {
  const TableReading<MulticastTable>& reading = node.tables.multicast;
  const bool known = !Missing(node.answer) && !Missing(reading.answer) && !reading.unstable;
  return known ? reading.table.get() : nullptr;
}

bool WasAskedInVain(const Node& node) {
  const TableReading<MulticastTable>& reading = node.tables.multicast;
  return Missing(reading.answer) || reading.unstable;
}

class Parts {
 public:
  explicit Parts(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), Index{0}); }

  Index Of(Index at) {
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }
  // False: they were one already.
  bool Join(Index a, Index b) {
    a = Of(a);
    b = Of(b);
    if (a == b) return false;
    parent_[std::max(a, b)] = std::min(a, b);
    return true;
  }

 private:
  std::vector<Index> parent_;
};

// An exit that the group's packets take from one switch to another.
struct Arc {
  Index from = kNone, to = kNone;
  std::uint8_t exit = 0, entry = 0;
};

class TreeReader {
 public:
  TreeReader(const FabricSnapshot& snapshot, Lid mlid, bool guessed)
      : snapshot_(snapshot),
        entry_(snapshot.nodes.size()),
        joined_(snapshot.nodes.size()),
        perhaps_(snapshot.nodes.size()),
        forest_(snapshot.nodes.size()) {
    tree_.mlid = mlid;
    tree_.guessed = guessed;
  }

  GroupTree Read() {
    FindEntries();
    FindArcs();
    if (tree_.loop.empty()) FindOneWayLoop();
    FindMembers();
    FindReached();
    return std::move(tree_);
  }

 private:
  struct Entry {
    bool known = false;
    const PortSet* ports = nullptr;  // nullptr: the group is not in its table
    bool Has(std::uint8_t port) const { return ports != nullptr && ports->test(port); }
  };

  void FindEntries() {
    for (Index i = 0; i < entry_.size(); ++i) {
      const Node& node = snapshot_.nodes[i];
      if (!node.IsSwitch()) continue;
      const MulticastTable* table = TableOf(node);
      entry_[i].known = table != nullptr;
      if (table == nullptr) {
        if (WasAskedInVain(node)) tree_.unread.push_back(&node);
        continue;
      }
      const auto it = table->groups.find(static_cast<std::uint16_t>(tree_.mlid));
      if (it != table->groups.end()) entry_[i].ports = &it->second;
    }
  }

  void FindArcs() {
    for (Index i = 0; i < entry_.size(); ++i) {
      const Node& node = snapshot_.nodes[i];
      if (!node.IsSwitch()) continue;
      for (const Port& port : node.ports) {
        if (port.num == 0 || !Carries(port) || !port.peer || port.peer->node >= entry_.size()) continue;
        const Index far = port.peer->node;
        if (snapshot_.nodes[far].IsSwitch()) Take({i, far, port.num, port.peer->port});
      }
    }
  }

  void Take(const Arc& arc) {
    const Entry& near = entry_[arc.from];
    const Entry& far = entry_[arc.to];
    if (!near.known || !far.known) {
      const bool may = (!near.known || near.Has(arc.exit)) && (!far.known || far.Has(arc.entry));
      if (may) perhaps_.Join(arc.from, arc.to);
      return;
    }
    if (!near.Has(arc.exit)) return;
    if (!far.Has(arc.entry)) {
      if (far.ports != nullptr) one_way_.push_back(arc);
      return;
    }
    // Of the two ends of a cable the first one stands for both.
    if (std::pair(arc.to, arc.entry) < std::pair(arc.from, arc.exit)) return;
    perhaps_.Join(arc.from, arc.to);
    if (joined_.Join(arc.from, arc.to)) {
      forest_[arc.from].push_back(arc);
      forest_[arc.to].push_back({arc.to, arc.from, arc.entry, arc.exit});
    } else if (tree_.loop.empty()) {
      Append(arc);
      AppendWay(arc.to, arc.from);
    }
  }

  void Append(const Arc& arc) { tree_.loop.push_back({&snapshot_.nodes[arc.from], arc.exit}); }

  // The way within one part, of which there is one.
  void AppendWay(Index from, Index to) {
    std::vector<const Arc*> by(forest_.size(), nullptr);
    std::deque<Index> next{to};
    while (!next.empty() && by[from] == nullptr && from != to) {
      const Index at = next.front();
      next.pop_front();
      for (const Arc& arc : forest_[at]) {
        if (arc.to == to || by[arc.to] != nullptr) continue;
        by[arc.to] = &arc;
        next.push_back(arc.to);
      }
    }
    while (from != to && by[from] != nullptr) {
      const Arc& arc = *by[from];
      Append({arc.to, arc.from, arc.entry, arc.exit});
      from = arc.from;
    }
  }

  // Parts that one-way cables lead around: whoever comes into a part comes to all of it.
  void FindOneWayLoop() {
    std::map<Index, std::vector<const Arc*>> out;
    for (const Arc& arc : one_way_) out[joined_.Of(arc.from)].push_back(&arc);
    std::map<Index, int> state;  // 1: on the way, 2: leads to no loop
    struct Step {
      Index part;
      std::size_t next;
    };
    for (const auto& [first, arcs] : out) {
      if (state[first] != 0) continue;
      std::vector<Step> way{{first, 0}};
      std::vector<const Arc*> taken;
      state[first] = 1;
      while (!way.empty()) {
        Step& step = way.back();
        const auto it = out.find(step.part);
        if (it == out.end() || step.next == it->second.size()) {
          state[step.part] = 2;
          way.pop_back();
          if (!taken.empty()) taken.pop_back();
          continue;
        }
        const Arc* arc = it->second[step.next++];
        const Index to = joined_.Of(arc->to);
        if (state[to] == 2) continue;
        taken.push_back(arc);
        if (state[to] == 1) {
          const auto from = std::ranges::find(way, to, &Step::part) - way.begin();
          return AppendRound(std::vector(taken.begin() + from, taken.end()));
        }
        state[to] = 1;
        way.push_back({to, 0});
      }
    }
  }

  void AppendRound(const std::vector<const Arc*>& arcs) {
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      Append(*arcs[i]);
      AppendWay(arcs[i]->to, arcs[(i + 1) % arcs.size()]->from);
    }
  }

  void FindMembers() {
    for (Index i = 0; i < entry_.size(); ++i) {
      const Node& node = snapshot_.nodes[i];
      if (node.IsSwitch()) {
        const Port* own = node.FindPort(0);
        if (own != nullptr && entry_[i].Has(0)) Add({&node, own, &node}, i, 0);
        continue;
      }
      if (Missing(node.answer)) continue;
      for (const Port& port : node.ports) {
        if (!Carries(port) || Missing(port.info_answer)) continue;
        if (!port.peer || port.peer->node >= entry_.size()) continue;
        const Node& leaf = snapshot_.nodes[port.peer->node];
        if (leaf.IsSwitch()) Add({&node, &port, &leaf}, port.peer->node, port.peer->port);
      }
    }
  }

  void Add(TreeMember member, Index leaf, std::uint8_t leaf_port) {
    member.by_sa = !tree_.guessed && member.port->membership.member.value_or(false);
    member.known = entry_[leaf].known;
    member.on_tree = entry_[leaf].Has(leaf_port);
    if (!member.by_sa && !member.on_tree) return;
    tree_.members.push_back(member);
    leaf_.push_back(leaf);
  }

  void FindReached() {
    std::map<Index, std::size_t> parts;  // members on the tree
    for (std::size_t i = 0; i < leaf_.size(); ++i) {
      if (tree_.members[i].on_tree) ++parts[joined_.Of(leaf_[i])];
    }
    const auto most = std::ranges::max_element(parts, {}, [](const auto& part) { return part.second; });
    if (most == parts.end()) return;
    const Index main = most->first, wide = perhaps_.Of(main);
    for (std::size_t i = 0; i < leaf_.size(); ++i) {
      TreeMember& member = tree_.members[i];
      member.reached = member.on_tree && joined_.Of(leaf_[i]) == main;
      if (member.reached || !member.on_tree) continue;
      member.uncertain = perhaps_.Of(leaf_[i]) == wide;
    }
  }

  const FabricSnapshot& snapshot_;
  GroupTree tree_;
  std::vector<Entry> entry_;  // by node
  Parts joined_, perhaps_;
  std::vector<std::vector<Arc>> forest_;  // by node: cables that joined two parts
  std::vector<Arc> one_way_;
  std::vector<Index> leaf_;  // of each member
};

// The group that most ports of adapters are in; the lowest of equals.
std::optional<Lid> LargestGroup(const FabricSnapshot& snapshot) {
  std::map<std::uint16_t, std::size_t> members;
  for (const Node& node : snapshot.nodes) {
    const MulticastTable* table = node.IsSwitch() ? TableOf(node) : nullptr;
    if (table == nullptr) continue;
    PortSet to_adapters;
    for (const Port& port : node.ports) {
      const Node* far = snapshot.PeerNode(port);
      if (far != nullptr && !far->IsSwitch()) to_adapters.set(port.num);
    }
    for (const auto& [mlid, ports] : table->groups) members[mlid] += (ports & to_adapters).count();
  }
  const auto it = std::ranges::max_element(members, {}, [](const auto& group) { return group.second; });
  if (it == members.end() || it->second < 2) return std::nullopt;
  return Lid{it->first};
}

}  // namespace

std::optional<GroupTree> TreeOf(const FabricSnapshot& snapshot) {
  const bool any = std::ranges::any_of(snapshot.nodes, [](const Node& node) {
    return node.IsSwitch() && (TableOf(node) != nullptr || WasAskedInVain(node));
  });
  if (!any || snapshot.sa.group_missing) return std::nullopt;
  if (snapshot.sa.group && IsMulticast(snapshot.sa.group->mlid)) {
    return TreeReader(snapshot, snapshot.sa.group->mlid, false).Read();
  }
  const std::optional<Lid> largest = LargestGroup(snapshot);
  if (!largest) return std::nullopt;
  return TreeReader(snapshot, *largest, true).Read();
}

}  // namespace aftershock::rules

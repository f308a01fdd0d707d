// RememberNodes: where every node stands that was ever seen.
#include <algorithm>
#include <deque>

#include "rules/change.h"

namespace aftershock::rules {
namespace {

// A fabric does not forget a lost node; a stream of invented GUIDs must not fill the memory either.
constexpr std::size_t kMaxAbsentNodes = 10000;

class NodeKeeper {
 public:
  NodeKeeper(FabricState& state, const FabricSnapshot& snapshot)
      : state_(state), snapshot_(snapshot), now_(snapshot.sweep.started_steady) {}

  void Run() {
    for (const Node& node : snapshot_.nodes) List(node);
    if (snapshot_.sweep.complete) {
      for (auto& [guid, memory] : state_.nodes) {
        if (!Listed(memory)) Classify(guid, memory);
      }
      DropOldest();
    }
    FindWhoIsBehind();
  }

 private:
  bool Listed(const NodeMemory& memory) const { return memory.listed_sweep == snapshot_.sweep.number; }
  static bool Dead(const NodeMemory& memory) { return memory.standing != Standing::kPresent; }

  void List(const Node& node) {
    NodeMemory& memory = state_.nodes[node.guid];
    memory.listed_sweep = snapshot_.sweep.number;
    memory.lost_at.reset();
    memory.standing = Missing(node.answer) && !node.duplicate ? Standing::kUnanswered : Standing::kPresent;
    memory.name = NameOf(node);
    if (node.type != NodeType::kUnknown) memory.type = node.type;
    if (node.num_ports != 0) memory.num_ports = node.num_ports;
  }

  // Calls use(near port, far key, far port) for each cable that the node is remembered to have.
  template <typename Use>
  void ForEachLink(Guid guid, const NodeMemory& memory, Use use) const {
    for (unsigned num = 1; num <= std::max<unsigned>(memory.num_ports, 1); ++num) {
      const PortKey key{guid, static_cast<std::uint8_t>(num)};
      const auto near = state_.ports.find(key);
      if (near == state_.ports.end() || near->second.peer.node == Guid{}) continue;
      const auto far = state_.ports.find(near->second.peer);
      const auto far_node = state_.nodes.find(near->second.peer.node);
      if (far == state_.ports.end() || far_node == state_.nodes.end()) continue;
      use(key, far->second, far_node->first, far_node->second);
    }
  }

  void Classify(Guid guid, NodeMemory& memory) {
    int down = 0, silent = 0, unseen = 0;
    ForEachLink(guid, memory,
                [&](const PortKey& key, const PortMemory& far, Guid, const NodeMemory& far_node) {
                  if (!Listed(far_node)) return;
                  if (far_node.standing == Standing::kUnanswered) {
                    ++unseen;
                  } else if (far.linked && far.peer == key) {
                    ++silent;
                  } else {
                    ++down;
                  }
                });
    memory.standing = silent > 0                ? Standing::kSilent
                      : down > 0 && unseen == 0 ? Standing::kLost
                                                : Standing::kHidden;
    if (memory.standing != Standing::kLost) {
      memory.lost_at.reset();
    } else if (!memory.lost_at) {
      memory.lost_at = now_;
    }
  }

  bool HasLiveNeighbour(Guid guid, const NodeMemory& memory) const {
    bool live = false;
    ForEachLink(guid, memory, [&](const PortKey&, const PortMemory&, Guid, const NodeMemory& far_node) {
      live = live || (Listed(far_node) && !Dead(far_node));
    });
    return live;
  }

  // From the dead switches at the edge of what answers, outwards over the dead: those are behind them.
  void FindWhoIsBehind() {
    struct Step {
      Guid at, root;
    };
    std::deque<Step> steps;
    std::vector<Guid> edge;
    for (auto& [guid, memory] : state_.nodes) {
      memory.behind = Guid{};
      if (!Dead(memory) || !HasLiveNeighbour(guid, memory)) continue;
      edge.push_back(guid);
      if (memory.type == NodeType::kSwitch && memory.standing != Standing::kHidden)
        steps.push_back({guid, guid});
    }
    std::ranges::sort(edge);
    std::ranges::sort(steps, {}, &Step::at);
    while (!steps.empty()) {
      const Step step = steps.front();
      steps.pop_front();
      ForEachLink(step.at, state_.nodes.at(step.at),
                  [&](const PortKey&, const PortMemory&, Guid far, const NodeMemory&) {
                    NodeMemory& next = state_.nodes.at(far);
                    if (!Dead(next) || next.behind != Guid{} || std::ranges::binary_search(edge, far)) return;
                    next.behind = step.root;
                    if (next.type == NodeType::kSwitch) steps.push_back({far, step.root});
                  });
    }
  }

  void DropOldest() {
    if (state_.nodes.size() <= snapshot_.nodes.size() + kMaxAbsentNodes) return;
    std::vector<std::pair<std::uint32_t, Guid>> absent;
    for (const auto& [guid, memory] : state_.nodes) {
      if (!Listed(memory)) absent.emplace_back(memory.listed_sweep, guid);
    }
    std::ranges::sort(absent);
    absent.resize(absent.size() - std::min(absent.size(), kMaxAbsentNodes));
    for (const auto& [sweep, guid] : absent) state_.nodes.erase(guid);
    std::erase_if(state_.ports, [&](const auto& port) { return !state_.nodes.contains(port.first.node); });
  }

  FabricState& state_;
  const FabricSnapshot& snapshot_;
  SteadyTime now_;
};

}  // namespace

void RememberNodes(FabricState& state, const FabricSnapshot& snapshot) {
  NodeKeeper(state, snapshot).Run();
}

}  // namespace aftershock::rules

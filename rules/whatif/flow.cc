#include "rules/whatif/flow.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace aftershock::whatif {
namespace {

constexpr std::size_t kSource = std::numeric_limits<std::size_t>::max();

class Forest {
 public:
  explicit Forest(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), Index{0}); }
  // false: they are in one tree already.
  bool Join(Index a, Index b) {
    a = Root(a);
    b = Root(b);
    if (a == b) return false;
    parent_[a] = b;
    return true;
  }

 private:
  Index Root(Index i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  std::vector<Index> parent_;
};

// The cables of `limit` forests.
std::vector<Index> SparseCables(const Network& network, const Exclusion& gone, std::uint32_t limit) {
  std::vector<Index> left, kept;
  for (Index c = 0; c < network.cables.size(); ++c) {
    if (!gone.CableGone(network, c)) left.push_back(c);
  }
  for (std::uint32_t round = 0; round < limit && !left.empty(); ++round) {
    Forest forest(network.switches.size());
    const std::size_t before = kept.size();
    std::erase_if(left, [&](Index c) {
      const bool joined = forest.Join(network.cables[c].a, network.cables[c].b);
      if (joined) kept.push_back(c);
      return joined;
    });
    if (kept.size() == before) break;
  }
  return kept;
}

}  // namespace

FlowGraph::FlowGraph(const Network& network, const Exclusion& gone, std::uint32_t limit)
    : limit_(limit),
      first_(network.switches.size() + 1),
      seen_(network.switches.size()),
      source_(network.switches.size()),
      sink_(network.switches.size()),
      came_(network.switches.size()) {
  const std::vector<Index> cables = SparseCables(network, gone, limit);
  for (const Index c : cables) {
    ++first_[network.cables[c].a + 1];
    ++first_[network.cables[c].b + 1];
  }
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  arcs_.resize(2 * cables.size());
  flow_.resize(cables.size());
  std::vector<std::size_t> at(first_.begin(), first_.end() - 1);
  for (Index e = 0; e < cables.size(); ++e) {
    const Cable& cable = network.cables[cables[e]];
    arcs_[at[cable.a]++] = {cable.a, cable.b, e, 1};
    arcs_[at[cable.b]++] = {cable.b, cable.a, e, -1};
  }
}

std::uint32_t FlowGraph::Flow(std::span<const FlowEnd> from, std::span<const FlowEnd> to) {
  for (const FlowEnd& end : from) source_[end.sw] += end.amount;
  for (const FlowEnd& end : to) sink_[end.sw] += end.amount;
  std::uint32_t flow = 0;
  while (flow < limit_ && Augment()) ++flow;
  for (const FlowEnd& end : from) source_[end.sw] = 0;
  for (const FlowEnd& end : to) sink_[end.sw] = 0;
  Undo();
  return flow;
}

// One more path, by a search in breadth.
bool FlowGraph::Augment() {
  ++stamp_;
  queue_.clear();
  for (Index sw = 0; sw < source_.size(); ++sw) {
    if (source_[sw] == 0) continue;
    seen_[sw] = stamp_;
    came_[sw] = kSource;
    queue_.push_back(sw);
  }
  for (std::size_t head = 0; head < queue_.size(); ++head) {
    Index at = queue_[head];
    if (sink_[at] != 0) {
      --sink_[at];
      while (came_[at] != kSource) {
        const Arc& arc = arcs_[came_[at]];
        flow_[arc.edge] = static_cast<std::int8_t>(flow_[arc.edge] + arc.sign);
        touched_.push_back(arc.edge);
        at = arc.from;
      }
      --source_[at];
      return true;
    }
    for (std::size_t i = first_[at]; i < first_[at + 1]; ++i) {
      const Arc& arc = arcs_[i];
      if (seen_[arc.to] == stamp_ || flow_[arc.edge] * arc.sign > 0) continue;
      seen_[arc.to] = stamp_;
      came_[arc.to] = i;
      queue_.push_back(arc.to);
    }
  }
  return false;
}

void FlowGraph::Undo() {
  for (const Index edge : touched_) flow_[edge] = 0;
  touched_.clear();
}

std::vector<std::vector<Index>> Classes(FlowGraph& graph, std::span<const Index> among) {
  struct Block {
    std::vector<Index> sure;    // of one class
    std::vector<Index> unsure;  // on the same side of all cuts so far
  };
  std::vector<std::vector<Index>> result;
  std::vector<Block> blocks;
  if (!among.empty()) blocks.push_back({{among.front()}, {among.begin() + 1, among.end()}});
  while (!blocks.empty()) {
    Block block = std::move(blocks.back());
    blocks.pop_back();
    while (!block.unsure.empty()) {
      const Index other = block.unsure.back();
      block.unsure.pop_back();
      const FlowEnd from{block.sure.front(), graph.limit()}, to{other, graph.limit()};
      if (graph.Flow({&from, 1}, {&to, 1}) >= graph.limit()) {
        block.sure.push_back(other);
        continue;
      }
      Block beyond{{other}, {}};
      std::erase_if(block.unsure, [&](Index sw) {
        if (graph.OnSourceSide(sw)) return false;
        beyond.unsure.push_back(sw);
        return true;
      });
      blocks.push_back(std::move(beyond));
    }
    result.push_back(std::move(block.sure));
  }
  return result;
}

}  // namespace aftershock::whatif

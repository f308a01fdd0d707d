#include "rules/routing/dependency.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace aftershock::rules {
namespace {

constexpr std::uint32_t kWordBits = 64;

}  // namespace

DependencyGraph::DependencyGraph(const RoutingMap& map, int lanes)
    : map_(map), lanes_(static_cast<std::uint32_t>(std::clamp(lanes, 1, 16))) {
  std::uint32_t words = 0;
  for (RoutingMap::Index s = 0; s < map.switches().size(); ++s) {
    first_.push_back(static_cast<std::uint32_t>(rows_.size()));
    for (const RoutingMap::Exit& exit : map.switches()[s].exits) {
      owner_.push_back(s);
      Row& row = rows_.emplace_back();
      row.first_word = words;
      if (exit.leads != RoutingMap::Leads::kSwitch) continue;
      row.behind = exit.to;
      words += Words(exit.to) * lanes_;
    }
  }
  first_.push_back(static_cast<std::uint32_t>(rows_.size()));
  bits_.resize(words);
}

std::uint32_t DependencyGraph::Words(RoutingMap::Index sw) const {
  const auto bits = static_cast<std::uint32_t>(map_.switches()[sw].exits.size()) * lanes_;
  return (bits + kWordBits - 1) / kWordBits;
}

Channel DependencyGraph::ChannelOf(Vertex v) const {
  const std::uint32_t number = v / lanes_;
  const RoutingMap::Index sw = owner_[number];
  return {sw, static_cast<std::uint8_t>(number - first_[sw]), static_cast<std::uint8_t>(v % lanes_)};
}

void DependencyGraph::Add(Channel channel, std::uint8_t next, std::uint8_t next_vl) {
  const std::uint32_t number = first_[channel.sw] + channel.port;
  if (number >= first_[channel.sw + 1] || channel.vl >= lanes_ || next_vl >= lanes_) return;
  const Row& row = rows_[number];
  if (row.behind == RoutingMap::kNone) return;
  const std::uint32_t far = first_[row.behind] + next;
  if (far >= first_[row.behind + 1] || rows_[far].behind == RoutingMap::kNone) return;
  const std::uint32_t bit = next * lanes_ + next_vl;
  bits_[row.first_word + channel.vl * Words(row.behind) + bit / kWordBits] |= std::uint64_t{1}
                                                                              << (bit % kWordBits);
}

std::span<const std::uint64_t> DependencyGraph::RowOf(Vertex v) const {
  const Row& row = rows_[v / lanes_];
  if (row.behind == RoutingMap::kNone) return {};
  const std::uint32_t words = Words(row.behind);
  return {bits_.data() + row.first_word + (v % lanes_) * words, words};
}

DependencyGraph::Vertex DependencyGraph::NextOf(Vertex v, std::uint32_t& from) const {
  const auto row = RowOf(v);
  for (std::uint32_t word = from / kWordBits; word < row.size(); ++word) {
    std::uint64_t bits = row[word];
    if (word == from / kWordBits) bits &= ~std::uint64_t{0} << (from % kWordBits);
    if (bits == 0) continue;
    const auto bit = word * kWordBits + static_cast<std::uint32_t>(std::countr_zero(bits));
    from = bit + 1;
    return first_[rows_[v / lanes_].behind] * lanes_ + bit;
  }
  return kNoVertex;
}

bool DependencyGraph::Has(Channel channel, std::uint8_t next, std::uint8_t next_vl) const {
  const Vertex v = VertexOf(channel);
  const auto row = RowOf(v);
  const std::uint32_t bit = next * lanes_ + next_vl;
  return bit / kWordBits < row.size() && (row[bit / kWordBits] >> (bit % kWordBits) & 1) != 0;
}

// R. Tarjan, "Depth-First Search and Linear Graph Algorithms" (SIAM J. Computing, 1972), with a stack of its
// own: tens of thousands of channels would not fit on that of a thread.
class DependencyGraph::Components {
 public:
  explicit Components(const DependencyGraph& graph)
      : graph_(graph), order_(graph.rows_.size() * graph.lanes_), low_(order_.size()) {}

  std::vector<std::vector<Vertex>> Run() {
    for (Vertex v = 0; v < order_.size(); ++v) {
      if (order_[v] == kUnseen && !graph_.RowOf(v).empty()) Search(v);
    }
    return std::move(found_);
  }

 private:
  static constexpr std::uint32_t kUnseen = 0, kDone = std::numeric_limits<std::uint32_t>::max();
  struct Frame {
    Vertex vertex;
    std::uint32_t bit = 0;
  };

  void Enter(Vertex v) {
    order_[v] = low_[v] = ++count_;
    open_.push_back(v);
    frames_.push_back({v});
  }

  void Search(Vertex root) {
    Enter(root);
    while (!frames_.empty()) {
      const Vertex v = frames_.back().vertex;
      const Vertex next = graph_.NextOf(v, frames_.back().bit);
      if (next == kNoVertex) {
        Leave(v);
      } else if (order_[next] == kUnseen) {
        Enter(next);
      } else if (order_[next] != kDone) {
        low_[v] = std::min(low_[v], order_[next]);
      }
    }
  }

  void Leave(Vertex v) {
    frames_.pop_back();
    if (!frames_.empty()) {
      const Vertex parent = frames_.back().vertex;
      low_[parent] = std::min(low_[parent], low_[v]);
    }
    if (low_[v] != order_[v]) return;
    const auto first = std::find(open_.rbegin(), open_.rend(), v).base() - 1;
    std::vector<Vertex> members(first, open_.end());
    open_.erase(first, open_.end());
    for (const Vertex member : members) order_[member] = kDone;
    if (members.size() > 1 || WaitsForItself(v)) found_.push_back(std::move(members));
  }

  bool WaitsForItself(Vertex v) const {
    const Channel c = graph_.ChannelOf(v);
    return graph_.rows_[v / graph_.lanes_].behind == c.sw && graph_.Has(c, c.port, c.vl);
  }

  const DependencyGraph& graph_;
  std::vector<std::uint32_t> order_, low_;
  std::vector<Vertex> open_;
  std::vector<Frame> frames_;
  std::vector<std::vector<Vertex>> found_;
  std::uint32_t count_ = 0;
};

// Breadth first from one member after the other, as long as the budget of edges lasts: in a knot of thousands
// of channels a short cycle is wanted, not a proof that there is no shorter one.
class DependencyGraph::CycleSearch {
 public:
  CycleSearch(const DependencyGraph& graph, const std::vector<Vertex>& members)
      : graph_(graph), members_(members), came_from_(members.size()), seen_by_(members.size(), kNobody) {}

  std::vector<Vertex> Run() {
    for (std::uint32_t i = 0; i < members_.size() && budget_ > 0; ++i) From(i);
    return std::move(best_);
  }

 private:
  static constexpr std::uint32_t kNobody = 0xffffffff;

  std::uint32_t PlaceOf(Vertex v) const {
    const auto it = std::ranges::lower_bound(members_, v);
    return it != members_.end() && *it == v ? static_cast<std::uint32_t>(it - members_.begin()) : kNobody;
  }

  void From(std::uint32_t start) {
    std::vector<std::uint32_t> level{start};
    seen_by_[start] = start;
    for (std::size_t length = 1; !level.empty() && (best_.empty() || length < best_.size()); ++length) {
      std::vector<std::uint32_t> next_level;
      for (const std::uint32_t at : level) {
        std::uint32_t bit = 0;
        for (Vertex v = graph_.NextOf(members_[at], bit); v != kNoVertex;
             v = graph_.NextOf(members_[at], bit)) {
          --budget_;
          const std::uint32_t place = PlaceOf(v);
          if (place == start) return Keep(start, at);
          if (place == kNobody || seen_by_[place] == start) continue;
          seen_by_[place] = start;
          came_from_[place] = at;
          next_level.push_back(place);
        }
      }
      if (budget_ < 0 && !best_.empty()) return;
      level.swap(next_level);
    }
  }

  void Keep(std::uint32_t start, std::uint32_t last) {
    best_.clear();
    for (std::uint32_t at = last; at != start; at = came_from_[at]) best_.push_back(members_[at]);
    best_.push_back(members_[start]);
    std::ranges::reverse(best_);
  }

  const DependencyGraph& graph_;
  const std::vector<Vertex>& members_;  // sorted
  std::vector<std::uint32_t> came_from_, seen_by_;
  std::vector<Vertex> best_;
  std::int64_t budget_ = 4'000'000;
};

Knot DependencyGraph::KnotOf(std::vector<Vertex> members) const {
  std::ranges::sort(members);
  Knot knot;
  for (const Vertex v : members) knot.channels.push_back(ChannelOf(v));
  std::vector<Vertex> cycle = CycleSearch(*this, members).Run();
  std::rotate(cycle.begin(), std::ranges::min_element(cycle), cycle.end());
  for (const Vertex v : cycle) knot.cycle.push_back(ChannelOf(v));
  return knot;
}

std::vector<Knot> DependencyGraph::Knots() const {
  std::vector<Knot> knots;
  for (auto& members : Components(*this).Run()) knots.push_back(KnotOf(std::move(members)));
  std::ranges::sort(knots, {}, [](const Knot& k) { return k.channels.front(); });
  return knots;
}

}  // namespace aftershock::rules

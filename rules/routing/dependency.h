// The channel dependency graph of W. J. Dally and C. L. Seitz, "Deadlock-Free Message Routing in
// Multiprocessor Interconnection Networks" (IEEE Trans. Computers, 1987): a packet that holds a buffer of one
// channel waits for one of the next. Without a cycle no set of packets can wait for each other for ever; with
// deterministic routing that is used, a cycle is enough for it.
//
// A channel is an exit of a switch that leads to another switch, on one virtual lane. Those from and to
// adapters are left out: nothing waits for the first, and the second wait for nothing.
//
// Pure. Refers to the map, which must outlive it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/routing/map.h"

namespace aftershock::rules {

struct Channel {
  RoutingMap::Index sw = 0;
  std::uint8_t port = 0;
  std::uint8_t vl = 0;
  friend auto operator<=>(const Channel&, const Channel&) = default;
};

// Channels that wait for each other, each of them, directly or not, for every other.
struct Knot {
  std::vector<Channel> channels;  // sorted
  // A shortest cycle among them (of those that a bounded search came by): each waits for the next, the last
  // for the first.
  std::vector<Channel> cycle;
};

class DependencyGraph {
 public:
  // REQUIRES: lanes is 1 to 16
  explicit DependencyGraph(const RoutingMap& map, int lanes = 1);

  // What goes out by `port` of `sw` goes out by `next` of the switch behind. Does nothing where one of the
  // two leads to no switch.
  void Add(RoutingMap::Index sw, std::uint8_t port, std::uint8_t next) { Add({sw, port, 0}, next, 0); }
  void Add(Channel channel, std::uint8_t next, std::uint8_t next_vl);

  bool Has(Channel channel, std::uint8_t next, std::uint8_t next_vl) const;
  std::vector<Knot> Knots() const;  // in the order of their first channel
  std::size_t Bytes() const { return bits_.size() * sizeof(bits_[0]); }

 private:
  using Vertex = std::uint32_t;
  static constexpr Vertex kNoVertex = 0xffffffff;
  class Components;

  // A row has a bit for every port and lane of the switch behind the channel.
  struct Row {
    std::uint32_t first_word = 0;
    RoutingMap::Index behind = RoutingMap::kNone;
  };
  Vertex VertexOf(Channel c) const { return (first_[c.sw] + c.port) * static_cast<Vertex>(lanes_) + c.vl; }
  Channel ChannelOf(Vertex v) const;
  std::uint32_t Words(RoutingMap::Index sw) const;
  // The words of a channel's row; empty: nothing can wait behind it.
  std::span<const std::uint64_t> RowOf(Vertex v) const;
  // The first vertex that `v` waits for at or after bit `from` of its row, which moves behind it; kNoVertex:
  // there is none.
  Vertex NextOf(Vertex v, std::uint32_t& from) const;
  Knot KnotOf(std::vector<Vertex> members) const;
  class CycleSearch;

  const RoutingMap& map_;
  std::uint32_t lanes_;
  std::vector<std::uint32_t> first_;      // by switch: the number of its port 0; one more at the end
  std::vector<RoutingMap::Index> owner_;  // by number of port: the switch
  std::vector<Row> rows_;                 // by number of port; its lanes follow each other
  std::vector<std::uint64_t> bits_;
};

}  // namespace aftershock::rules

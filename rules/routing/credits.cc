#include "rules/routing/credits.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/routing/way.h"

namespace aftershock::rules {
namespace {

using Index = RoutingMap::Index;
using Leads = RoutingMap::Leads;
using Owns = RoutingMap::Owns;

constexpr int kSls = 16;
constexpr std::uint8_t kNoLane = 15;  // SLs that map to VL15 are discarded (7.6.6)
constexpr std::uint8_t kLaneUnknown = 0xff;

const PortInfo* InfoOf(const RoutingMap::Switch& sw, std::uint8_t port) {
  const Port* p = sw.node->FindPort(port);
  return p != nullptr && p->info ? &*p->info : nullptr;
}

bool AnyLanes(const RoutingMap& map) {
  return std::ranges::any_of(map.switches(), [](const RoutingMap::Switch& sw) {
    for (std::size_t port = 1; port < sw.exits.size(); ++port) {
      const PortInfo* info = InfoOf(sw, static_cast<std::uint8_t>(port));
      if (sw.exits[port].leads == Leads::kSwitch && info != nullptr && DataLanes(info->operational_vls) > 1)
        return true;
    }
    return false;
  });
}

// The SL of each path, as far as it is known.
class Sls {
 public:
  Sls(const RoutingMap& map, const SlSources& sources) : map_(map), dumped_(map.ends().size()) {
    if (sources.dump != nullptr) TakeDump(*sources.dump);
    const auto& samples = map.snapshot().sa.paths;
    std::uint16_t seen = 0;
    for (const PathSample& sample : samples) {
      const auto from = map.OwnerOf(sample.from);
      if (from.kind != Owns::kEnd || map.OwnerOf(sample.to).kind != Owns::kEnd || sample.sl >= kSls) continue;
      seen = static_cast<std::uint16_t>(seen | 1u << sample.sl);
      sampled_[Pair(from.index, sample.to)] = sample.sl;
    }
    if (std::has_single_bit(seen) && sampled_.size() >= std::min(sources.agreeing, Pairs()))
      everywhere_ = static_cast<std::uint8_t>(std::countr_zero(seen));
  }

  // PathSls::kUnknown: not known.
  std::uint8_t Of(Index end, Lid to) const {
    if (const auto* dump = dumped_[end]; dump != nullptr) {
      const auto lid = static_cast<std::size_t>(to);
      if (lid < dump->size() && (*dump)[lid] < kSls) return (*dump)[lid];
    }
    if (!sampled_.empty()) {
      if (const auto it = sampled_.find(Pair(end, to)); it != sampled_.end()) return it->second;
    }
    return everywhere_;
  }
  std::size_t sampled() const { return sampled_.size(); }
  bool dump() const { return dump_; }

 private:
  static std::uint64_t Pair(Index end, Lid to) {
    return std::uint64_t{end} << 16 | static_cast<std::uint16_t>(to);
  }
  std::size_t Pairs() const {
    const auto active =
        static_cast<std::size_t>(std::ranges::count_if(map_.ends(), &RoutingMap::End::active));
    return active < 2 ? 1 : active * (active - 1);
  }
  void TakeDump(const PathSls& dump) {
    dump_ = true;
    for (Index e = 0; e < map_.ends().size(); ++e) {
      const auto it = dump.by_source.find(map_.ends()[e].lid);
      if (map_.ends()[e].active && it != dump.by_source.end()) dumped_[e] = &it->second;
    }
  }

  const RoutingMap& map_;
  std::vector<const std::vector<std::uint8_t>*> dumped_;  // by end
  std::unordered_map<std::uint64_t, std::uint8_t> sampled_;
  std::uint8_t everywhere_ = PathSls::kUnknown;
  bool dump_ = false;
};

// The knots once more, lane by lane, of the paths that run along them.
class ByLane {
 public:
  ByLane(const RoutingMap& map, const std::vector<Knot>& knots, const Sls& sls)
      : map_(map), sls_(sls), graph_(map, kSls), knot_of_(map.switches().size()) {
    for (std::size_t k = 0; k < knots.size(); ++k) {
      for (const Channel& c : knots[k].channels) {
        auto& ports = knot_of_[c.sw];
        if (ports.size() <= c.port) ports.resize(std::size_t{c.port} + 1);
        ports[c.port] = static_cast<std::uint32_t>(k) + 1;
      }
    }
  }

  void Run() {
    for (std::size_t lid = 0; lid < map_.LidEnd(); ++lid) {
      const auto to = static_cast<Lid>(lid);
      const auto owner = map_.OwnerOf(to);
      if (owner.kind != Owns::kEnd || map_.ends()[owner.index].node->IsAggregationNode()) continue;
      for (Index s = 0; s < map_.switches().size(); ++s) {
        if (!map_.switches()[s].ends.empty()) WaysFrom(s, to);
      }
    }
  }

  std::vector<Knot> Knots() const { return graph_.Knots(); }
  std::size_t paths_unknown() const { return paths_unknown_; }
  bool lanes_unknown() const { return lanes_unknown_; }

 private:
  std::uint32_t KnotOf(const Hop& hop) const {
    const auto& ports = knot_of_[hop.sw];
    return hop.exit < ports.size() ? ports[hop.exit] : 0;
  }

  // Of all ports at one switch, whose ways differ in the SL and the port they enter by.
  void WaysFrom(Index s, Lid to) {
    const LinearTable* table = map_.switches()[s].table;
    if (table == nullptr) return;
    const Way way = Follow(map_, s, 0, to);
    if (way.outcome == Outcome::kLoop) return;
    bool runs_along = false;
    for (std::size_t i = 1; i < way.hops.size() && !runs_along; ++i)
      runs_along = KnotOf(way.hops[i - 1]) != 0 && KnotOf(way.hops[i - 1]) == KnotOf(way.hops[i]);
    if (!runs_along) return;
    std::bitset<kSls * kSls> begun;  // by SL and the lane of the first channel
    const auto owner = map_.OwnerOf(to);
    for (const Index e : map_.switches()[s].ends) {
      if (owner.index == e || map_.ends()[e].node->IsAggregationNode()) continue;
      const std::uint8_t sl = sls_.Of(e, to);
      if (sl == PathSls::kUnknown) {
        ++paths_unknown_;
        continue;
      }
      const std::uint8_t lane = LaneOf(s, map_.ends()[e].sw_port, way.hops.front().exit, sl);
      const std::size_t bit = std::size_t{sl} * kSls + std::min<std::size_t>(lane, kNoLane);
      if (lane != kLaneUnknown && begun.test(bit)) continue;
      if (lane != kLaneUnknown) begun.set(bit);
      AddWay(way, sl, lane);
    }
  }

  void AddWay(const Way& way, std::uint8_t sl, std::uint8_t lane) {
    for (std::size_t i = 1; i < way.hops.size(); ++i) {
      const Hop& hop = way.hops[i];
      if (lane == kNoLane) return;
      if (map_.switches()[hop.sw].ExitBy(hop.exit).leads != Leads::kSwitch) return;
      const std::uint8_t next = LaneOf(hop.sw, hop.entry, hop.exit, sl);
      const Hop& before = way.hops[i - 1];
      if (KnotOf(before) != 0 && KnotOf(before) == KnotOf(hop)) {
        if (lane == kLaneUnknown || next == kLaneUnknown) {
          lanes_unknown_ = true;
        } else if (next != kNoLane) {
          graph_.Add({before.sw, before.exit, lane}, hop.exit, next);
        }
      }
      lane = next;
    }
  }

  std::uint8_t LaneOf(Index s, std::uint8_t in, std::uint8_t out, std::uint8_t sl) const {
    const RoutingMap::Switch& sw = map_.switches()[s];
    const PortInfo* info = InfoOf(sw, out);
    if (info != nullptr && DataLanes(info->operational_vls) == 1) return 0;
    const SlToVlTable* table = sw.node->tables.sl_to_vl.table.get();
    if (table == nullptr) return kLaneUnknown;
    const auto row = table->vl.find({in, out});
    return row == table->vl.end() ? kLaneUnknown : row->second[sl] & 15;
  }

  const RoutingMap& map_;
  const Sls& sls_;
  DependencyGraph graph_;
  std::vector<std::vector<std::uint32_t>> knot_of_;  // by switch and port; 0: none
  std::size_t paths_unknown_ = 0;
  bool lanes_unknown_ = false;
};

std::string WhatIsNotKnown(const Sls& sls, const ByLane& lanes) {
  if (lanes.paths_unknown() == 0) return "not every switch on it told how it maps service levels to lanes";
  if (sls.dump()) {
    return fmt::format("the dump of service levels lacks {} of the paths along it", lanes.paths_unknown());
  }
  if (sls.sampled() == 0) return "no path's service level is known";
  return fmt::format("service levels are known of {} paths only, and not of {} that run along it",
                     sls.sampled(), lanes.paths_unknown());
}

}  // namespace

int DataLanes(std::uint8_t operational_vls) {
  switch (operational_vls) {
    case 2:
      return 2;
    case 3:
      return 4;
    case 4:
      return 8;
    case 5:
      return 15;
    default:
      return 1;
  }
}

Credits JudgeCredits(const RoutingMap& map, const DependencyGraph& graph, const SlSources& sources) {
  Credits credits;
  if (std::ranges::any_of(map.switches(), &RoutingMap::Switch::adaptive)) {
    credits.verdict = Credits::Verdict::kAdaptive;
    return credits;
  }
  credits.knots = graph.Knots();
  if (credits.knots.empty()) return credits;
  credits.verdict = Credits::Verdict::kKnotted;
  if (!AnyLanes(map)) return credits;
  const Sls sls(map, sources);
  ByLane lanes(map, credits.knots, sls);
  lanes.Run();
  std::vector<Knot> knots = lanes.Knots();
  if (knots.empty() && (lanes.paths_unknown() != 0 || lanes.lanes_unknown())) {
    credits.verdict = Credits::Verdict::kBySl;
    credits.because = WhatIsNotKnown(sls, lanes);
    return credits;
  }
  credits.by_lane = true;
  if (knots.empty()) credits.verdict = Credits::Verdict::kFree;
  credits.knots = std::move(knots);
  return credits;
}

}  // namespace aftershock::rules

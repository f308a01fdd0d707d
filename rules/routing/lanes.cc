// sl2vl-differs: SL-to-VL rows that differ from those that like switches have for like ports.
#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/fabric/tiers.h"
#include "rules/found.h"
#include "rules/routing/map.h"
#include "rules/routing/rules_trees.h"
#include "rules/routing/table_trees.h"

namespace aftershock::rules {
namespace {

// Four bits for each SL.
std::uint64_t Packed(const SlToVlTable::Row& row) {
  std::uint64_t packed = 0;
  for (const std::uint8_t vl : row) packed = packed << 4 | (vl & 15u);
  return packed;
}

// What is alike: the kind of switch and its tier, the tiers that the two ports lead to, the lanes of the
// exit.
using Kind = std::tuple<TierEnd, int, int, std::uint8_t>;

struct Rows {
  std::unordered_map<std::uint64_t, std::uint32_t> of_switch;  // how often, by row
};

class Lanes {
 public:
  explicit Lanes(const View& view) : view_(view), tiers_(view.snapshot(), view.links()) {
    for (const Node& node : view.snapshot().nodes) {
      const TableReading<SlToVlTable>& reading = node.tables.sl_to_vl;
      if (!node.IsSwitch() || Missing(node.answer) || reading.table == nullptr || reading.unstable) continue;
      for (const auto& [ports, row] : reading.table->vl) Add(node, ports.first, ports.second, row);
    }
  }

  std::vector<Finding> Find() {
    std::map<const Node*, std::uint32_t> different;
    for (const auto& [kind, switches] : kinds_) {
      const auto usual = Usual(switches);
      if (!usual) continue;
      for (const auto& [node, rows] : switches) {
        for (const auto& [row, count] : rows.of_switch) {
          if (row != *usual) different[node] += count;
        }
      }
    }
    std::vector<Finding> findings;
    for (const auto& [node, count] : different) {
      findings.push_back(view_.Found(
          kSl2VlDiffers, SubjectOf(*node),
          fmt::format("{} maps SLs to VLs differently from the switches like it, at {} of its pairs of ports",
                      NameOf(*node), count),
          {{"pairs of ports", std::int64_t{count}, ""}}));
    }
    return findings;
  }

 private:
  using Switches = std::map<const Node*, Rows>;
  static constexpr int kOwnPort = -2, kNothing = -3;

  int Beyond(const Node& node, std::uint8_t num) const {
    if (num == 0) return kOwnPort;
    const Port* port = node.FindPort(num);
    const Node* far = port != nullptr && Carries(*port) ? view_.snapshot().PeerNode(*port) : nullptr;
    return far == nullptr ? kNothing : tiers_.Of(*far);
  }

  void Add(const Node& node, std::uint8_t in, std::uint8_t out, const SlToVlTable::Row& row) {
    const int from = Beyond(node, in), to = Beyond(node, out);
    if (from == kNothing || to == kNothing || in == out) return;
    const Port* exit = node.FindPort(out);
    const std::uint8_t lanes = exit != nullptr && exit->info ? exit->info->operational_vls : std::uint8_t{0};
    const Kind kind{{tiers_.Of(node), node.vendor_id, node.device_id}, from, to, lanes};
    ++kinds_[kind][&node].of_switch[Packed(row)];
  }

  // The one row that nearly all switches of a kind have, and nothing else.
  std::optional<std::uint64_t> Usual(const Switches& switches) const {
    std::unordered_map<std::uint64_t, std::uint32_t> uniform;
    for (const auto& [node, rows] : switches) {
      if (rows.of_switch.size() == 1) ++uniform[rows.of_switch.begin()->first];
    }
    const double others = static_cast<double>(switches.size()) - 1;
    if (others < view_.Threshold(kSl2VlDiffers, "min_peers")) return std::nullopt;
    for (const auto& [row, count] : uniform) {
      if (count >= view_.Threshold(kSl2VlDiffers, "peers_share") * others) return row;
    }
    return std::nullopt;
  }

  const View& view_;
  Tiers tiers_;
  std::map<Kind, Switches> kinds_;
};

}  // namespace

std::vector<Finding> FindDifferentLanes(const View& view) {
  const bool any = std::ranges::any_of(
      view.snapshot().nodes, [](const Node& node) { return node.tables.sl_to_vl.table != nullptr; });
  if (!any) return {};
  return Lanes(view).Find();
}

}  // namespace aftershock::rules

#include "rules/whatif/load.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace aftershock::whatif {
namespace {

using MaybeRate = std::optional<double>;

void Add(MaybeRate& sum, const MaybeRate& value) {
  sum = sum && value ? MaybeRate(*sum + *value) : std::nullopt;
}

MaybeRate Worse(const MaybeRate& a, const MaybeRate& b) {
  return a && b ? MaybeRate(std::max(*a, *b)) : std::nullopt;
}

}  // namespace

// What one end sends the other gets: either end's counters will do.
LoadFit::Flow LoadFit::OfPort(const PortKey& near, const PortKey& far) const {
  if (const auto at = loads_.find(near); at != loads_.end())
    return {at->second.peak_xmit, at->second.peak_rcv};
  if (const auto at = loads_.find(far); at != loads_.end())
    return {at->second.peak_rcv, at->second.peak_xmit};
  return {};
}

LoadFit::Flow LoadFit::OutOf(Index sw) const {
  Flow flow{0.0, 0.0};
  for (const Index c : tiers_.Out(sw)) {
    const Cable& cable = network_.cables[c];
    const bool a = cable.a == sw;
    const Flow one = OfPort(a ? cable.a_port : cable.b_port, a ? cable.b_port : cable.a_port);
    Add(flow.out, one.out);
    Add(flow.in, one.in);
  }
  return flow;
}

LoadFit::LoadFit(const Network& network, const Tiers& tiers, const PortLoads& loads, double head_room)
    : network_(network), tiers_(tiers), loads_(loads), head_room_(head_room) {
  std::size_t measured = 0;
  const auto count = [&](const PortKey& a, const PortKey& b) {
    auto at = loads.find(a);
    if (at == loads.end()) at = loads.find(b);
    if (at == loads.end()) return;
    seconds_ = measured++ == 0 ? at->second.seconds : std::min(seconds_, at->second.seconds);
  };
  for (const Leg& leg : network.legs) {
    count(leg.host_port, leg.switch_port);
    legs_.push_back(OfPort(leg.host_port, leg.switch_port));
  }
  for (const Cable& cable : network.cables) count(cable.a_port, cable.b_port);
  const std::size_t all = network.legs.size() + network.cables.size();
  known_ = measured == 0 ? LoadKnown::kNo : measured < all ? LoadKnown::kPartly : LoadKnown::kYes;
  for (Index sw = 0; sw < network.switches.size(); ++sw) {
    switches_.push_back(OutOf(sw));
    Flow hosts{0.0, 0.0};
    for (const Index leg : network.switches[sw].legs) {
      Add(hosts.out, legs_[leg].out);
      Add(hosts.in, legs_[leg].in);
    }
    const MaybeRate up = Worse(switches_[sw].out, switches_[sw].in), down = Worse(hosts.out, hosts.in);
    share_up_.push_back(up && down && *down > 0 ? std::min(1.0, *up / *down) : 1.0);
  }
}

std::vector<LoadFit::Row> LoadFit::Rows(const Exclusion& gone, const Reach& reach) const {
  std::vector<Row> rows;
  std::vector<Flow> moved(network_.switches.size(), Flow{0.0, 0.0});
  std::vector<std::uint8_t> gained(network_.switches.size());
  for (Index h = 0; h < network_.hosts.size(); ++h) {
    const std::uint32_t left = reach.legs_of_host[h];
    const Host& host = network_.hosts[h];
    if (left == 0 || left == host.legs.size()) continue;
    Row row{true, h, {0.0, 0.0}, 0, 0};
    Flow lost{0.0, 0.0};
    for (const Index leg : host.legs) {
      Add(row.flow.out, legs_[leg].out);
      Add(row.flow.in, legs_[leg].in);
      row.rate_before += network_.legs[leg].rate;
      if (reach.leg[leg] != 0) {
        row.rate_after += network_.legs[leg].rate;
        continue;
      }
      const double share = share_up_[network_.legs[leg].sw] / left;
      Add(lost.out, legs_[leg].out ? MaybeRate(*legs_[leg].out * share) : std::nullopt);
      Add(lost.in, legs_[leg].in ? MaybeRate(*legs_[leg].in * share) : std::nullopt);
    }
    for (const Index leg : host.legs) {
      const Index sw = network_.legs[leg].sw;
      if (reach.leg[leg] == 0) continue;
      Add(moved[sw].out, lost.out);
      Add(moved[sw].in, lost.in);
      gained[sw] = 1;
    }
    rows.push_back(row);
  }
  for (Index sw = 0; sw < network_.switches.size(); ++sw) {
    if (reach.main[sw] == 0 || tiers_.Out(sw).empty()) continue;
    Row row{false, sw, switches_[sw], 0, 0};
    bool changed = gained[sw] != 0;
    for (const Index c : tiers_.Out(sw)) {
      row.rate_before += network_.cables[c].rate;
      const bool stays = !gone.CableGone(network_, c);
      row.rate_after += stays ? network_.cables[c].rate : 0;
      changed |= !stays;
    }
    if (!changed) continue;
    Add(row.flow.out, moved[sw].out);
    Add(row.flow.in, moved[sw].in);
    rows.push_back(row);
  }
  return rows;
}

PlanLoad LoadFit::Judge(const Row& row) const {
  PlanLoad load;
  const MaybeRate now = Worse(row.flow.out, row.flow.in);
  const Flow& then_flow = row.host ? row.flow : switches_[row.index];
  const MaybeRate then = Worse(then_flow.out, then_flow.in);
  if (then && row.rate_before > 0) load.before = *then / row.rate_before;
  if (now && row.rate_after > 0) load.after = *now / row.rate_after;
  load.overloaded = now && *now > head_room_ * row.rate_after;
  return load;
}

std::vector<PlanLoad> LoadFit::Changed(const Exclusion& gone, const Reach& reach) const {
  std::vector<PlanLoad> loads;
  for (const Row& row : Rows(gone, reach)) {
    PlanLoad& load = loads.emplace_back(Judge(row));
    load.what = row.host ? network_.hosts[row.index].name
                         : fmt::format("{} of {}", tiers_.Up(row.index).empty() ? "cables" : "uplinks",
                                       network_.switches[row.index].name);
  }
  std::ranges::stable_sort(loads, std::greater(), [](const PlanLoad& load) {
    return std::pair(load.overloaded, load.after.value_or(-1));
  });
  return loads;
}

std::uint32_t LoadFit::CountOverloaded(const Exclusion& gone, const Reach& reach) const {
  std::uint32_t count = 0;
  for (const Row& row : Rows(gone, reach)) count += Judge(row).overloaded ? 1 : 0;
  return count;
}

}  // namespace aftershock::whatif

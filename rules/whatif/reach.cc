#include "rules/whatif/reach.h"

#include <algorithm>
#include <tuple>

namespace aftershock::whatif {

Reacher::Reacher(const Network& network) : network_(network) {
  Index islands = 0;
  for (const Switch& sw : network.switches) islands = std::max(islands, sw.island + 1);
  best_.resize(islands);
  legs_left_.resize(islands);
}

const Reach& Reacher::Ask(const Exclusion& gone) {
  reach_.part.assign(network_.switches.size(), kNone);
  parts_.clear();
  for (Index sw = 0; sw < network_.switches.size(); ++sw) {
    if (reach_.part[sw] == kNone && gone.switches[sw] == 0) Spread(sw, gone);
  }
  ChooseMain(gone);
  return reach_;
}

void Reacher::Spread(Index start, const Exclusion& gone) {
  const auto id = static_cast<Index>(parts_.size());
  Part part{network_.switches[start].island, 0, 0};
  reach_.part[start] = id;
  next_.assign(1, start);
  while (!next_.empty()) {
    const Index at = next_.back();
    next_.pop_back();
    const Switch& sw = network_.switches[at];
    ++part.switches;
    for (const Index leg : sw.legs) part.legs += gone.legs[leg] == 0 ? 1 : 0;
    for (const Index cable : sw.cables) {
      const Index far = network_.Other(cable, at);
      if (gone.cables[cable] != 0 || gone.switches[far] != 0 || reach_.part[far] != kNone) continue;
      reach_.part[far] = id;
      next_.push_back(far);
    }
  }
  parts_.push_back(part);
}

void Reacher::ChooseMain(const Exclusion& gone) {
  std::ranges::fill(best_, kNone);
  std::ranges::fill(legs_left_, 0);
  for (Index id = 0; id < parts_.size(); ++id) {
    const auto size = [&](Index p) { return std::tie(parts_[p].legs, parts_[p].switches); };
    Index& best = best_[parts_[id].island];
    legs_left_[parts_[id].island] += parts_[id].legs;
    if (best == kNone || size(id) > size(best)) best = id;
  }
  reach_.main.assign(network_.switches.size(), 0);
  for (Index sw = 0; sw < network_.switches.size(); ++sw) {
    const Index part = reach_.part[sw];
    const Index island = network_.switches[sw].island;
    if (part == kNone || best_[island] != part) continue;
    reach_.main[sw] = legs_left_[island] == 0 || 2 * parts_[part].legs > legs_left_[island] ? 1 : 0;
  }
  reach_.leg.assign(network_.legs.size(), 0);
  reach_.legs_of_host.assign(network_.hosts.size(), 0);
  for (Index leg = 0; leg < network_.legs.size(); ++leg) {
    const Leg& l = network_.legs[leg];
    reach_.leg[leg] = gone.legs[leg] == 0 && reach_.main[l.sw] != 0 ? 1 : 0;
    reach_.legs_of_host[l.host] += reach_.leg[leg];
  }
}

}  // namespace aftershock::whatif

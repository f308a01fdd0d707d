#include "probes/host/interface_table.h"

#include <algorithm>
#include <string>
#include <utility>

namespace aftershock::host {
namespace {

// Kernels before 3.14 do not tell a leg's state; then the bond's word is all there is.
BondLeg LegOf(const LinkMessage& message, const Bond& bond) {
  if (message.leg) return *message.leg;
  return {.index = message.link.index,
          .name = message.link.name,
          .active = bond.active_leg == message.link.index,
          .mii_status = std::nullopt,
          .failures = std::nullopt};
}

void SortByIndex(auto& things) {
  std::ranges::sort(things, {}, [](const auto& thing) { return thing.index; });
}

}  // namespace

Interfaces MakeInterfaces(std::span<const LinkMessage> messages, std::uint16_t link_type,
                          const std::map<int, Backlog>& backlogs, Result<std::vector<Neighbour>> neighbours) {
  Interfaces all;
  std::map<int, Bond> bonds;
  for (const LinkMessage& message : messages) {
    if (message.bond) bonds.insert_or_assign(message.link.index, *message.bond);
  }
  std::map<int, std::string> names;
  for (const LinkMessage& message : messages) {
    if (message.hardware != link_type || !message.IsLink()) continue;
    IpoibLink& link = all.links.emplace_back(message.link);
    names.insert_or_assign(link.index, link.name);
    if (const auto found = backlogs.find(link.index); found != backlogs.end()) link.backlog = found->second;
    if (const auto bond = bonds.find(link.master); bond != bonds.end()) {
      bond->second.legs.push_back(LegOf(message, bond->second));
    }
  }
  for (auto& [index, bond] : bonds) {
    if (bond.legs.empty()) continue;
    SortByIndex(bond.legs);
    names.insert_or_assign(index, bond.name);
    all.bonds.push_back(std::move(bond));
  }
  SortByIndex(all.links);
  if (neighbours) {
    std::erase_if(*neighbours, [&](const Neighbour& n) { return !names.contains(n.link); });
    for (Neighbour& neighbour : *neighbours) neighbour.interface = names.at(neighbour.link);
  }
  all.neighbours = std::move(neighbours);
  return all;
}

}  // namespace aftershock::host

#include "rules/routing/way.h"

#include <algorithm>

namespace aftershock::rules {
namespace {

using Owns = RoutingMap::Owns;

}  // namespace

std::string_view ToString(Outcome outcome) {
  switch (outcome) {
    case Outcome::kArrives:
      return "arrives";
    case Outcome::kUnknown:
      return "unknown";
    case Outcome::kMissing:
      return "missing";
    case Outcome::kDeadEnd:
      return "dead-end";
    case Outcome::kWrongExit:
      return "wrong-exit";
    case Outcome::kLoop:
      return "loop";
  }
  return "unknown";
}

Outcome AtExit(const RoutingMap& map, RoutingMap::Index sw, std::uint8_t exit, RoutingMap::Owner owner) {
  if (exit == LinearTable::kNoExit) return Outcome::kMissing;
  const RoutingMap::Exit& out = map.switches()[sw].ExitBy(exit);
  switch (out.leads) {
    case RoutingMap::Leads::kNowhere:
      return Outcome::kDeadEnd;
    case RoutingMap::Leads::kUnknown:
      return Outcome::kUnknown;
    case RoutingMap::Leads::kSwitch:
      return Outcome::kArrives;
    case RoutingMap::Leads::kSelf:
      return owner.kind == Owns::kSwitch && owner.index == sw ? Outcome::kArrives : Outcome::kWrongExit;
    case RoutingMap::Leads::kEnd:
      return owner.kind == Owns::kEnd && owner.index == out.to ? Outcome::kArrives : Outcome::kWrongExit;
  }
  return Outcome::kUnknown;
}

Way Follow(const RoutingMap& map, RoutingMap::Index from, std::uint8_t entry, Lid to) {
  Way way;
  const RoutingMap::Owner owner = map.OwnerOf(to);
  for (RoutingMap::Index at = from;;) {
    const RoutingMap::Switch& sw = map.switches()[at];
    const auto before = std::ranges::find(way.hops, at, &Hop::sw);
    if (before != way.hops.end()) {
      way.outcome = Outcome::kLoop;
      way.loop_from = static_cast<std::size_t>(before - way.hops.begin());
      return way;
    }
    Hop& hop = way.hops.emplace_back(Hop{at, entry, LinearTable::kNoExit});
    if (sw.table == nullptr) return way;
    hop.exit = sw.table->ExitOf(to);
    way.outcome = AtExit(map, at, hop.exit, owner);
    const RoutingMap::Exit& exit = sw.ExitBy(hop.exit);
    if (way.outcome != Outcome::kArrives || exit.leads != RoutingMap::Leads::kSwitch) return way;
    way.outcome = Outcome::kUnknown;
    at = exit.to;
    entry = exit.entry;
  }
}

}  // namespace aftershock::rules

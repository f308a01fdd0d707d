// The ways that our own LID-routed requests take, and the answers to them.
//
// Pure, thread-safe. Refers to the snapshot, which must outlive it.
#pragma once

#include <vector>

#include "rules/routing/map.h"

namespace aftershock::rules {

class OwnWays {
 public:
  explicit OwnWays(const FabricSnapshot& snapshot);

  // The switches by whose tables a request for the counters of the node's ports goes astray, or the answer to
  // it: no wonder that they could not be read. None while a table on the way is not known.
  std::vector<Guid> Astray(const Node& node) const;

 private:
  void Follow(RoutingMap::Index sw, std::uint8_t port, Lid lid, std::vector<Guid>& astray) const;

  RoutingMap map_;
  RoutingMap::Index own_switch_ = RoutingMap::kNone;
  std::uint8_t own_entry_ = 0;
};

}  // namespace aftershock::rules

// Which exits of a switch carry many times the ways of their twins: links that could as well have carried
// them.
//
// Pure. Refers to the snapshot.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/view.h"

namespace aftershock::rules {

struct UnevenExit {
  const Node* node;
  const Port* port;
  std::uint32_t ways = 0;   // LIDs of adapters and routers that are sent out by it
  std::uint32_t usual = 0;  // the median of its twins
  std::uint32_t twins = 0;
  bool parallel = false;  // twins lead to the same switch; else to equivalent switches
};

// The worst exit of each switch that has one, in the snapshot's order. Switches that route adaptively are
// left out.
std::vector<UnevenExit> UnevenExits(const View& view);

}  // namespace aftershock::rules

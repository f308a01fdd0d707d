// What two ports say of each other or of themselves that cannot both be right, whether or not it is certain
// yet.
//
// A steady sweep reads one end of a link and the other in rotation, so two values may be of different times.
// A pair is certain once both have been read since it was first seen: its one value is then older and newer
// than the other.
#pragma once

#include <string>
#include <vector>

#include "model/state.h"
#include "rules/view.h"

namespace aftershock::rules {

struct LidPair {
  const Node* a_node;
  const Port* a;
  const Node* b_node;
  const Port* b;
};
// Neighbours in the order of LIDs whose ranges overlap.
std::vector<LidPair> SharedLids(const FabricSnapshot& snapshot);

// "4x EDR against 1x EDR", "2048 against 4096 octets of MTU"; empty: they agree.
std::string Disagreement(const Link& link);

// Keeps since when each pair is seen. `view` is of the same state.
void RememberPairs(FabricState& state, const View& view);

bool Certain(const Spells& spells, const PortKey& key, const Port& a, const Port& b);

}  // namespace aftershock::rules

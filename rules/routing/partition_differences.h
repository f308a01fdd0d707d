// Where the P_Key table of a switch's port is not what it should be: short of what the adapter behind it has,
// where the switch enforces partitions, or, of port 0, short of what the other switches have.
//
// Pure. Refers to the snapshot.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/view.h"

namespace aftershock::rules {

// P_Keys with bit 15 are of full members; two limited members do not hear each other (IBA 10.9.3).
inline constexpr std::uint16_t kFullMember = 0x8000, kDefaultPartition = 0x7fff;
constexpr std::uint16_t PartitionOf(std::uint16_t p_key) {
  return static_cast<std::uint16_t>(p_key & ~kFullMember);
}

struct PartitionDifference {
  const Node* node;  // the switch
  const Port* port;
  const Node* adapter = nullptr;  // nullptr: port 0 against the other switches
  const Port* adapter_port = nullptr;
  std::vector<std::uint16_t> absent;   // P_Keys it does not have at all
  std::vector<std::uint16_t> limited;  // those it has as a limited member only
  std::vector<std::uint16_t> more;     // of port 0: partitions that the others do not have
};

std::vector<PartitionDifference> PartitionDifferences(const View& view);

}  // namespace aftershock::rules

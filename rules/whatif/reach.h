// Who is left connected when something is gone.
//
// The main part of what is left of an island is the one that holds more than half of the legs; where it falls
// into pieces of which none does, there is none. A switch or a leg outside of the main part is cut off.
// O(switches + cables + legs), so that it can be asked for every single failure.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/whatif/network.h"

namespace aftershock::whatif {

struct Reach {
  std::vector<Index> part;                  // of each switch; kNone: it is gone
  std::vector<std::uint8_t> main;           // switches in the main part of their island
  std::vector<std::uint8_t> leg;            // legs into the main part
  std::vector<std::uint32_t> legs_of_host;  // how many of them each host has
};

// Keeps its memory from one question to the next.
class Reacher {
 public:
  explicit Reacher(const Network& network);
  // Valid until the next call.
  const Reach& Ask(const Exclusion& gone);

 private:
  struct Part {
    Index island;
    std::uint32_t legs, switches;
  };
  void Spread(Index start, const Exclusion& gone);
  void ChooseMain(const Exclusion& gone);

  const Network& network_;
  Reach reach_;
  std::vector<Part> parts_;
  std::vector<Index> next_;
  std::vector<Index> best_;               // the largest part, by island
  std::vector<std::uint32_t> legs_left_;  // by island
};

}  // namespace aftershock::whatif

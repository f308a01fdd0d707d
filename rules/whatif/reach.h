// Who is left connected when something is gone.
//
// Of every island of the whole fabric one part is the main one: that with most legs. A switch or a leg
// outside of it is cut off. O(switches + cables + legs), so that it can be asked for every single failure.
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
  std::vector<Index> best_;  // main part by island
};

}  // namespace aftershock::whatif

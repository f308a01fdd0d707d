// One way through the fabric, switch by switch, as the linear tables lead a packet.
//
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/routing/map.h"

namespace aftershock::rules {

enum class Outcome : std::uint8_t {
  kArrives,
  kUnknown,    // it leads through a switch whose table is not known, or to where nobody answered
  kMissing,    // a switch has no entry for the LID
  kDeadEnd,    // the exit port carries nothing
  kWrongExit,  // it ends at somebody whose LID it is not
  kLoop,
};
std::string_view ToString(Outcome outcome);  // "arrives", "unknown", "missing", "dead-end", …

struct Hop {
  RoutingMap::Index sw = 0;
  std::uint8_t entry = 0;  // 0: it begins here
  std::uint8_t exit = LinearTable::kNoExit;
};

struct Way {
  std::vector<Hop> hops;  // the last one is where it ends; of a loop, the first that is seen again
  Outcome outcome = Outcome::kUnknown;
  std::size_t loop_from = 0;  // of a loop: the hop at which it closes
};

// From the switch that a packet enters first.
Way Follow(const RoutingMap& map, RoutingMap::Index from, std::uint8_t entry, Lid to);

// What becomes of a packet to `to` that leaves by this exit; kArrives also when it goes on to another switch,
// see Exit::leads.
Outcome AtExit(const RoutingMap& map, RoutingMap::Index sw, std::uint8_t exit, RoutingMap::Owner owner);

}  // namespace aftershock::rules

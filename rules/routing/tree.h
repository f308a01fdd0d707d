// The multicast tree of the IPoIB broadcast group, as the switches' tables have it.
//
// A switch sends a packet of the group out by every port of its entry but the one by which it came in;
// whether that one is in the entry does not matter (IBA 18.2.4). So a cable with the bit at both ends carries
// both ways, one with the bit at one end carries one way: into a switch without an entry that is a dead
// branch and harms nothing, into one that leads back it is a loop.
//
// Pure. Refers to the snapshot, which must outlive it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/fabric.h"

namespace aftershock::rules {

struct TreeMember {
  const Node* node;  // an adapter, a router, or a switch that is a member itself
  const Port* port;
  const Node* leaf;        // the switch it is at
  bool by_sa = false;      // the SA has it as a member
  bool known = false;      // its switch's table is
  bool on_tree = false;    // the table leads to it
  bool reached = false;    // … and its part of the tree is, or may be, the one with the most members
  bool uncertain = false;  // whether it is joined to that part depends on tables that are not known
};

struct TreeHop {
  const Node* node;
  std::uint8_t exit;
};

struct GroupTree {
  Lid mlid{};
  // The SA never told the group: this is the tree with the most members, and who should be on it is not
  // known.
  bool guessed = false;
  std::vector<TreeMember> members;
  std::vector<TreeHop> loop;        // a packet that takes these exits comes back; empty: there is none
  std::vector<const Node*> unread;  // switches whose table is not known, though it was asked for

  bool Misses(const TreeMember& member) const {
    return members.size() > 1 && member.known && !member.reached && !member.uncertain;
  }
};

// nullopt: there is no such group, or no table was read.
std::optional<GroupTree> TreeOf(const FabricSnapshot& snapshot);

}  // namespace aftershock::rules

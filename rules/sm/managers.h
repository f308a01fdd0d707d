// The subnet managers of one sweep: what those ports said that have one, and what answered at the SM LID.
//
// A manager may be asked twice in a sweep, by both ways, and change its state in between.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/fabric.h"

namespace aftershock::rules {

struct Manager {
  Guid guid{};                 // of its port
  PortKey key;                 // node 0: not known
  const Node* node = nullptr;  // nullptr: not in the snapshot
  Lid lid{};
  Answer answer = Answer::kNotAsked;
  std::optional<SmInfo> info;    // as its port said it
  std::optional<SmInfo> at_lid;  // as it was said at the local port's SM LID

  // What it said last.
  const SmInfo* Said() const;
  // In any of its answers, and in all of them.
  bool EverIs(SmState state) const;
  bool AlwaysIs(SmState state) const;
  std::string Name() const;
};

// By GUID. Without those that say that they are disabled (IsSMdisabled): they owe no answer.
std::vector<Manager> ManagersOf(const FabricSnapshot& snapshot);

// The only manager that was MASTER in any of its answers; nullptr: none, or several.
const Manager* OnlyMaster(const std::vector<Manager>& managers);

// Ports by which something is addressed, each with its PortInfo: of adapters and routers those that are
// Active, and port 0 of switches that have an Active one.
struct AddressedPort {
  const Node* node;
  const Port* port;
};
std::vector<AddressedPort> AddressedPorts(const FabricSnapshot& snapshot);

}  // namespace aftershock::rules

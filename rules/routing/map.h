// The fabric as packets see it: switches by number, what each of their exits leads to, and whose LID is
// whose.
//
// Made of one snapshot, which must outlive it. Pure; a finished map may be read from any thread. Hostile
// input is bounded: LIDs by the unicast range, ports by 255, and every index is checked once, here.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/fabric.h"

namespace aftershock::rules {

class RoutingMap {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = 0xffffffff;

  enum class Leads : std::uint8_t {
    kNowhere,  // no such port, no cable, no signal, or not Active
    kUnknown,  // a signal, and who is behind it did not answer; or the port itself did not
    kSelf,     // port 0: the switch itself
    kSwitch,
    kEnd,  // a port of an adapter or a router
  };
  struct Exit {
    Leads leads = Leads::kNowhere;
    std::uint8_t entry = 0;  // the port at the far end
    Index to = kNone;        // of switches() or ends()
  };

  struct Switch {
    const Node* node = nullptr;
    // nullptr: not known whole and at rest, because it was never read, did not answer in this sweep or
    // changed while it was read.
    const LinearTable* table = nullptr;
    bool adaptive = false;    // its table is not all it forwards by
    std::vector<Exit> exits;  // by port number, from 0
    std::vector<Index> ends;  // the active ones at it

    const Exit& ExitBy(std::uint8_t port) const { return port < exits.size() ? exits[port] : kNoExit; }
  };

  // A port of an adapter or a router that is cabled to a switch.
  struct End {
    const Node* node = nullptr;
    const Port* port = nullptr;
    Index sw = kNone;
    std::uint8_t sw_port = 0;
    // Active, read, and with a LID: it sends and is sent to.
    bool active = false;
    std::uint16_t lid = 0, lids = 0;  // the first, and how many (LMC)
  };

  enum class Owns : std::uint8_t {
    kNobody,
    kShared,  // several claim it: lid-duplicate's
    kSwitch,  // its port 0
    kEnd,
  };
  struct Owner {
    Owns kind = Owns::kNobody;
    Index index = kNone;
  };

  explicit RoutingMap(const FabricSnapshot& snapshot);

  const FabricSnapshot& snapshot() const { return snapshot_; }
  std::span<const Switch> switches() const { return switches_; }
  std::span<const End> ends() const { return ends_; }
  // Of an index of FabricSnapshot::nodes; kNone: it is no switch.
  Index SwitchOf(Index node) const { return switch_of_[node]; }
  Owner OwnerOf(Lid lid) const;
  // One more than the highest LID that has an owner.
  std::size_t LidEnd() const { return owners_.size(); }
  // The switch at whose port 0 the master subnet manager answers; kNone: it is elsewhere, or not known.
  Index SmSwitch() const;
  // The switch that its requests come to first; kNone: not known.
  Index SmLeaf() const;

  // A switch's linear table as it may be judged by, as Switch::table.
  static const LinearTable* TableOf(const Node& node);

 private:
  void AddSwitches();
  void AddEnds();
  void AddExits();
  void Own(const Port& port, Owner owner);
  Exit ExitOf(const Node& node, const Port& port) const;

  static const Exit kNoExit;
  const FabricSnapshot& snapshot_;
  std::vector<Switch> switches_;
  std::vector<End> ends_;
  std::vector<Index> switch_of_;             // by node
  std::vector<std::vector<Index>> ends_of_;  // by node: by port, of nodes that are no switches
  std::vector<Owner> owners_;                // by LID
};

// Carries data: a signal, and Active.
bool Carries(const Port& port);

}  // namespace aftershock::rules

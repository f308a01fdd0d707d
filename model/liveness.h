// What was heard of the switches of redundancy groups in one round of questions, as plain data.
//
// Made by probes/fabric/liveness, judged by rules/pairs. A round asks every switch once by every route that
// is planned for it: by directed routes, so that no forwarding table and no LID matters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace aftershock {

// What came back of one question by one route.
enum class Heard : std::uint8_t {
  kAnswered,
  kLate,      // answered, after the time an answer should take
  kNothing,   // no answer
  kStranger,  // somebody else answers there
  kVoid,      // says nothing: our own port had no signal, or nothing could be sent
};

// A way to a switch. Routes to the same switch share no link but our own cable, where the topology has such.
struct LivenessRoute {
  std::string entrance;             // the port of ours that it begins at, "mlx5_0:1"
  std::vector<std::uint8_t> exits;  // the exit port of each hop, as in Node::route
  std::vector<Guid> via;            // the switches on the way, from ours to its
  friend bool operator==(const LivenessRoute&, const LivenessRoute&) = default;
};

struct RouteRound {
  LivenessRoute route;
  Heard heard = Heard::kVoid;
};

// A port that leads to the switch, as its own node says.
struct NeighbourPort {
  PortKey key;
  enum class Says : std::uint8_t { kNothing, kDown, kLinked } says = Says::kNothing;
};

struct SwitchRound {
  Guid guid{};
  std::vector<RouteRound> routes;
  std::vector<NeighbourPort> neighbours;  // asked only where nothing was heard by any route
  // Of its port 0, where the round asked: a switch that starts has none until the subnet manager comes by.
  std::optional<Lid> lid;
};

// One round in one subnet.
struct LivenessRound {
  std::string plane;  // as PlaneReport::plane
  SteadyTime at{};
  // Members; the switches at the other end of our own cables, which tell whether the fault is ours; and those
  // on the way to members.
  std::vector<SwitchRound> switches;
};

}  // namespace aftershock

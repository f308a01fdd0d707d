// One way through a fabric, and the cycles of all of them, as `aftershock route` tells them.
//
// Plain data; texts are not made Printable() yet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/ids.h"

namespace aftershock {

// A port by the name of its node. Port 0 is a switch itself.
struct RoutePort {
  std::string node;
  Guid guid{};
  bool is_switch = false;
  std::uint8_t port = 0;
  Lid lid{};  // of the port; of a switch, that of its port 0
};

// A link that is crossed: out by `from`, in by `to`.
struct RouteStep {
  RoutePort from, to;
  std::string state;                  // "Active", …; of the end that sends
  std::string speed;                  // "4x EDR"; empty: not known
  std::string lane;                   // "VL1" in a cycle that holds on one lane only; else empty
  std::vector<std::string> errors;    // "symbol errors 12 at leaf01 port 3", as counted so far
  std::vector<std::string> findings;  // "critical link-errors: …" about the link, or the node behind it
};

enum class RouteEnding : std::uint8_t { kArrives, kBroken, kUnknown };

struct Route {
  std::string plane;
  RoutePort from, to;
  RouteEnding ending = RouteEnding::kUnknown;
  std::string wrong;  // why it does not arrive, in one sentence; empty: it does
  std::vector<RouteStep> steps;
};

struct RouteCycle {
  bool forwarding = false;  // packets circle, as opposed to waiting for each other
  std::vector<RouteStep> steps;
};

// Of one plane.
struct RouteCycles {
  std::string plane;
  Verdict verdict = Verdict::kUnknown;  // OK: there are none
  std::string summary;                  // one sentence
  std::vector<RouteCycle> cycles;       // a shortest one of each knot
};

// 0 whole, 2 broken, 3 unknown.
int ExitCode(RouteEnding ending);

}  // namespace aftershock

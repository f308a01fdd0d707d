// Whether the channels of a fabric can wait for each other in a circle, with service levels and virtual lanes
// taken into account.
//
// A fabric without a cycle among its links has none on any virtual lane, so lanes are only looked at where
// there is one and more than one data lane is operational. Then the SL of each path that runs along a knot
// matters, and by the switches' SL-to-VL tables (IBA 1.3 volume 1, 7.6.6 and 14.2.5.8) the lane of each
// channel on it. Engines that part the paths of a cycle by lane (dfsssp, lash, torus-2QoS) hand the SL out
// with the PathRecord and nowhere else.
//
// Pure.
#pragma once

#include <string>
#include <vector>

#include "model/routing.h"
#include "rules/routing/dependency.h"

namespace aftershock::rules {

struct Credits {
  enum class Verdict : std::uint8_t {
    kFree,
    kKnotted,
    kBySl,      // there is a cycle unless service levels part it, and they are not known
    kAdaptive,  // a switch forwards by more than its table
  };
  Verdict verdict = Verdict::kFree;
  std::vector<Knot> knots;  // of kBySl: without regard to lanes
  bool by_lane = false;     // Channel::vl means something
  std::string because;      // of kBySl: what is not known, in one clause
};

struct SlSources {
  const PathSls* dump = nullptr;  // nullptr: none
  // When so many sampled paths all have one SL, every path is taken to have it.
  std::size_t agreeing = 64;
};

// `graph` is that of WalkAll, without lanes.
Credits JudgeCredits(const RoutingMap& map, const DependencyGraph& graph, const SlSources& sls);

// Data lanes by the code of PortInfo.OperationalVLs; 1 for a code that means nothing.
int DataLanes(std::uint8_t operational_vls);

}  // namespace aftershock::rules

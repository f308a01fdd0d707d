// What would be left of a fabric with something taken away.
//
// Pure: no clock, file or configuration. O((switches + bridges) x cables) for the further failures, some tens
// of microseconds for each of a fabric of 5,000 nodes.
#pragma once

#include <span>

#include "model/load.h"
#include "model/plan.h"
#include "rules/whatif/network.h"
#include "rules/whatif/paths.h"
#include "rules/whatif/subjects.h"

namespace aftershock::whatif {

struct Question {
  Exclusion gone;
  Towards towards;                   // empty: every other leaf
  std::vector<Risk> risks;           // each is tried as a further failure
  const PortLoads* loads = nullptr;  // nullptr: nobody measured
  bool load_required = false;        // without it there is no verdict but UNKNOWN, or CRITICAL
  double head_room = 0.7;
  std::vector<std::string> gaps;  // beside those of the network
};

// The names of what was taken and of what the paths lead to are the caller's to add.
Plan Answer(const Network& network, const Question& question);

}  // namespace aftershock::whatif

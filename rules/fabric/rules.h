// The fabric's rules: each reads a View and returns what it found, without folding, accepting or sorting.
//
// Pure functions, thread-safe.
#pragma once

#include <vector>

#include "model/finding.h"
#include "rules/view.h"

namespace aftershock::rules {

std::vector<Finding> FindIncompleteSweep(const View& view);
std::vector<Finding> FindUnresponsiveNodes(const View& view);
std::vector<Finding> FindDuplicateGuids(const View& view);
std::vector<Finding> FindDuplicateLids(const View& view);
std::vector<Finding> FindInvalidLids(const View& view);
std::vector<Finding> FindInactivePorts(const View& view);
std::vector<Finding> FindDegradedLinks(const View& view);
std::vector<Finding> FindDisagreeingEnds(const View& view);
std::vector<Finding> FindSlowSiblings(const View& view);
std::vector<Finding> FindFlappingLinks(const View& view);
std::vector<Finding> FindLinkErrors(const View& view);
std::vector<Finding> FindDiscards(const View& view);
std::vector<Finding> FindSaturatedCounters(const View& view);
std::vector<Finding> FindClearedCounters(const View& view);

// Below what both ends support and enable; used by siblings, too, which leave such links to link-degraded.
bool IsDegraded(const Link& link);

}  // namespace aftershock::rules

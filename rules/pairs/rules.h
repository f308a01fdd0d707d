// The rules of redundancy groups, in the order of their table.
#pragma once

#include <span>
#include <vector>

#include "model/finding.h"
#include "model/settings.h"

namespace aftershock::rules {

class PairView;

struct PairRule {
  const RuleSpec* spec;
  std::vector<Finding> (*find)(const PairView&);
};
std::span<const PairRule> PairRules();

}  // namespace aftershock::rules

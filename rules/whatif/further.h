// Every single further failure on top of a plan. Internal to rules/whatif.
#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "rules/whatif/load.h"
#include "rules/whatif/network.h"
#include "rules/whatif/plan.h"
#include "rules/whatif/reach.h"
#include "rules/whatif/tiers.h"

namespace aftershock::whatif {

struct Further {
  std::vector<PlanFailure> failures;  // worst first
  std::uint32_t tried = 0;
};

// Each remaining switch, each risk with a member that remains, and each cable between switches whose loss
// alone would part the fabric. Marks the hosts of `plan` that a failure cuts off which they would survive
// without the plan.
Further TryFurther(const Network& network, const Question& question, Tiers& tiers, const LoadFit& fit,
                   Plan& plan);

// Cables whose loss parts the switches they join. Parallel cables are none.
std::vector<Index> Bridges(const Network& network, const Exclusion& gone);

// The master's plane keeps an SM in the main part.
SmFate FateOfSm(const Network& network, Index plane, const Reach& reach);

}  // namespace aftershock::whatif

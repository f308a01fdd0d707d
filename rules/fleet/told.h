// What other hosts' monitors found, in this monitor's words: about subjects that mean the same everywhere,
// and folded under what this monitor sees of the same fact.
//
// Pure functions, thread-safe.
#pragma once

#include <vector>

#include "model/finding.h"
#include "model/host.h"
#include "model/image.h"

namespace aftershock::rules {

// "interface:ib0" there is "host:0x…/interface:ib0" here, by the adapter that it runs over, else by the
// host's first. The summary names the host.
Finding Retell(Finding finding, const HostSnapshot& there, const std::string& name);

// Folds what hosts told under what stands here (`own`), and silence under the host's being gone. `before`
// tells who is cabled to whom, and may be nullptr.
void FoldTold(std::vector<Finding>& told, std::vector<Finding>& own, const Image* before);

}  // namespace aftershock::rules

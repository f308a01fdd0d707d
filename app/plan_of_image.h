// A plan made on an image of the journal, which knows cables and speeds and no load.
//
// Pure. Errors: kInvalid, as of whatif::TakeAway.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "model/image.h"
#include "model/plan.h"
#include "model/window.h"

namespace aftershock::app {

// Switches, links and pairs are planned with; a host that goes takes nobody along.
bool NeedsPlan(std::span<const Expectation> expect);
Result<Plan> PlanOf(const Image& image, std::span<const Expectation> expect);

}  // namespace aftershock::app

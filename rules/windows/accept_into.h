// A part of what is seen now, made a part of the baseline: `aftershock baseline accept SUBJECT`.
//
// Pure, thread-safe.
#pragma once

#include "model/image.h"
#include "model/window.h"

namespace aftershock::rules {

// The baseline with what belongs to the item as it is now; of a fabric all of it.
Image AcceptInto(Image baseline, const Image& now, const ScopeItem& item);

}  // namespace aftershock::rules

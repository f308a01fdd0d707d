// What a window keeps of what was seen in its scope and time, for those who read its answer.
//
// Internal to rules/windows.
#pragma once

#include "model/window.h"
#include "rules/windows/advance.h"
#include "rules/windows/place.h"

namespace aftershock::rules {

// Notes in the window what stands and stood in its scope from before, what changed since it was opened, and
// when what it expects went and came back.
void Record(Window& window, const WindowFacts& facts, const Surroundings& around);

}  // namespace aftershock::rules

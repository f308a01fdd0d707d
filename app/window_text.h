// What a window keeps of what was seen, a line each.
//
// Pure, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "model/window.h"

namespace aftershock::app {

// In its scope and time, what it explains among them.
std::vector<std::string> ChangedLines(const Window& window);
// What became of what it expects.
std::vector<std::string> ExpectedLines(const Window& window);
// In its scope, from before it was opened.
std::vector<std::string> StoodLines(const Window& window);

}  // namespace aftershock::app

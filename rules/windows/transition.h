// The one way in which a window changes its state. Internal to rules/windows.
#pragma once

#include <string>

#include "model/window.h"

namespace aftershock::rules {

// Notes it among the transitions; what is watched begins again.
void MoveTo(Window& window, WindowState to, WallTime at, std::string by, std::string why);

}  // namespace aftershock::rules

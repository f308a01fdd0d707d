// The families about change windows. Internal to exporter.
#pragma once

#include <span>

#include "exporter/families.h"
#include "model/window.h"

namespace aftershock::exporter {

// The verdict on a window, as its gate would put it: passed is OK, failed CRITICAL, not yet decided WARNING;
// cancelled, or not all seen, UNKNOWN.
Verdict VerdictOf(const Window& window);

// aftershock_window_state and aftershock_window_soak_remaining_seconds.
void AddWindows(std::span<const Window> windows, Families& out);

}  // namespace aftershock::exporter

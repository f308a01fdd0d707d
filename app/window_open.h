// aftershock window open: the preflight, and the window that is asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "base/clock.h"

namespace aftershock::app {

struct OpenOptions {
  std::string title, journal;
  std::vector<std::string> scope, expect;
  bool hands_off = false;
  std::string soak, verify, despite;
  std::string format = kText;
};

// The exit code.
int OpenWindow(const OpenOptions& options, const Globals& globals);

}  // namespace aftershock::app

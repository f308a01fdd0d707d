// Work whose process may get stuck in the kernel, done where nobody has to wait for it.
//
// A thread in an uninterruptible sleep keeps its whole process from ending, even by SIGKILL. A command that
// has to answer in time therefore works in a child process, and its parent waits for the child's answer, not
// for its end.
#pragma once

#include <functional>
#include <optional>

#include "base/clock.h"

namespace aftershock::app {

// Runs `work` in a child process and returns its exit code; nullopt: it took longer than `limit` and was sent
// SIGKILL, or it crashed. What it wrote to standard output and standard error is complete when this returns,
// and both are closed in the child. SIGINT is left to the child, SIGTERM is handed on to it. REQUIRES: the
// process has one thread.
std::optional<int> RunSupervised(Duration limit, const std::function<int()>& work);

}  // namespace aftershock::app

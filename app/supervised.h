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

// Work that is done in a child process. It calls `claim` before it writes its answer, and returns the exit
// code.
using SupervisedWork = std::function<int(const std::function<void()>& claim)>;

// The exit code of the work; nullopt: it did not claim the answer within `limit` (and was sent SIGKILL), or
// crashed, so that the caller has to answer. A claimed answer may take a second more to be written. What the
// work wrote to standard output and standard error is complete when this returns, and both are closed in the
// child. SIGINT is left to the child, SIGTERM is handed on to it. REQUIRES: the process has one thread.
std::optional<int> RunSupervised(Duration limit, const SupervisedWork& work);

}  // namespace aftershock::app

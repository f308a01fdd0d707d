// How commands use the journal: which file, who asks, is anybody there, and which window is meant.
//
// Threading: any thread, but one at a time per journal.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/commands.h"
#include "base/clock.h"
#include "base/result.h"
#include "journal/journal.h"

namespace aftershock::app {

// The command line's file, else the configuration's, else the default.
Result<std::string> JournalFile(const std::string& asked, const Globals& globals);

// This machine's hostname, as its monitor knows it.
std::string ThisMachine();

// "root@mgmt1 (pid 4711)"
std::string WhoAsks();

// Why no monitor is taken to be alive; none: one is. Within one boot of the machine its age is measured on
// the clock that nobody sets.
std::optional<std::string> NobodyThere(const std::optional<journal::Heartbeat>& beat, WallTime now,
                                       const std::string& boot_id, Duration boot_time);
std::optional<std::string> NobodyThere(const std::optional<journal::Heartbeat>& beat, const Clock& clock);

// By name ("w12", "12") or exact title. Errors: kInvalid; an ambiguous title lists the windows.
Result<Window> FindWindow(std::span<const Window> windows, const std::string& name);

// Waits for the monitor's answer. Errors: kTimeout nobody answers; kDenied refused, with the reason.
Result<void> AwaitAnswer(journal::Journal& journal, std::int64_t request, const Clock& clock);

}  // namespace aftershock::app

// From the configuration to open entrances.
//
// Threading: one thread.
#pragma once

#include <memory>
#include <vector>

#include "app/config.h"
#include "app/entrance.h"

namespace aftershock::app {

// With what the configured files hold. Warns on standard error of an M_Key file that anybody may read.
// Errors: of usage, whatever the code.
Result<fabric::SweepOptions> ReadSweepOptions(const FabricConfig& config);

// The configured ports, else the first Active one. At least one of them is open; the others are tried again
// by each sweep. kAbsent, kDenied, kUnsupported, kInternal: none can be used; one line says why and what to
// do.
Result<std::vector<std::unique_ptr<Entrance>>> OpenEntrances(const FabricConfig& config,
                                                             const fabric::SweepOptions& options,
                                                             const Clock& clock);

}  // namespace aftershock::app

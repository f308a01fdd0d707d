// A way into a subnet: one port of this machine, and what sweeps by it.
//
// Threading: one thread at a time.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "model/fabric.h"
#include "probes/fabric/liveness.h"
#include "probes/fabric/sweep.h"

namespace aftershock::app {

class Entrance {
 public:
  virtual ~Entrance() = default;
  virtual std::string Name() const = 0;  // "mlx5_0:1"
  // Of the port; 0: not known so far.
  virtual Guid PortGuid() const = 0;
  // An error: the port cannot be opened now. It is tried again with the next call.
  virtual Result<FabricSnapshotPtr> Sweep(std::stop_token stop, const fabric::ProgressCallback& progress) = 0;
  // For questions beside the sweeps, from one other thread, as long as the entrance lives; nullopt: it has
  // none. Its transport is refused while the port is not open.
  virtual std::optional<fabric::Doorway> Beside() { return std::nullopt; }
};

}  // namespace aftershock::app

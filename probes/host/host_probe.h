// Looks at this host: all parts side by side, each with its own way to fail.
//
//   sysfs, verbs events, rtnetlink, kernel log (each on its own thread)  ->  questions to the subnet, probes
//   ->  snapshot
//
// A look is over at its deadline whatever hangs: a part that has not answered is missing, with that reason.
//
// Threading: Look from one thread.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/host.h"
#include "probes/host/active_probes.h"
#include "probes/host/subnet.h"

namespace aftershock::host {

struct HostProbeOptions {
  std::string sysfs = "/sys";
  std::string kernel_log = "/dev/kmsg";
  std::vector<ProbeTarget> probes;
  Pace pace = Pace::kBudget;
  TransportFactory open;  // none: libibumad
};

class HostProbe {
 public:
  // `clock` must outlive the probe.
  HostProbe(HostProbeOptions options, const Clock& clock);
  ~HostProbe();

  HostSnapshotPtr Look(SteadyTime deadline, std::stop_token stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aftershock::host

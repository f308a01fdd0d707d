// This host: what looks at it, and what the rules remember and say about it.
//
// Threading: one thread at a time.
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "model/host_state.h"
#include "model/report.h"
#include "model/settings.h"

namespace aftershock::app {

// What is to be said about the host after a look.
struct HostResult {
  HostReport report;
  std::vector<Finding> findings;
};

class HostRole {
 public:
  // Never null; over at its deadline, whatever hangs. host::HostProbe::Look, or a test's own.
  using LookAround = std::function<HostSnapshotPtr(SteadyTime deadline, std::stop_token stop)>;

  // `clock` and `settings` must outlive it.
  HostRole(LookAround look_around, const Clock& clock, const Settings& settings, Duration stale_after);

  // What a stopped look saw is not judged.
  const HostResult& Look(Duration at_most, std::stop_token stop);
  const HostResult& result() const { return result_; }

  // The last look found nothing of InfiniBand, and nothing of it is expected.
  bool NothingHere() const;

 private:
  LookAround look_around_;
  const Clock& clock_;
  const Settings& settings_;
  HostState state_;
  HostResult result_;
};

}  // namespace aftershock::app

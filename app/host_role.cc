#include "app/host_role.h"

#include <utility>

#include "rules/host/judge_host.h"

namespace aftershock::app {

HostRole::HostRole(LookAround look_around, const Clock& clock, const Settings& settings, Duration stale_after)
    : look_around_(std::move(look_around)), clock_(clock), settings_(settings) {
  result_.report.stale_after = stale_after;
}

const HostResult& HostRole::Look(Duration at_most, std::stop_token stop) {
  HostSnapshotPtr snapshot = look_around_(clock_.Steady() + at_most, stop);
  if (stop.stop_requested()) return result_;
  const rules::Context context{clock_.Wall(), &settings_};
  auto judgement = rules::JudgeHost(std::move(state_), *snapshot, context);
  state_ = std::move(judgement.state);
  result_.findings = std::move(judgement.findings);
  result_.report.verdict = judgement.verdict;
  result_.report.snapshot = std::move(snapshot);
  return result_;
}

bool HostRole::NothingHere() const {
  const HostSnapshotPtr& snapshot = result_.report.snapshot;
  return snapshot != nullptr && snapshot->NoInfiniBand() && result_.findings.empty() && !settings_.host.Any();
}

}  // namespace aftershock::app

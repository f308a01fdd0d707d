// The members of redundancy groups: asked between sweeps, and judged whenever they were asked or a sweep has
// ended.
//
// Threading: TakeSweep by the thread that sweeps, Ask by one other (or the same); results are handed on one
// at a time, by either.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/planes.h"
#include "base/clock.h"
#include "model/pair_state.h"
#include "model/report.h"
#include "probes/fabric/liveness.h"

namespace aftershock::app {

// What is to be said about the groups; not folded with what is said about the fabric.
struct PairResult {
  PairsReport report;
  std::vector<Finding> findings;
  WallTime made{};
};

class PairWatch {
 public:
  using OnResult = std::function<void(PairResult)>;

  // `clock` and `settings` must outlive it. `asking`: members are asked; otherwise (saved snapshots) they
  // stand as the sweep saw them.
  PairWatch(const Settings& settings, const Clock& clock, fabric::LivenessOptions options,
            Duration stale_after, bool asking, OnResult on_result);
  ~PairWatch();

  // A round of sweeps has ended. `planes` are between two rounds.
  void TakeSweep(const Report& report, const PlaneSet& planes);
  // Asks every member once by every route.
  void Ask(std::stop_token stop);
  // The sweeps so far have found no way to a member.
  bool MissesMembers();

  PairsReport Unasked() const;

 private:
  // What is asked in one plane.
  struct PlaneAsk {
    std::unique_ptr<fabric::LivenessProbe> probe;
    std::vector<fabric::LivenessTarget> targets;
    MadCount before;  // of earlier probes

    MadCount Sent() const;
  };

  void Judge(std::vector<LivenessRound> rounds);
  void Plan(const Report& report, const PlaneSet& planes);

  const Settings& settings_;
  const Clock& clock_;
  const fabric::LivenessOptions options_;
  const Duration stale_after_;
  const bool asking_;
  const OnResult on_result_;
  std::mutex probing_;  // of the probes: held while they ask; before mutex_
  std::map<std::string, PlaneAsk> planes_;
  std::mutex mutex_;  // of what follows
  Report swept_;      // the last round's
  PairState state_;
  std::map<std::string, MadCount> mads_;
};

// How members are asked: patiently enough to tell late from lost, and not past the next round.
fabric::LivenessOptions LivenessOptionsOf(const FabricConfig& config, std::uint64_t m_key);
// A round older than this says nothing of now.
Duration PairsStaleAfter(const FabricConfig& config);

}  // namespace aftershock::app

// The last report, from the threads that make its parts to the many that serve it: what is known of the
// fabric and of the host, each renewed at its own pace.
//
// Threading: any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "app/fleet_watch.h"
#include "app/host_role.h"
#include "app/pair_watch.h"
#include "model/report.h"

namespace aftershock::app {

class ReportBoard {
 public:
  // Called with each new report, one call at a time.
  using OnReport = std::function<void(const Report&)>;
  explicit ReportBoard(OnReport on_report) : on_report_(std::move(on_report)) {}
  // Called with each new report before anybody sees it, one call at a time. Before the first publication
  // only.
  using Amend = std::function<void(Report&)>;
  void AmendBy(Amend amend) { amend_ = std::move(amend); }

  // nullptr: nothing so far.
  ReportPtr Last() const;
  void PublishFabric(ReportPtr fabric);
  void PublishHost(HostResult host);
  void PublishPairs(PairResult pairs);
  void PublishFleet(FleetResult fleet);

  // What a role that has not reported so far is worth: UNKNOWN. Before the first publication only.
  void ExpectFabric(Report unswept);
  void ExpectHost(HostReport unseen);
  void ExpectPairs(PairsReport unasked);

 private:
  // The report that was, to be taken apart after the lock is given back: a large fabric's takes a while.
  ReportPtr Renew();

  OnReport on_report_;
  Amend amend_;
  std::mutex making_;                 // while a report is made, which may wait for a disk; before mutex_
  ReportPtr fabric_;                  // guarded by making_; nullptr: not watched
  std::optional<HostResult> host_;    // guarded by making_; none: not watched
  std::optional<PairResult> pairs_;   // guarded by making_; none: not watched
  std::optional<FleetResult> fleet_;  // guarded by making_; none: not read
  mutable std::mutex mutex_;
  ReportPtr last_;  // guarded by mutex_
};

// One report of all; any may be missing.
Report Combine(const Report* fabric, const HostResult* host, const PairResult* pairs = nullptr,
               const FleetResult* fleet = nullptr);

}  // namespace aftershock::app

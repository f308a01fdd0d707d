// The last report, from the one thread that makes it to the many that serve it.
//
// Threading: any thread.
#pragma once

#include <mutex>
#include <utility>

#include "model/report.h"

namespace aftershock::app {

class ReportBoard {
 public:
  // nullptr: nothing so far.
  ReportPtr Last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  // A fabric's old report is taken apart after the lock is given back.
  void Publish(ReportPtr report) {
    const std::lock_guard lock(mutex_);
    std::swap(last_, report);
  }

 private:
  mutable std::mutex mutex_;
  ReportPtr last_;  // guarded by mutex_
};

}  // namespace aftershock::app

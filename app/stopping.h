// Ending on request: SIGTERM, SIGINT and SIGHUP become a stop token that every wait looks at.
#pragma once

#include <stop_token>
#include <thread>

#include "base/clock.h"

namespace aftershock::app {

// REQUIRES: made before any other thread is started, so that all of them leave the signals to this one. A
// second signal ends the process at once.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  void Listen();

  std::stop_source source_;
  int signals_;  // signalfd
  int done_;     // eventfd
  std::thread listener_;
};

// false: stopped before its time.
bool WaitUntil(SteadyTime time, std::stop_token stop);

}  // namespace aftershock::app

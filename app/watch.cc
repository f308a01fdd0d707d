#include "app/watch.h"

#include <utility>

namespace aftershock::app {

void AtFixedRate(Duration interval, const Clock& clock, std::stop_token stop, const WaitUntilTime& wait,
                 const std::function<void()>& round) {
  SteadyTime next = clock.Steady();
  do {
    round();
    const auto rounds = (clock.Steady() - next) / interval + 1;
    next += rounds * interval;
  } while (!stop.stop_requested() && wait(next));
}

void Watch(PlaneSet& planes, Duration interval, const Clock& clock, std::stop_token stop,
           const WaitUntilTime& wait, const PlaneSet::Publish& publish,
           const std::function<void(const Report&)>& after_round) {
  const auto publish_unless_stopped = [&](ReportPtr report) {
    if (!stop.stop_requested()) publish(std::move(report));
  };
  AtFixedRate(interval, clock, stop, wait, [&] {
    const ReportPtr report = planes.Sweep(stop, {}, publish_unless_stopped);
    if (after_round && !stop.stop_requested()) after_round(*report);
  });
}

}  // namespace aftershock::app

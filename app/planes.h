// All the subnets this process watches, swept side by side, and the one report about them.
//
// Every port starts as a plane of its own; after each round, planes that turned out to be one subnet become
// one with several entrances.
//
// Threading: one thread at a time; a round uses a thread per plane and joins them all.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "app/plane.h"

namespace aftershock::app {

class PlaneSet {
 public:
  // At least one entrance. `clock` and `settings` must outlive the set.
  PlaneSet(std::vector<std::unique_ptr<Entrance>> entrances, const Clock& clock, const Settings& settings,
           Duration stale_after);

  // Called with the report as it stands whenever a plane is done, one call at a time. Not before the first
  // round has ended: until then one subnet may still look like two.
  using Publish = std::function<void(ReportPtr)>;
  // One sweep of every plane. Returns the report of the whole round.
  ReportPtr Sweep(std::stop_token stop, const fabric::ProgressCallback& progress = {},
                  const Publish& publish = {});

  const std::vector<Plane>& planes() const { return planes_; }

 private:
  ReportPtr MakeReport(const std::vector<PlaneResult>& results) const;
  void MergePlanes();

  std::vector<Plane> planes_;
  const Clock& clock_;
  Duration stale_after_;
  bool first_round_ = true;
};

// The report of a fabric that could not be looked at. No plane is in it.
Report ReportThatNothingIsKnown(const std::string& why, const Clock& clock, const Settings& settings);

}  // namespace aftershock::app

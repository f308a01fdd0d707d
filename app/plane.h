// One subnet: its entrances, what was last seen of it, and what the rules remember and say about it.
//
// It is swept by the entrance that last worked; where that one does not reach the fabric, the others are
// tried at once. A plane that no entrance reaches is UNKNOWN, keeps what it saw last, and is tried again with
// the next sweep.
//
// Threading: one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/entrance.h"
#include "base/clock.h"
#include "model/report.h"
#include "model/settings.h"
#include "model/state.h"
#include "rules/whatif/load_history.h"

namespace aftershock::app {

// What is to be said about a plane after a sweep.
struct PlaneResult {
  PlaneReport report;
  std::vector<Finding> findings;
};

class Plane {
 public:
  // `clock` and `settings` must outlive the plane.
  Plane(std::unique_ptr<Entrance> entrance, const Clock& clock, const Settings& settings);

  const PlaneResult& Sweep(std::stop_token stop, const fabric::ProgressCallback& progress);
  const PlaneResult& result() const { return result_; }

  // The name of its first entrance, whichever is in use: the plane's series keep their label when the
  // entrance changes.
  const std::string& name() const { return result_.report.plane; }
  // For questions beside the sweeps. Not while a sweep runs.
  std::vector<fabric::Doorway> Doorways() const;
  std::string CurrentEntrance() const { return entrances_[current_]->Name(); }

  // The other turned out to be another entrance to this subnet: the last sweep saw its port here, with a
  // cable in it.
  bool Reaches(const Plane& other) const;
  void Join(Plane&& other);

 private:
  void Judge(FabricSnapshotPtr snapshot);
  void Tell(std::vector<Finding> findings);
  void NoWayIn(const Error& error);

  std::vector<std::unique_ptr<Entrance>> entrances_;
  std::size_t current_ = 0;
  const Clock* clock_;
  const Settings* settings_;
  FabricState state_;
  whatif::LoadHistory loads_;
  PlaneResult result_;
  std::optional<WallTime> no_way_in_since_;
};

// What `aftershock` says where the fabric cannot be looked at, and why.
Finding CannotLook(const std::string& why, const Settings& settings);

}  // namespace aftershock::app

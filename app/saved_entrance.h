// A snapshot from a file in place of a port: `check --from` takes the same way as a check of the living
// fabric.
#pragma once

#include <string>
#include <utility>

#include "app/entrance.h"

namespace aftershock::app {

class SavedEntrance final : public Entrance {
 public:
  SavedEntrance(std::string name, FabricSnapshotPtr snapshot)
      : name_(std::move(name)), snapshot_(std::move(snapshot)) {}

  std::string Name() const override { return name_; }
  Guid PortGuid() const override { return snapshot_->local.guid; }
  Result<FabricSnapshotPtr> Sweep(std::stop_token, const fabric::ProgressCallback&) override {
    return snapshot_;
  }

 private:
  std::string name_;
  FabricSnapshotPtr snapshot_;
};

}  // namespace aftershock::app

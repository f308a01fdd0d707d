// An entrance by a port of this machine. A port that goes away (driver reloaded, adapter reset) is opened
// again by the next sweep; what was learnt about the fabric, and where its counters stood, stays.
//
// Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "app/entrance.h"
#include "app/port_name.h"
#include "base/clock.h"
#include "probes/mad/shared.h"

namespace aftershock::app {

class UmadEntrance final : public Entrance {
 public:
  // `clock` must outlive the entrance.
  UmadEntrance(PortName port, const Clock& clock, fabric::SweepOptions options, std::uint16_t p_key_index);
  ~UmadEntrance() override;

  // Does nothing where the port is open. kAbsent, kDenied, kUnsupported, kInternal: each says what to do.
  Result<void> Open();

  std::string Name() const override { return ToString(port_); }
  Guid PortGuid() const override { return guid_; }
  Result<FabricSnapshotPtr> Sweep(std::stop_token stop, const fabric::ProgressCallback& progress) override;
  std::optional<fabric::Doorway> Beside() override;

 private:
  class Door;

  PortName port_;
  Guid guid_{};
  const Clock& clock_;
  fabric::SweepOptions options_;
  std::uint16_t p_key_index_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<mad::SharedPort> shared_;   // uses door_
  std::optional<fabric::FabricProbe> probe_;  // uses shared_
};

}  // namespace aftershock::app

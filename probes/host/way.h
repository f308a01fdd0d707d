// One port's way to the fabric: transport and engine, opened when needed, closed when the port is gone.
//
// Several ways are run by one thread in turns, so that a silent fabric costs its time-outs once and not once
// per port.
//
// Threading: one thread.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

#include "base/clock.h"
#include "base/result.h"
#include "model/host.h"
#include "probes/host/subnet.h"
#include "probes/mad/engine.h"

namespace aftershock::host {

using MadCounts = std::array<MadCount, kMadClassCount>;
void AddTo(MadCounts& sum, const MadCounts& counts);

class Way {
 public:
  Way(HcaPortName name, const TransportFactory& open, const Clock& clock);
  ~Way();
  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;

  // Opened now if it is not; an old one that leads to a device that went away is replaced. What does not open
  // is tried again at a later look, less and less often up to once a minute.
  Result<void> Open();
  void Close();

  // REQUIRES: open
  mad::Engine& engine() { return *engine_; }
  // What the local stack complained about since Open().
  const std::optional<Error>& trouble() const;
  // Of all transports this way had.
  MadCounts counts() const;

  // Until nothing is left on any of these open ways, the deadline or a stop. Those that broke are closed.
  static void Run(std::span<Way* const> ways, const Clock& clock, SteadyTime deadline, std::stop_token stop);

 private:
  class Watched;

  bool Alive();
  Result<void> OpenNow();

  HcaPortName name_;
  const TransportFactory& open_;
  const Clock& clock_;
  std::unique_ptr<Watched> transport_;
  std::unique_ptr<mad::Engine> engine_;
  MadCounts closed_counts_{};
  std::optional<Error> refused_;  // why it did not open
  unsigned refusals_ = 0;
  SteadyTime try_again_{};
};

}  // namespace aftershock::host

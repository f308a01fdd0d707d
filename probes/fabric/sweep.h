// Sweeps one subnet through one HCA port: discovers it once, then re-reads what can have changed.
//
// The first sweep walks the fabric by directed routes and reads NodeInfo, NodeDescription, SwitchInfo,
// PortInfo and the counters of every linked port. A later one reads, per link, PortInfo of one end (an
// adapter's where there is one, else the two ends in turn), every unlinked switch port, SwitchInfo and port 0
// of every switch and all counters, plus a share of the rest in rotation. Where anything moved, the same
// sweep discovers the whole fabric anew; counters go on from where they were.
//
// Threading: one thread at a time; a sweep blocks its caller until it is done, its deadline has come or it is
// stopped. Errors: none; what could not be read is marked in the snapshot, which is then partial.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "model/fabric.h"
#include "probes/mad/engine.h"

namespace aftershock::fabric {

using NodeNames = std::unordered_map<Guid, std::string>;

struct SweepOptions {
  mad::Limits limits;
  std::uint64_t m_key = 0;
  std::uint64_t sa_key = 0;                      // 0: memberships are asked for one by one
  Duration deadline = std::chrono::seconds(60);  // of one sweep
  NodeNames names;                               // overrides NodeDescription
};

// How far the sweep is; for a person who waits.
struct Progress {
  std::uint32_t nodes = 0;
  std::uint32_t ports = 0;  // linked ports seen
  std::uint64_t answers = 0;
};
using ProgressCallback = std::function<void(const Progress&)>;

class FabricProbe {
 public:
  // `transport` and `clock` must outlive the probe.
  FabricProbe(mad::Transport& transport, LocalPort local, const Clock& clock, SweepOptions options);
  ~FabricProbe();
  FabricProbe(const FabricProbe&) = delete;
  FabricProbe& operator=(const FabricProbe&) = delete;

  // `progress`, where given, is called now and then from inside.
  FabricSnapshotPtr Sweep(std::stop_token stop, const ProgressCallback& progress = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aftershock::fabric

// Asks the switches that matter, every few seconds and between sweeps, whether they live: one MAD each by
// every route.
//
// NodeInfo and PortInfo of port 0 take turns: the one proves who answers, the other tells of a restart. A
// question is sent once, so that a lost one is seen. Where nothing was heard of a switch, the ports of its
// neighbours are asked, which tells a dead switch from a broken route; and our own ports are asked before
// and, where something was missed, again behind, since without them nothing can be said.
//
// At most kAtOnce questions are in flight at an entrance, so that none waits for another and its time is its
// own. Threading: one thread. Errors: none; what could not be asked is Heard::kVoid.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/liveness.h"
#include "probes/fabric/routes.h"
#include "probes/mad/engine.h"

namespace aftershock::fabric {

// What is asked of one switch.
struct LivenessTarget {
  Guid guid{};
  std::vector<LivenessRoute> routes;
  std::vector<Neighbour> neighbours;
};

// A port of ours with a way out.
struct Doorway {
  std::string entrance;
  Guid port_guid{};
  std::uint8_t port = 0;  // 0: of a switch
  mad::Transport* transport = nullptr;
};

// The targets for `switches`, for the switch at the other end of each of our own cables, and, once each, for
// the switches on the way: what is lost there is not the fault of those behind. Of a switch that the snapshot
// has no route to, the earlier plan holds on.
std::vector<LivenessTarget> PlanLiveness(const FabricSnapshot& snapshot, const std::vector<Guid>& switches,
                                         const std::vector<Doorway>& doorways,
                                         std::vector<LivenessTarget> earlier);

struct LivenessOptions {
  std::uint64_t m_key = 0;
  std::chrono::milliseconds late_after{200};
  std::chrono::milliseconds timeout{1000};  // not less than late_after
};

class LivenessProbe {
 public:
  static constexpr std::uint32_t kAtOnce = 4;

  // The transports and `clock` must outlive it.
  LivenessProbe(std::string plane, std::vector<Doorway> doorways, const Clock& clock,
                LivenessOptions options);
  ~LivenessProbe();

  const std::vector<Doorway>& doorways() const;
  // Returns early when stopped; what was not asked by then is void.
  LivenessRound Ask(const std::vector<LivenessTarget>& targets, std::stop_token stop);
  // Since it was made.
  MadCount Sent() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aftershock::fabric

// What a host asks its subnet: where its cables end, whether the SM lives, and what the SA thinks of its
// interfaces.
//
// Get and nothing else, through probes/mad. Each port has its own budget: one NodeInfo a look and, whatever
// the interval, at most one SMInfo, one membership question and (over all ports) one sampled PathRecord a
// minute, each at a second of the minute that a hash of the port GUID chooses; after a time-out twice as far
// apart each time, up to eight minutes, with jitter; for a minute after an SM change (its events, or another
// SM LID) not before the port's own moment in that minute. The first questions of a process are asked at once
// unless the SM has just changed. `Burst`: all questions of a look at once, for `check`, which asks once and
// ends.
//
// A "not found" (0x0300) is an answer. A time-out, a refusal and "not asked so far" are told apart.
//
// Threading: Ask from one thread; blocks until its deadline at most.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/host.h"
#include "probes/host/timeline.h"
#include "probes/mad/transport.h"

namespace aftershock::host {

// Opens the way to the fabric by a port; tests bring their own.
using TransportFactory = std::function<Result<std::unique_ptr<mad::Transport>>(const HcaPortName& port)>;
// Through libibumad, in the default partition.
TransportFactory OpenUmad();

enum class Pace { kBudget, kBurst };

struct SubnetAnswers {
  std::vector<std::pair<HcaPortName, Result<Uplink>>> uplinks;
  std::vector<Membership> memberships;  // of every link there is, the last answer
  std::vector<SmAnswer> sms;
  std::vector<NeighbourPath> paths;  // the sampled ones whose neighbour is still there, last answers
  std::array<MadCount, kMadClassCount> mads_total{};
  std::vector<PartReport> parts;  // kCabling, kSm, kSa
};

class SubnetAsker {
 public:
  // `clock` and `timeline` must outlive it.
  SubnetAsker(TransportFactory open, const Clock& clock, const Timeline& timeline, Pace pace);
  ~SubnetAsker();

  // About the InfiniBand ports, links and neighbours of this snapshot (the rest of it is not looked at).
  // Ports that are not Active are not asked through; their device is closed as soon as it is gone.
  SubnetAnswers Ask(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aftershock::host

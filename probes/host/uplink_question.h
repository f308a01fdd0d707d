// Where the cable of one port ends: NodeInfo one hop out at every look, NodeDescription when the node is
// another.
//
// A node that keeps silent is asked less and less often: one whose M_Key protects it counts every question as
// a violation.
//
// Threading: one thread; must outlive the run of the engine it asked through.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "model/host.h"
#include "probes/host/subnet.h"
#include "probes/host/way.h"

namespace aftershock::host {

class UplinkQuestion {
 public:
  UplinkQuestion(std::uint8_t port, Guid guid) : port_(port), guid_(guid) {}

  void Ask(Way& way, Pace pace, SteadyTime now);
  // The port is not Active.
  void Forget();
  // The last answer; nullopt: none so far.
  const std::optional<Result<Uplink>>& answer() const { return answer_; }

 private:
  void Hear(Way& way, const mad::Outcome& outcome);
  void HearNode(Way& way, const NodeInfo& info);
  bool MayDescribe() const;

  std::uint8_t port_;
  Guid guid_;
  std::optional<Result<Uplink>> answer_;
  SteadyTime asked_{}, not_before_ = SteadyTime::min();
  std::optional<SteadyTime> described_;  // when that was asked, of the node in answer_
  unsigned failures_ = 0;
};

}  // namespace aftershock::host

// All that one port asks: where its cable ends, whether its SM lives, and about its IPoIB links' memberships.
// Holds the last answers.
//
// Threading: one thread. Callbacks of the way's engine refer to this object: it must outlive Way::Run().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/clock.h"
#include "model/host.h"
#include "probes/host/budget.h"
#include "probes/host/memberships.h"
#include "probes/host/subnet.h"
#include "probes/host/timeline.h"
#include "probes/host/uplink_question.h"
#include "probes/host/way.h"

namespace aftershock::host {

// Kept beyond the port's device: one that comes and goes is not asked more often than one that stays.
struct PortBudget {
  explicit PortBudget(Guid port) : sm(port, QuestionKind::kSm), membership(port, QuestionKind::kMembership) {}
  Schedule sm, membership;
  SteadyTime used{};
};

class PortQuestions {
 public:
  // `open` and `clock` must outlive it.
  PortQuestions(const HcaPortName& name, Guid guid, const TransportFactory& open, const Clock& clock);
  PortQuestions(const PortQuestions&) = delete;
  PortQuestions& operator=(const PortQuestions&) = delete;

  Guid guid() const { return guid_; }
  Way& way() { return way_; }
  const Way& way() const { return way_; }

  // The port is not Active: what was answered no longer holds.
  void Rest();
  // Reads what happened to the port since the last call: whether its SM is another one or began anew, and
  // whether its P_Keys are others, which the way has to be opened for again.
  bool SmChanged(const HostPort& port, const Timeline& timeline);
  // Puts what is due on the way. REQUIRES: the way is open; `links` are up and run over this port
  void Ask(const HostPort& port, std::span<const IpoibLink* const> links, PortBudget& budget, Pace pace);

  // The last answers; `why`: why there is none.
  const std::optional<Result<Uplink>>& uplink() const { return uplink_.answer(); }
  SmAnswer Sm(const HostPort& port, std::string why) const;
  const Memberships& memberships() const { return memberships_; }

 private:
  void AskSm(const HostPort& port, Schedule& schedule);
  void HearSm(SmAnswer answer, const mad::Outcome& outcome);

  HcaPortName name_;
  Guid guid_;
  const Clock& clock_;
  Way way_;
  UplinkQuestion uplink_;
  Memberships memberships_;
  std::optional<SmAnswer> sm_;
  std::optional<Lid> sm_lid_;                     // at the last look
  std::uint64_t sm_event_ = 0, p_key_event_ = 0;  // the last ones noticed
};

}  // namespace aftershock::host

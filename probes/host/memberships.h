// Are the IPoIB links over one port members of their broadcast groups? One link is asked about in its turn,
// the one whose last answer is oldest; in a burst all of them.
//
// Threading: one thread; must outlive the run of the engine it asked through.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "model/host.h"
#include "probes/host/budget.h"
#include "probes/host/subnet.h"
#include "probes/host/way.h"

namespace aftershock::host {

class Memberships {
 public:
  explicit Memberships(const Clock& clock) : clock_(clock) {}

  // `links`: those that are up and run over this port.
  void Ask(Way& way, const HostPort& port, std::span<const IpoibLink* const> links, Schedule& schedule,
           Pace pace);
  void Forget() { answers_.clear(); }
  // The last answer, else that it was not asked, because of `why`. `port`: nullptr where it is not known.
  Membership Of(const IpoibLink& link, const HostPort* port, std::string why) const;

 private:
  // The question about this link, and its last answer if it is still the same question.
  Membership Recall(const IpoibLink& link, const HostPort* port) const;
  void AskOne(Way& way, const HostPort& port, Membership question, Schedule& schedule, Pace pace);
  void Hear(Way& way, const HostPort& port, Membership question, const mad::Outcome& outcome);

  const Clock& clock_;
  std::map<int, Membership> answers_;  // by link
};

}  // namespace aftershock::host

// What a rule of the host sees: one look, what is remembered of the earlier ones, and the configuration; and
// the words these rules share.
//
// A HostView is made once per look and read by all rules. It refers to its parts, which must outlive it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/host.h"
#include "model/host_state.h"
#include "model/settings.h"
#include "rules/host/suspect.h"

namespace aftershock::rules {

class HostView {
 public:
  HostView(const HostSnapshot& snapshot, const HostState& state, const Settings& settings, WallTime now);

  const HostSnapshot& snapshot() const { return snapshot_; }
  const HostState& state() const { return state_; }
  const Settings& settings() const { return settings_; }
  WallTime wall() const { return wall_; }
  SteadyTime now() const { return snapshot_.taken_steady; }
  double Threshold(const RuleSpec& rule, std::string_view key) const {
    return settings_.Threshold(rule, key);
  }
  // REQUIRES: the threshold is one of seconds.
  Duration Time(const RuleSpec& rule, std::string_view key) const;
  bool Enabled(const RuleSpec& rule) const { return settings_.Enabled(rule.id); }

  // The InfiniBand port that an interface runs over; nullptr: not known.
  const HostPort* PortOf(const IpoibLink& link) const;
  // The interfaces over a port that are administratively up.
  std::vector<const IpoibLink*> UpLinks(const HcaPortName& port) const;
  // nullptr: none so far, or the answer is about another group or address than the interface now has.
  const Membership* MembershipOf(const IpoibLink& link) const;
  // The group that the interface is to be a member of, as any of the host's members or an earlier look knows
  // it.
  std::optional<GroupRecord> GroupOf(const IpoibLink& link) const;

  // The last event after which a port, an interface, or the interface with its port, has to find itself
  // again.
  std::optional<SteadyTime> LastDisturbance(const HcaPortName& port) const;
  std::optional<SteadyTime> LastDisturbance(const std::string& interface) const;
  std::optional<SteadyTime> LastDisturbance(const IpoibLink& link) const;

  // A finding of `rule` with its configured severity and the rule's advice, as a suspicion of this moment
  // that nothing explains.
  Suspect Suspected(const RuleSpec& rule, Subject subject, std::string summary,
                    std::vector<Evidence> evidence) const;

 private:
  const HostSnapshot& snapshot_;
  const HostState& state_;
  const Settings& settings_;
  WallTime wall_;
  std::map<HcaPortName, SteadyTime> port_events_;
  std::map<std::string, SteadyTime, std::less<>> device_events_, interface_events_;
};

// By node GUID where it is known, else by name.
Subject SubjectOf(const HostView& view, const std::string& hca);
Subject SubjectOf(const HostView& view, const HcaPortName& port);

bool IsActive(const HostPort& port);

// "mlx5_0 port 1"
std::string NameOf(const HcaPortName& port);
// "ib0 over mlx5_0 port 1"; "ib0" where the port is not known.
std::string NameOf(const IpoibLink& link);

}  // namespace aftershock::rules

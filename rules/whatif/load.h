// Whether measured traffic fits the cables that are left.
//
// What a switch sent up and got from above (a leaf without anything above: exchanged with its peers) has to
// fit its remaining cables of that kind, and what a host exchanged by all its legs, those it keeps. Traffic
// of a leg that is lost moves to the host's other legs in equal parts; it goes up from there in the same
// proportion as before.
#pragma once

#include <vector>

#include "model/load.h"
#include "model/plan.h"
#include "rules/whatif/network.h"
#include "rules/whatif/reach.h"
#include "rules/whatif/tiers.h"

namespace aftershock::whatif {

class LoadFit {
 public:
  // All but `head_room` must outlive the object.
  LoadFit(const Network& network, const Tiers& tiers, const PortLoads& loads, double head_room);

  // Everything that `reach`, which comes of `gone`, changes; worst first.
  std::vector<PlanLoad> Changed(const Exclusion& gone, const Reach& reach) const;
  // How many of them would be overloaded, without their names.
  std::uint32_t CountOverloaded(const Exclusion& gone, const Reach& reach) const;

  // Of the ports of cables and legs: how many were measured, and the least time of any.
  LoadKnown known() const { return known_; }
  double seconds() const { return seconds_; }

 private:
  struct Flow {  // bits per second; none: not measured
    std::optional<double> out, in;
  };
  struct Row {
    bool host;
    Index index;
    Flow flow;
    double rate_before, rate_after;
  };
  Flow OfPort(const PortKey& near, const PortKey& far) const;
  Flow OutOf(Index sw) const;
  std::vector<Row> Rows(const Exclusion& gone, const Reach& reach) const;
  PlanLoad Judge(const Row& row) const;

  const Network& network_;
  const Tiers& tiers_;
  const PortLoads& loads_;
  double head_room_;
  LoadKnown known_ = LoadKnown::kNo;
  double seconds_ = 0;
  std::vector<Flow> legs_, switches_;  // of a leg as the host sends and gets; of a switch's Out() cables
  std::vector<double> share_up_;       // of what a leaf's hosts exchange, how much leaves it
};

}  // namespace aftershock::whatif

#include "rules/whatif/further.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace aftershock::whatif {
namespace {

constexpr std::size_t kMaxNames = 5;     // of hosts of a failure
constexpr std::size_t kMaxFailures = 3;  // of a host

struct Candidate {
  std::string what;
  std::vector<Index> switches;
  Index cable = kNone;
};

std::vector<Candidate> Candidates(const Network& network, const Question& question, const Reach& left) {
  std::vector<Candidate> all;
  const auto stays = [&](Index sw) { return left.main[sw] != 0; };
  for (Index sw = 0; sw < network.switches.size(); ++sw) {
    if (stays(sw)) all.push_back({"switch " + network.switches[sw].name, {sw}, kNone});
  }
  for (const Risk& risk : question.risks) {
    if (std::ranges::any_of(risk.switches, stays)) all.push_back({risk.label, risk.switches, kNone});
  }
  for (const Index c : Bridges(network, question.gone)) {
    const Cable& cable = network.cables[c];
    if (!stays(cable.a)) continue;
    all.push_back({fmt::format("link {} port {} to {} port {}", network.switches[cable.a].name,
                               cable.a_port.port, network.switches[cable.b].name, cable.b_port.port),
                   {},
                   c});
  }
  return all;
}

// Adds a candidate to an exclusion, and takes it out again.
class Failing {
 public:
  Failing(Exclusion& gone, const Candidate& candidate) : gone_(gone) {
    for (const Index sw : candidate.switches) Mark(gone_.switches, sw, switches_);
    if (candidate.cable != kNone) Mark(gone_.cables, candidate.cable, cables_);
  }
  ~Failing() {
    for (const Index sw : switches_) gone_.switches[sw] = 0;
    for (const Index cable : cables_) gone_.cables[cable] = 0;
  }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;

 private:
  static void Mark(std::vector<std::uint8_t>& flags, Index at, std::vector<Index>& marked) {
    if (flags[at] != 0) return;
    flags[at] = 1;
    marked.push_back(at);
  }
  Exclusion& gone_;
  std::vector<Index> switches_, cables_;
};

class Trial {
 public:
  Trial(const Network& network, const Question& question, Tiers& tiers, const LoadFit& fit, Plan& plan)
      : network_(network),
        tiers_(tiers),
        fit_(fit),
        plan_(plan),
        gone_(question.gone),
        whole_(network),
        reacher_(network),
        alone_(network) {}

  Further Run(const Question& question) {
    Further further;
    const std::vector<Candidate> candidates = Candidates(network_, question, reacher_.Ask(gone_));
    for (const Candidate& candidate : candidates) {
      PlanFailure failure = Try(candidate);
      const bool narrower = failure.lowest_share && (!LowestNow() || *failure.lowest_share < *LowestNow());
      const bool harms = failure.hosts_cut_off + failure.hosts_legs_lost + failure.overloaded != 0 ||
                         !failure.sm_left || narrower;
      if (harms) further.failures.push_back(std::move(failure));
    }
    further.tried = static_cast<std::uint32_t>(candidates.size());
    std::ranges::stable_sort(further.failures, [](const PlanFailure& a, const PlanFailure& b) {
      const auto weight = [](const PlanFailure& f) {
        return std::tuple(f.hosts_cut_off, f.hosts_by_plan, f.overloaded, !f.sm_left, f.hosts_legs_lost,
                          -f.lowest_share.value_or(1));
      };
      return weight(a) > weight(b);
    });
    return further;
  }

 private:
  std::optional<double> LowestNow() {
    if (!lowest_known_) {
      lowest_known_ = true;
      lowest_ = Lowest(gone_, reacher_.Ask(gone_)).first;
    }
    return lowest_;
  }

  std::pair<std::optional<double>, Index> Lowest(const Exclusion& gone, const Reach& reach) {
    std::optional<double> lowest;
    Index leaf = kNone;
    const std::vector<double>& paths = tiers_.CountPaths(gone);
    for (Index sw = 0; sw < paths.size(); ++sw) {
      const PlanSwitch& s = plan_.switches[sw];
      if (!s.paths_before || *s.paths_before == 0 || reach.part[sw] == kNone) continue;
      const double share = paths[sw] / *s.paths_before;
      if (lowest && share >= *lowest) continue;
      lowest = share;
      leaf = sw;
    }
    return {lowest, leaf};
  }

  PlanFailure Try(const Candidate& candidate) {
    PlanFailure failure;
    failure.what = candidate.what;
    const Failing failing(gone_, candidate);
    const Reach& reach = reacher_.Ask(gone_);
    std::vector<Index> cut;
    for (Index h = 0; h < network_.hosts.size(); ++h) {
      const std::uint32_t before = plan_.hosts[h].legs_after, after = reach.legs_of_host[h];
      if (before != 0 && after == 0) cut.push_back(h);
      if (after != 0 && after < before) ++failure.hosts_legs_lost;
    }
    failure.hosts_cut_off = static_cast<std::uint32_t>(cut.size());
    if (!cut.empty()) BlameThePlan(candidate, cut, failure);
    const auto [share, leaf] = Lowest(gone_, reach);
    failure.lowest_share = share;
    if (leaf != kNone) failure.lowest_leaf = network_.switches[leaf].name;
    if (fit_.known() != LoadKnown::kNo) failure.overloaded = fit_.CountOverloaded(gone_, reach);
    for (Index plane = 0; plane < network_.planes.size(); ++plane) {
      if (plan_.planes[plane].sm != SmFate::kNone && FateOfSm(network_, plane, reach) == SmFate::kNone)
        failure.sm_left = false;
    }
    return failure;
  }

  // Which of `cut` this failure alone would leave connected.
  void BlameThePlan(const Candidate& candidate, const std::vector<Index>& cut, PlanFailure& failure) {
    const Failing failing(whole_, candidate);
    const Reach& alone = alone_.Ask(whole_);
    std::vector<std::string> others;
    for (const Index h : cut) {
      PlanHost& host = plan_.hosts[h];
      const bool by_plan = alone.legs_of_host[h] != 0;
      auto& names = by_plan ? failure.names : others;
      if (names.size() < kMaxNames) names.push_back(host.name);
      if (!by_plan) continue;
      ++failure.hosts_by_plan;
      host.exposed = true;
      if (host.failing.size() < kMaxFailures) host.failing.push_back(candidate.what);
    }
    for (std::string& name : others) {
      if (failure.names.size() < kMaxNames) failure.names.push_back(std::move(name));
    }
  }

  const Network& network_;
  Tiers& tiers_;
  const LoadFit& fit_;
  Plan& plan_;
  Exclusion gone_, whole_;
  Reacher reacher_, alone_;
  bool lowest_known_ = false;
  std::optional<double> lowest_;
};

}  // namespace

Further TryFurther(const Network& network, const Question& question, Tiers& tiers, const LoadFit& fit,
                   Plan& plan) {
  return Trial(network, question, tiers, fit, plan).Run(question);
}

SmFate FateOfSm(const Network& network, Index plane, const Reach& reach) {
  bool seen = false, left = false, master_lost = false;
  for (const SmPlace& sm : network.sms) {
    if (sm.plane != plane) continue;
    seen = true;
    const bool stays = sm.sw != kNone ? reach.main[sm.sw] != 0 : reach.leg[sm.leg] != 0;
    left |= stays;
    master_lost |= sm.master && !stays;
  }
  if (!seen) return SmFate::kNotKnown;
  if (!left) return SmFate::kNone;
  return master_lost ? SmFate::kTakeover : SmFate::kStays;
}

}  // namespace aftershock::whatif

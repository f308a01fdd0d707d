#include "rules/whatif/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "rules/whatif/further.h"
#include "rules/whatif/load.h"
#include "rules/whatif/reach.h"
#include "rules/whatif/tiers.h"

namespace aftershock::whatif {
namespace {

const PortLoads kNoLoads;

class Answering {
 public:
  Answering(const Network& network, const Question& question)
      : network_(network), question_(question), whole_(network), tiers_(network), reacher_(network) {}

  Plan Run() {
    plan_.head_room = question_.head_room;
    plan_.aggregation_nodes = network_.aggregation_nodes;
    plan_.routers = network_.routers;
    plan_.unattached = network_.unattached;
    const Reach& reach = reacher_.Ask(question_.gone);
    AddSwitches(reach);
    AddTrunks();
    AddHosts(reach);
    AddPlanes(reach);
    const LoadFit fit(network_, tiers_, question_.loads == nullptr ? kNoLoads : *question_.loads,
                      question_.head_room);
    plan_.load_known = fit.known();
    plan_.load_seconds = fit.seconds();
    if (fit.known() != LoadKnown::kNo) plan_.loads = fit.Changed(question_.gone, reach);
    Further further = TryFurther(network_, question_, tiers_, fit, plan_);
    plan_.further = std::move(further.failures);
    plan_.failures_tried = further.tried;
    CountHosts();
    AddGaps();
    plan_.verdict = Verdict();
    return std::move(plan_);
  }

 private:
  void AddSwitches(const Reach& reach) {
    const std::vector<double> before = tiers_.CountPaths(whole_);
    const std::vector<double>& after = tiers_.CountPaths(question_.gone);
    for (Index i = 0; i < network_.switches.size(); ++i) {
      const Switch& sw = network_.switches[i];
      PlanSwitch& out = plan_.switches.emplace_back();
      out.guid = sw.node->guid;
      out.name = sw.name;
      out.plane = sw.plane;
      out.tier = tiers_.Of(i);
      out.fate = question_.gone.switches[i] != 0 ? Fate::kTaken
                 : reach.main[i] != 0            ? Fate::kStays
                                                 : Fate::kCutOff;
      if (out.tier != 1 || tiers_.Up(i).empty()) continue;
      out.paths_before = before[i];
      out.paths_after = after[i];
    }
  }

  void AddTrunks() {
    std::map<std::pair<Index, Index>, PlanTrunk> trunks;
    for (Index c = 0; c < network_.cables.size(); ++c) {
      const Cable& cable = network_.cables[c];
      const auto ends = std::minmax(cable.a, cable.b);
      PlanTrunk& trunk = trunks.try_emplace(ends, PlanTrunk{ends.first, ends.second, 0, 0}).first->second;
      ++trunk.cables;
      trunk.taken += question_.gone.CableGone(network_, c) ? 1 : 0;
    }
    for (const auto& [ends, trunk] : trunks) plan_.trunks.push_back(trunk);
  }

  void AddHosts(const Reach& reach) {
    Paths before(network_, whole_), after(network_, question_.gone);
    for (Index h = 0; h < network_.hosts.size(); ++h) {
      const Host& host = network_.hosts[h];
      PlanHost& out = plan_.hosts.emplace_back();
      out.name = host.name;
      for (const Index l : host.legs) {
        const Leg& leg = network_.legs[l];
        const Fate fate = question_.gone.LegGone(network_, l) ? Fate::kTaken
                          : reach.leg[l] != 0                 ? Fate::kStays
                                                              : Fate::kCutOff;
        out.legs.push_back(
            {leg.host_port, leg.switch_port, leg.adapter, network_.switches[leg.sw].name, fate});
      }
      out.legs_after = reach.legs_of_host[h];
      out.cut_off = out.legs_after == 0;
      out.paths = CountPaths(network_, h, question_.towards, before, after);
      out.misses_target =
          !question_.towards.Empty() && out.paths && out.paths->before != 0 && out.paths->after == 0;
    }
  }

  void AddPlanes(const Reach& reach) {
    for (Index p = 0; p < network_.planes.size(); ++p) {
      PlanPlane& plane = plan_.planes.emplace_back();
      plane.name = network_.planes[p].name;
      plane.sm = FateOfSm(network_, p, reach);
      for (const SmPlace& sm : network_.sms) {
        if (sm.plane != p) continue;
        const bool stays = sm.sw != kNone ? reach.main[sm.sw] != 0 : reach.leg[sm.leg] != 0;
        if (sm.master) plane.sm_name = sm.name;
        if (stays && !sm.master && plane.sm_next.empty()) plane.sm_next = sm.name;
      }
    }
  }

  void CountHosts() {
    for (Index i = 0; i < network_.switches.size(); ++i) {
      std::set<Index> hosts;
      for (const Index leg : network_.switches[i].legs) hosts.insert(network_.legs[leg].host);
      PlanSwitch& sw = plan_.switches[i];
      sw.hosts = static_cast<std::uint32_t>(hosts.size());
      for (const Index h : hosts) {
        sw.hosts_cut_off += plan_.hosts[h].cut_off ? 1 : 0;
        sw.hosts_weaker += LosesRedundancy(plan_.hosts[h]) ? 1 : 0;
      }
    }
  }

  void AddGaps() {
    plan_.gaps = network_.gaps;
    plan_.gaps.insert(plan_.gaps.end(), question_.gaps.begin(), question_.gaps.end());
    if (network_.hosts.empty()) plan_.gaps.emplace_back("no host with a cable to a switch was seen");
    if (!question_.load_required) return;
    const auto unknown = std::ranges::count_if(
        plan_.loads, [](const PlanLoad& load) { return !load.after && !load.overloaded; });
    if (plan_.load_known == LoadKnown::kNo) {
      plan_.gaps.emplace_back("the load is not known: nothing has measured it so far");
    } else if (unknown != 0) {
      plan_.gaps.push_back(
          fmt::format("the load of {} of {} that would change is not known", unknown, plan_.loads.size()));
    }
  }

  aftershock::Verdict Verdict() const {
    const auto cut_off = [](const PlanHost& host) { return host.cut_off; };
    const bool lost =
        std::ranges::any_of(plan_.hosts, cut_off) ||
        std::ranges::any_of(plan_.hosts, &PlanHost::misses_target) ||
        std::ranges::any_of(plan_.loads, &PlanLoad::overloaded) ||
        std::ranges::any_of(plan_.planes, [](const PlanPlane& p) { return p.sm == SmFate::kNone; });
    if (lost) return aftershock::Verdict::kCritical;
    if (!plan_.gaps.empty()) return aftershock::Verdict::kUnknown;
    return std::ranges::any_of(plan_.hosts, LosesRedundancy) ? aftershock::Verdict::kWarning
                                                             : aftershock::Verdict::kOk;
  }

  const Network& network_;
  const Question& question_;
  const Exclusion whole_;
  Tiers tiers_;
  Reacher reacher_;
  Plan plan_;
};

}  // namespace

Plan Answer(const Network& network, const Question& question) {
  return Answering(network, question).Run();
}

}  // namespace aftershock::whatif

#include "model/json/plan.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/printable.h"
#include "model/json/snapshot.h"

namespace aftershock {
namespace {

using nlohmann::json;

template <typename T>
json Maybe(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

json Name(const std::string& text) {
  return text.empty() ? json() : json(Printable(text));
}

json Names(const std::vector<std::string>& names) {
  json list = json::array();
  for (const std::string& name : names) list.push_back(Printable(name));
  return list;
}

std::string_view Word(Fate fate) {
  static constexpr std::array<std::string_view, 3> kWords{"stays", "taken", "cut_off"};
  return kWords[static_cast<std::size_t>(fate)];
}

std::string_view Word(SmFate fate) {
  static constexpr std::array<std::string_view, 4> kWords{"unknown", "stays", "takeover", "none"};
  return kWords[static_cast<std::size_t>(fate)];
}

std::string_view Word(LoadKnown known) {
  static constexpr std::array<std::string_view, 3> kWords{"no", "partly", "yes"};
  return kWords[static_cast<std::size_t>(known)];
}

json Host(const PlanHost& host) {
  json ports = json::array();
  for (const PlanLeg& leg : host.legs) {
    ports.push_back({{"guid", ToString(leg.host_port.node)},
                     {"port", leg.host_port.port},
                     {"adapter", Printable(leg.adapter)},
                     {"switch", Printable(leg.at)},
                     {"switch_guid", ToString(leg.switch_port.node)},
                     {"switch_port", leg.switch_port.port},
                     {"cut_off", leg.fate != Fate::kStays},
                     {"fate", Word(leg.fate)}});
  }
  json out{{"name", Printable(host.name)},
           {"cut_off", host.cut_off},
           {"misses_target", host.misses_target},
           {"redundancy_lost", LosesRedundancy(host)},
           {"legs_before", host.legs.size()},
           {"legs_after", host.legs_after},
           {"paths_before", nullptr},
           {"paths_after", nullptr},
           {"ports", std::move(ports)}};
  if (host.paths) {
    out["paths_before"] = host.paths->before;
    out["paths_after"] = host.paths->after;
    out["paths_after_to_reachable"] = host.paths->after_reached;
    out["leaves_lost"] = host.paths->leaves_lost;
  }
  if (host.exposed) out["cut_off_by_one_more"] = Names(host.failing);
  return out;
}

json Leaf(const PlanSwitch& sw) {
  const bool has = sw.paths_before && *sw.paths_before > 0;
  return {{"guid", ToString(sw.guid)},
          {"name", Printable(sw.name)},
          {"fate", Word(sw.fate)},
          {"hosts", sw.hosts},
          {"hosts_cut_off", sw.hosts_cut_off},
          {"hosts_redundancy_lost", sw.hosts_weaker},
          {"up_paths_before", Maybe(sw.paths_before)},
          {"up_paths_after", Maybe(sw.paths_after)},
          {"share", has ? json(*sw.paths_after / *sw.paths_before) : json()}};
}

json Failure(const PlanFailure& failure) {
  return {{"what", Printable(failure.what)},
          {"hosts_cut_off", failure.hosts_cut_off},
          {"hosts_cut_off_because_of_plan", failure.hosts_by_plan},
          {"hosts_losing_legs", failure.hosts_legs_lost},
          {"hosts", Names(failure.names)},
          {"lowest_share", Maybe(failure.lowest_share)},
          {"lowest_leaf", Name(failure.lowest_leaf)},
          {"overloaded", failure.overloaded},
          {"sm_left", failure.sm_left}};
}

json Load(const Plan& plan) {
  json changed = json::array();
  for (const PlanLoad& load : plan.loads) {
    changed.push_back({{"what", Printable(load.what)},
                       {"before", Maybe(load.before)},
                       {"after", Maybe(load.after)},
                       {"overloaded", load.after || load.overloaded ? json(load.overloaded) : json()}});
  }
  const bool known = plan.load_known != LoadKnown::kNo;
  const bool over = std::ranges::any_of(plan.loads, &PlanLoad::overloaded);
  const bool all = known && std::ranges::all_of(plan.loads, [](const PlanLoad& load) {
                     return load.after || load.overloaded;
                   });
  return {{"known", Word(plan.load_known)},
          {"measured_seconds", known ? json(plan.load_seconds) : json()},
          {"head_room", plan.head_room},
          {"fits", over  ? json(false)
                   : all ? json(true)
                         : json()},
          {"changed", std::move(changed)}};
}

}  // namespace

json ToJson(const Plan& plan) {
  json planes = json::array(), hosts = json::array(), leaves = json::array(), further = json::array(),
       cut = json::array();
  for (const PlanPlane& plane : plan.planes) {
    planes.push_back({{"name", Printable(plane.name)},
                      {"sm", Word(plane.sm)},
                      {"sm_master", Name(plane.sm_name)},
                      {"sm_next", Name(plane.sm_next)}});
  }
  for (const PlanHost& host : plan.hosts) hosts.push_back(Host(host));
  for (const PlanSwitch& sw : plan.switches) {
    if (sw.hosts != 0 || sw.tier == 1) leaves.push_back(Leaf(sw));
    if (sw.fate == Fate::kCutOff) cut.push_back({{"guid", ToString(sw.guid)}, {"name", Printable(sw.name)}});
  }
  for (const PlanFailure& failure : plan.further) further.push_back(Failure(failure));
  return {{"schema", kJsonSchema},
          {"verdict", ToString(plan.verdict)},
          {"taken", Names(plan.taken)},
          {"towards", Names(plan.towards)},
          {"planes", std::move(planes)},
          {"hosts", std::move(hosts)},
          {"leaves", std::move(leaves)},
          {"switches_cut_off", std::move(cut)},
          {"load", Load(plan)},
          {"further", std::move(further)},
          {"failures_tried", plan.failures_tried},
          {"unknown", Names(plan.gaps)},
          {"not_hosts",
           {{"aggregation_nodes", plan.aggregation_nodes},
            {"routers", plan.routers},
            {"adapters_without_cable", plan.unattached}}}};
}

}  // namespace aftershock

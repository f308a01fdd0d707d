// The tables walked, and the result kept until something moves that it rests on.
#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "rules/routing/blame.h"
#include "rules/routing/credits.h"
#include "rules/routing/rules.h"
#include "rules/routing/table.h"
#include "rules/routing/up_down.h"
#include "rules/routing/walk.h"

namespace aftershock::rules {
namespace {

// Not against an adversary: a collision costs a sweep's news until the next change.
class Fingerprint {
 public:
  void Add(std::uint64_t value) {
    hash_ ^= value + 0x9e3779b97f4a7c15u + (hash_ << 6) + (hash_ >> 2);
    hash_ *= 0xff51afd7ed558ccdu;
    hash_ ^= hash_ >> 33;
  }
  std::uint64_t value() const { return hash_ | 1; }  // 0 means none

 private:
  std::uint64_t hash_ = 0x2545f4914f6cdd1d;
};

void AddPort(Fingerprint& print, const Port& port) {
  print.Add(port.num | std::uint64_t{Missing(port.info_answer)} << 8 |
            std::uint64_t{port.info.has_value()} << 9 |
            (port.peer ? std::uint64_t{port.peer->node} << 24 | std::uint64_t{port.peer->port} << 16
                       : std::uint64_t{0xff} << 16));
  if (!port.info) return;
  const PortInfo& info = *port.info;
  print.Add(static_cast<std::uint64_t>(info.lid) | std::uint64_t{info.lmc} << 16 |
            static_cast<std::uint64_t>(info.state) << 24 | static_cast<std::uint64_t>(info.phys_state) << 32 |
            std::uint64_t{info.operational_vls} << 40);
}

// Of what the tables are judged by, and what the texts name.
std::uint64_t TopologyOf(const FabricSnapshot& snapshot) {
  Fingerprint print;
  print.Add(static_cast<std::uint64_t>(snapshot.sm.lid));
  for (const Node& node : snapshot.nodes) {
    print.Add(static_cast<std::uint64_t>(node.guid));
    print.Add(std::hash<std::string>{}(node.name));
    const SwitchTables& tables = node.tables;
    print.Add(
        static_cast<std::uint64_t>(node.type) | std::uint64_t{node.duplicate} << 8 |
        std::uint64_t{Missing(node.answer)} << 9 | std::uint64_t{Missing(tables.linear.answer)} << 10 |
        std::uint64_t{tables.linear.answer == Answer::kUnsupported} << 11 |
        std::uint64_t{tables.linear.table == nullptr && tables.linear.answer == Answer::kNotAsked} << 12 |
        std::uint64_t{tables.linear.unstable} << 13 | std::uint64_t{tables.adaptive.value_or(false)} << 14);
    for (const Port& port : node.ports) AddPort(print, port);
  }
  return print.value();
}

// Of the samples what they amount to: as long as all say the same, that and whether they are enough; else
// each, in whatever order they came.
std::uint64_t ServiceLevelsOf(const FabricSnapshot& snapshot, const Settings& settings) {
  Fingerprint print;
  print.Add(std::hash<const void*>{}(settings.path_sls.get()));
  const auto& paths = snapshot.sa.paths;
  const auto enough = static_cast<std::size_t>(settings.Threshold(kCreditLoop, "agreeing_paths"));
  const bool agree =
      std::ranges::adjacent_find(paths, std::ranges::not_equal_to{}, &PathSample::sl) == paths.end();
  std::uint64_t sum = agree && !paths.empty() ? paths.front().sl : 0;
  if (!agree || paths.size() < enough) {
    for (const PathSample& path : paths) {
      Fingerprint one;
      one.Add(static_cast<std::uint64_t>(path.from) | static_cast<std::uint64_t>(path.to) << 16 |
              std::uint64_t{path.sl} << 32);
      sum += one.value();
    }
  }
  print.Add(sum);
  for (const Node& node : snapshot.nodes) {
    if (node.IsSwitch()) print.Add(std::hash<const void*>{}(node.tables.sl_to_vl.table.get()));
  }
  return print.value();
}

std::vector<std::shared_ptr<const void>> TablesOf(const FabricSnapshot& snapshot) {
  std::vector<std::shared_ptr<const void>> tables;
  for (const Node& node : snapshot.nodes) {
    if (!node.IsSwitch()) continue;
    tables.push_back(node.tables.linear.table);
    tables.push_back(node.tables.sl_to_vl.table);
  }
  return tables;
}

std::vector<PortKey> LoopedChannels(const RoutingMap& map, const Credits& credits) {
  std::set<PortKey> keys;
  for (const Knot& knot : credits.knots) {
    for (const Channel& c : knot.channels) keys.insert({map.switches()[c.sw].node->guid, c.port});
  }
  return {keys.begin(), keys.end()};
}

RoutingFacts FactsOf(const RoutingMap& map, const DependencyGraph& graph, const WalkResult& walk,
                     const Credits& credits) {
  RoutingFacts facts;
  facts.complete = walk.unknown == 0 && std::ranges::all_of(map.switches(), [](const RoutingMap::Switch& sw) {
                     return sw.table != nullptr;
                   });
  const bool free = credits.verdict == Credits::Verdict::kFree && facts.complete;
  if (free || credits.verdict == Credits::Verdict::kKnotted) facts.looped = LoopedChannels(map, credits);
  facts.up_down = GoesUpAndDown(map, graph);
  return facts;
}

void Judge(const FabricSnapshot& snapshot, const Settings& settings, RoutingMemory& memory) {
  memory.faults.clear();
  memory.facts = nullptr;
  memory.sl_fingerprint = 0;
  const RoutingMap map(snapshot);
  memory.faults = UnreadTables(map);
  const bool any =
      std::ranges::any_of(map.switches(), [](const RoutingMap::Switch& sw) { return sw.table != nullptr; });
  if (!any) return;
  DependencyGraph graph(map);
  const WalkResult walk = WalkAll(map, graph);
  const SlSources sls{settings.path_sls.get(),
                      static_cast<std::size_t>(settings.Threshold(kCreditLoop, "agreeing_paths"))};
  const Credits credits = JudgeCredits(map, graph, sls);
  if (credits.by_lane || credits.verdict == Credits::Verdict::kBySl)
    memory.sl_fingerprint = ServiceLevelsOf(snapshot, settings);
  std::ranges::move(FaultsOf(map, walk), std::back_inserter(memory.faults));
  std::ranges::move(FaultsOf(map, credits), std::back_inserter(memory.faults));
  memory.facts = std::make_shared<const RoutingFacts>(FactsOf(map, graph, walk, credits));
}

bool SameFault(const RouteFault& a, const RouteFault& b) {
  return a.rule == b.rule && a.subject == b.subject && a.severity == b.severity;
}

}  // namespace

void RememberRouting(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings) {
  RoutingMemory& memory = state.routing;
  const std::uint64_t print = TopologyOf(snapshot);
  auto tables = TablesOf(snapshot);
  const bool same_sls =
      memory.sl_fingerprint == 0 || memory.sl_fingerprint == ServiceLevelsOf(snapshot, settings);
  if (print == memory.fingerprint && tables == memory.tables && same_sls) return;
  const bool first = !memory.judged;
  const std::vector<RouteFault> before = std::move(memory.faults);
  Judge(snapshot, settings, memory);
  memory.fingerprint = print;
  memory.tables = std::move(tables);
  memory.changed_sweep = snapshot.sweep.number;
  memory.judged = memory.judged || memory.facts != nullptr;
  for (RouteFault& fault : memory.faults) {
    const auto known = std::ranges::find_if(before, [&](const RouteFault& f) { return SameFault(f, fault); });
    fault.first_sweep = known == before.end() ? snapshot.sweep.number : known->first_sweep;
    fault.first_seen = known == before.end() ? snapshot.sweep.started_steady : known->first_seen;
    fault.at_once = known == before.end() ? first : known->at_once;
  }
}

}  // namespace aftershock::rules

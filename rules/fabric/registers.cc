// counter-saturated and counter-reset: what the registers themselves can no longer tell.
#include <algorithm>

#include <fmt/format.h>

#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"

namespace aftershock::rules {

std::vector<Finding> FindSaturatedCounters(const View& view) {
  std::vector<Finding> findings;
  for (const Node& node : view.snapshot().nodes) {
    for (const Port& port : node.ports) {
      if (!port.Linked() || Missing(port.counters_answer) || !port.counters.AnySaturated()) continue;
      std::vector<std::string> names;
      std::vector<Evidence> evidence;
      for (const CounterSpec& spec : Counters()) {
        const bool waits =
            spec.id == Counter::kXmitWait;  // ticks of a flow-control clock: full as fast as data
        if (spec.group == CounterGroup::kTraffic || waits || !port.counters.Saturated(spec.id)) continue;
        names.emplace_back(spec.iba_name);
        evidence.push_back(
            {names.back(), static_cast<std::int64_t>(port.counters.Get(spec.id).value_or(0)), "(full)"});
      }
      if (names.empty()) continue;
      findings.push_back(view.Found(
          kCounterSaturated, SubjectOf(node, port),
          fmt::format("{}: {} {} full and no longer {}", NameWithPeer(view, node, port), Listed(names),
                      names.size() == 1 ? "is" : "are", names.size() == 1 ? "counts" : "count"),
          std::move(evidence)));
    }
  }
  return findings;
}

std::vector<Finding> FindClearedCounters(const View& view) {
  std::vector<Finding> findings;
  for (const Node& node : view.snapshot().nodes) {
    std::vector<std::string> ports;
    std::size_t registers = 0;
    for (const Port& port : node.ports) {
      const PortMemory* memory = view.Memory(node, port);
      if (memory == nullptr || memory->cleared.empty()) continue;
      ports.push_back(fmt::format("{}", port.num));
      registers += memory->cleared.size();
    }
    if (ports.empty()) continue;
    findings.push_back(view.Found(kCounterReset, SubjectOf(node),
                                  fmt::format("Somebody cleared counters of {} at {} {}", NameOf(node),
                                              ports.size() == 1 ? "port" : "ports", Listed(ports)),
                                  {{"ports", static_cast<std::int64_t>(ports.size()), "ports"},
                                   {"registers", static_cast<std::int64_t>(registers), "registers"}}));
  }
  return findings;
}

}  // namespace aftershock::rules

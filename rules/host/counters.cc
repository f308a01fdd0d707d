// port-counters: the host's own ports through the fabric's rules, one finding for each port.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"
#include "rules/host/own_ports.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"
#include "rules/view.h"

namespace aftershock::rules {
namespace {

struct CounterRule {
  const RuleSpec* spec;
  std::vector<Finding> (*find)(const View&);
};
constexpr std::array kCounterRules{
    CounterRule{&kLinkFlapping, FindFlappingLinks},   CounterRule{&kLinkErrors, FindLinkErrors},
    CounterRule{&kTransmitDiscards, FindDiscards},    CounterRule{&kCounterSaturated, FindSaturatedCounters},
    CounterRule{&kCounterReset, FindClearedCounters},
};

Subject OurSubject(const HostView& view, const OwnPorts& own, const Subject& subject) {
  const auto hca = own.hcas.find(subject.guid);
  if (hca == own.hcas.end()) return subject;
  if (subject.kind != SubjectKind::kLink) return SubjectOf(view, hca->second);
  return SubjectOf(view, HcaPortName{hca->second, subject.port});
}

// "mlx5_0 port 1: A; B": the name once.
void Append(Finding& all, const Finding& part) {
  const std::size_t colon = part.summary.find(": ");
  const std::string prefix = colon == std::string::npos ? std::string() : part.summary.substr(0, colon + 2);
  const bool same_name = !prefix.empty() && all.summary.starts_with(prefix);
  all.summary += "; " + (same_name ? part.summary.substr(prefix.size()) : part.summary);
  all.evidence.insert(all.evidence.end(), part.evidence.begin(), part.evidence.end());
  if (part.severity > all.severity) all.advice = part.advice;
  all.severity = std::max(all.severity, part.severity);
  if (part.severity > Severity::kNote && all.severity > Severity::kNote) all.recurs.reset();
}

}  // namespace

std::vector<Suspect> FindPortCounters(const HostView& view) {
  if (!view.snapshot().Saw(HostPart::kAdapters)) return {};
  const OwnPorts own = OwnPortsOf(view.snapshot(), view.state());
  const View fabric(own.fabric, view.state().own_ports, view.settings(), view.wall());
  std::map<Subject, Finding> findings;
  for (const CounterRule& rule : kCounterRules) {
    if (!view.Enabled(*rule.spec)) continue;
    for (Finding& part : rule.find(fabric)) {
      part.subject = OurSubject(view, own, part.subject);
      if (part.recurs) {
        for (Occurrence& seen : part.recurs->seen) {
          if (seen.at) seen.at = OurSubject(view, own, *seen.at);
        }
      }
      if (part.severity == Severity::kWarning) part.severity = view.settings().SeverityOf(kPortCounters);
      part.rule = kPortCounters.id;
      const auto [it, first] = findings.try_emplace(part.subject, part);
      if (!first) Append(it->second, part);
    }
  }
  std::vector<Suspect> suspects;
  for (auto& [subject, finding] : findings) suspects.push_back({std::move(finding), view.now()});
  return suspects;
}

}  // namespace aftershock::rules

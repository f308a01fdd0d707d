#include "rules/routing/rules.h"

#include <algorithm>
#include <utility>

#include "rules/routing/table.h"

namespace aftershock::rules {
namespace {

// A fault that still shows so many sweeps later stands, though nobody had a reason to read its tables again.
constexpr std::uint32_t kPatience = 2;
// Nor does one that a subnet manager may still be about to mend: OpenSM has routed around a dead cable of a
// small fabric after 0.25 s, and sweeps may follow one another faster than that.
constexpr Duration kMending = std::chrono::seconds(3);

// Never by a table that was read before the fault was first seen: what made the fault may have changed it.
bool Stands(const Node& node, const RouteFault& fault, std::uint32_t sweep) {
  const std::uint32_t read = node.tables.linear.sweep;
  return node.IsSwitch() &&
         (read > fault.first_sweep || (read == fault.first_sweep && sweep >= fault.first_sweep + kPatience));
}

// Tables are written one after the other, so that what two of them make together may be of no moment: a fault
// that was not there before has to stand when its tables have been read again.
bool Confirmed(const View& view, const RouteFault& fault) {
  if (fault.at_once) return true;
  const FabricSnapshot& snapshot = view.snapshot();
  const std::uint32_t sweep = snapshot.sweep.number;
  if (snapshot.sweep.started_steady - fault.first_seen < kMending) return false;
  if (fault.switches.empty()) {
    const bool rest = sweep > view.state().routing.changed_sweep || sweep >= fault.first_sweep + kPatience;
    return rest &&
           std::ranges::any_of(snapshot.nodes, [&](const Node& n) { return Stands(n, fault, sweep); });
  }
  return std::ranges::any_of(fault.switches, [&](Guid guid) {
    const Node* node = snapshot.FindNode(guid);
    return node != nullptr && Stands(*node, fault, sweep);
  });
}

std::vector<Finding> FindingsOf(const View& view, const RuleSpec& rule) {
  std::vector<Finding> findings;
  for (const RouteFault& fault : view.state().routing.faults) {
    if (fault.rule != rule.id) continue;
    Finding finding = view.Found(rule, fault.subject, fault.summary, fault.evidence);
    finding.unknown = fault.unknown;
    if (fault.severity) finding.severity = std::min(finding.severity, *fault.severity);
    if (!fault.unknown && !Confirmed(view, fault)) finding.severity = Severity::kNote;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

std::vector<Finding> FindUnreadTables(const View& view) {
  return FindingsOf(view, kRoutingUnread);
}
std::vector<Finding> FindMissingRoutes(const View& view) {
  return FindingsOf(view, kRouteMissing);
}
std::vector<Finding> FindDeadEnds(const View& view) {
  return FindingsOf(view, kRouteDeadEnd);
}
std::vector<Finding> FindRouteLoops(const View& view) {
  return FindingsOf(view, kRouteLoop);
}
std::vector<Finding> FindWrongExits(const View& view) {
  return FindingsOf(view, kRouteWrongExit);
}
std::vector<Finding> FindCreditLoops(const View& view) {
  return FindingsOf(view, kCreditLoop);
}

}  // namespace aftershock::rules

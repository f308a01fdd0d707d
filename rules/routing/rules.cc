#include "rules/routing/rules.h"

#include <algorithm>
#include <utility>

#include "rules/routing/table.h"

namespace aftershock::rules {
namespace {

// After so many sweeps a fault of the whole fabric stands, even while something else keeps changing.
constexpr std::uint32_t kPatience = 3;

bool ReadSince(const Node& node, std::uint32_t sweep) {
  return node.IsSwitch() && node.tables.linear.sweep > sweep;
}

// Tables are written one after the other, so that what two of them make together may be of no moment: a fault
// that was not there before has to stand when its tables have been read again.
bool Confirmed(const View& view, const RouteFault& fault) {
  const FabricSnapshot& snapshot = view.snapshot();
  if (fault.at_once) return true;
  if (fault.switches.empty()) {
    const std::uint32_t sweep = snapshot.sweep.number;
    const bool rest = sweep > view.state().routing.changed_sweep || sweep >= fault.first_sweep + kPatience;
    return rest && std::ranges::any_of(snapshot.nodes,
                                       [&](const Node& node) { return ReadSince(node, fault.first_sweep); });
  }
  return std::ranges::any_of(fault.switches, [&](Guid guid) {
    const Node* node = snapshot.FindNode(guid);
    return node != nullptr && ReadSince(*node, fault.first_sweep);
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

#include <fmt/format.h>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

std::vector<std::string> NeighbourNames(const PlaneChange& plane, Guid node) {
  std::vector<std::string> names;
  for (const CableImage& cable : plane.CablesBefore(node)) names.push_back(plane.NameOf(cable.b));
  return names;
}

Change LostNode(const ChangeView& view, const PlaneChange& plane, const NodeImage& node) {
  const bool is_switch = node.type == NodeType::kSwitch;
  const RuleSpec& rule = is_switch ? kSwitchLost : kNodeLost;
  const bool behind = plane.FateOf(node.guid) == Fate::kBehind;
  std::string summary = behind ? fmt::format("{}{} is cut off: all that led to it is gone",
                                             is_switch ? "Switch " : "", node.name)
                               : fmt::format("{}{} is gone: the ports that led to it are down",
                                             is_switch ? "Switch " : "", node.name);
  const auto neighbours = NeighbourNames(plane, node.guid);
  Change change =
      view.Make(rule, NodeSubject(is_switch, node.guid), std::move(summary),
                neighbours.empty() ? "present" : fmt::format("cabled to {}", Listed(neighbours)), "absent");
  change.grave = is_switch;
  if (behind) change.causes.push_back(KeyOf(kSwitchLost, NodeSubject(true, *plane.Behind(node.guid))));
  if (!is_switch) change.warn_after = view.Seconds(kNodeLost, "warn_after_seconds");
  return change;
}

void TellBehind(const PlaneChange& plane, const NodeImage& node, Change& change) {
  std::int64_t behind = 0;
  for (const NodeImage& other : plane.before().nodes) behind += plane.Behind(other.guid) == node.guid ? 1 : 0;
  if (behind != 0) change.finding.evidence.push_back({"cut off with it", behind, "nodes"});
}

// Where the cables of the baseline lead into the dark, it was there all the time.
bool WasUnseen(const PlaneChange& plane, const std::vector<PortKey>& neighbours) {
  for (const PortKey& near : neighbours) {
    if (plane.UnseenBefore(near)) return true;
  }
  return plane.before().duplicates != 0;
}

void FindNewNodes(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  std::unordered_map<Guid, std::vector<PortKey>> neighbours;
  for (const CableImage& cable : plane.now().cables) {
    if (plane.before().FindNode(cable.a.node) == nullptr) neighbours[cable.a.node].push_back(cable.b);
    if (plane.before().FindNode(cable.b.node) == nullptr) neighbours[cable.b.node].push_back(cable.a);
  }
  for (const NodeImage& node : plane.now().nodes) {
    if (plane.before().FindNode(node.guid) != nullptr || view.InBaseline(node.guid)) continue;
    const auto& around = neighbours[node.guid];
    if (WasUnseen(plane, around)) continue;
    const bool is_switch = node.type == NodeType::kSwitch;
    std::vector<std::string> names;
    for (const PortKey& near : around) names.push_back(plane.NameOf(near));
    const std::string where = names.empty() ? std::string() : fmt::format(" at {}", Listed(names));
    Change change =
        view.Make(kNodeNew, NodeSubject(is_switch, node.guid),
                  fmt::format("{}{} is new{}", is_switch ? "Switch " : "", node.name, where), "absent",
                  names.empty() ? "present" : fmt::format("cabled to {}", Listed(names)));
    change.grave = is_switch;
    changes.push_back(std::move(change));
  }
}

}  // namespace

std::vector<Change> FindNodeChanges(const ChangeView& view) {
  std::vector<Change> changes;
  for (const PlaneChange& plane : view.planes()) {
    for (const NodeImage& node : plane.before().nodes) {
      const Fate fate = plane.FateOf(node.guid);
      if (fate != Fate::kLost && fate != Fate::kBehind) continue;
      changes.push_back(LostNode(view, plane, node));
      if (fate == Fate::kLost && node.type == NodeType::kSwitch) TellBehind(plane, node, changes.back());
    }
    FindNewNodes(view, plane, changes);
  }
  return changes;
}

}  // namespace aftershock::rules

#include "rules/pairs/erring.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace aftershock::rules {
namespace {

constexpr std::array<std::string_view, 3> kErrorRules{"link-errors", "transmit-discards", "link-flapping"};

}  // namespace

ErringLinks::ErringLinks(const PlaneFacts& plane) : snapshot_(plane.snapshot) {
  for (const Finding& f : plane.findings) {
    if (f.severity == Severity::kNote || std::ranges::count(kErrorRules, f.rule) == 0) continue;
    const Node* node = snapshot_->FindNode(f.subject.guid);
    const Port* port = node == nullptr ? nullptr : node->FindPort(f.subject.port);
    const Node* far = port == nullptr ? nullptr : snapshot_->PeerNode(*port);
    if (far == nullptr) continue;
    counted_.insert({node->guid, port->num});
    erring_[node->guid].insert({node->guid, port->num});
    erring_[far->guid].insert({far->guid, port->peer->port});
  }
}

std::size_t ErringLinks::CountAt(Guid node) const {
  const auto it = erring_.find(node);
  return it == erring_.end() ? 0 : it->second.size();
}

bool ErringLinks::IsExplainedBy(const Node& far, const Node& member, const std::set<Guid>& group) const {
  if (CountAt(far.guid) <= CountAt(member.guid)) return false;
  return !far.IsSwitch() || std::ranges::any_of(erring_.at(far.guid), [&](const PortKey& key) {
    const Node* other = snapshot_->PeerNode(*far.FindPort(key.port));
    return other != nullptr && !group.contains(other->guid);
  });
}

bool ErringLinks::AreEverywhere(const std::set<Guid>& group) const {
  std::size_t others = 0, counting = 0;
  for (const Node& node : snapshot_->nodes) {
    if (!node.IsSwitch() || group.contains(node.guid)) continue;
    ++others;
    // What only this end counts of a link to the group is the group's matter.
    const bool itself = std::ranges::any_of(node.ports, [&](const Port& port) {
      const Node* far = counted_.contains({node.guid, port.num}) ? snapshot_->PeerNode(port) : nullptr;
      return far != nullptr &&
             (!group.contains(far->guid) || counted_.contains({far->guid, port.peer->port}));
    });
    if (itself) ++counting;
  }
  return counting != 0 && 2 * counting >= others;
}

std::set<Guid> ErringLinks::Among(const std::set<Guid>& group) const {
  std::set<Guid> among;
  if (AreEverywhere(group)) return among;
  for (const Guid guid : group) {
    const Node* member = snapshot_->FindNode(guid);
    if (member == nullptr || !erring_.contains(guid)) continue;
    const auto& ports = erring_.at(guid);
    if (std::ranges::any_of(ports, [&](const PortKey& key) {
          const Node* far = snapshot_->PeerNode(*member->FindPort(key.port));
          return far != nullptr && !group.contains(far->guid) && !IsExplainedBy(*far, *member, group);
        })) {
      among.insert(guid);
    }
  }
  return among;
}

}  // namespace aftershock::rules

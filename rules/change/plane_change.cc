#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "rules/change/change_view.h"

namespace aftershock::rules {

PlaneChange::PlaneChange(std::string name, const FabricImage& before, const FabricImage& now,
                         const std::unordered_set<Guid>& everywhere)
    : name_(std::move(name)),
      before_(before),
      now_(now),
      unseen_before_(before.unseen.begin(), before.unseen.end()),
      unseen_now_(now.unseen.begin(), now.unseen.end()) {
  for (const CableImage& cable : before.cables) {
    far_before_[cable.a] = cable.b;
    far_before_[cable.b] = cable.a;
    cables_[cable.a.node].push_back(cable);
    cables_[cable.b.node].push_back({cable.b, cable.a});
  }
  for (const CableImage& cable : now.cables) {
    far_now_[cable.a] = cable.b;
    far_now_[cable.b] = cable.a;
  }
  for (const NodeImage& node : before.nodes) {
    if (now.FindNode(node.guid) != nullptr) continue;
    fates_[node.guid] = everywhere.contains(node.guid) ? Fate::kElsewhere : AloneFate(node.guid);
  }
  FindWhoIsBehind();
}

std::optional<PortKey> PlaneChange::Far(const Ends& ends, const PortKey& key) {
  const auto it = ends.find(key);
  if (it == ends.end()) return std::nullopt;
  return it->second;
}

std::span<const CableImage> PlaneChange::CablesBefore(Guid node) const {
  const auto it = cables_.find(node);
  if (it == cables_.end()) return {};
  return it->second;
}

// As its neighbours tell it; kUnknown where none of them is there, for the time being.
Fate PlaneChange::AloneFate(Guid node) const {
  const auto cables = CablesBefore(node);
  if (cables.empty()) return now_.duplicates == 0 && !now_.nodes.empty() ? Fate::kLost : Fate::kUnknown;
  bool down = false;
  for (const CableImage& cable : cables) {
    if (now_.FindNode(cable.b.node) == nullptr) continue;
    if (UnseenNow(cable.b)) return Fate::kUnknown;
    down = true;
  }
  return down ? Fate::kLost : Fate::kUnknown;
}

// From the lost switches outwards, over what no node that is there was cabled to.
void PlaneChange::FindWhoIsBehind() {
  std::deque<std::pair<Guid, Guid>> steps;  // at, root
  for (const auto& [guid, fate] : fates_) {
    if (fate == Fate::kLost && IsSwitch(guid)) steps.emplace_back(guid, guid);
  }
  std::sort(steps.begin(), steps.end());
  while (!steps.empty()) {
    const auto [at, root] = steps.front();
    steps.pop_front();
    for (const CableImage& cable : CablesBefore(at)) {
      const Guid next = cable.b.node;
      const auto fate = fates_.find(next);
      if (fate == fates_.end() || fate->second != Fate::kUnknown) continue;
      const auto around = CablesBefore(next);
      if (std::any_of(around.begin(), around.end(),
                      [&](const CableImage& c) { return now_.FindNode(c.b.node) != nullptr; })) {
        continue;
      }
      fate->second = Fate::kBehind;
      behind_[next] = root;
      if (IsSwitch(next)) steps.emplace_back(next, root);
    }
  }
}

Fate PlaneChange::FateOf(Guid node) const {
  const auto it = fates_.find(node);
  return it == fates_.end() ? Fate::kPresent : it->second;
}

std::optional<Guid> PlaneChange::Behind(Guid node) const {
  const auto it = behind_.find(node);
  if (it == behind_.end()) return std::nullopt;
  return it->second;
}

bool PlaneChange::IsSwitch(Guid node) const {
  const NodeImage* image = before_.FindNode(node);
  if (image == nullptr) image = now_.FindNode(node);
  return image != nullptr && image->type == NodeType::kSwitch;
}

std::string PlaneChange::NameOf(Guid node) const {
  const NodeImage* image = now_.FindNode(node);
  if (image == nullptr) image = before_.FindNode(node);
  return image == nullptr ? ToString(node) : image->name;
}

std::string PlaneChange::NameOf(const PortKey& key) const {
  return fmt::format("{} port {}", NameOf(key.node), key.port);
}

}  // namespace aftershock::rules

#include "rules/windows/place.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/whatif/hosts.h"

namespace aftershock::rules {
namespace {

constexpr double kNamed = 1, kTouches = 0.9, kWholeFabric = kInScope, kNextTo = 0.6;
// What is found of the fabric as a whole may be the work of any change.
constexpr double kFabricItself = 0.4;

bool Overlap(const std::set<Guid>& a, const std::set<Guid>& b) {
  return std::ranges::any_of(a, [&](Guid guid) { return b.contains(guid); });
}

std::string Name(const ScopeItem& item) {
  return item.name.empty() ? item.text : item.name;
}

Place Better(Place a, Place b) {
  return b.score > a.score ? std::move(b) : std::move(a);
}

bool SameLink(const Subject& a, const Subject& b, const Surroundings& around) {
  if (a.kind != SubjectKind::kLink || b.kind != SubjectKind::kLink) return false;
  if (a.guid == b.guid && a.port == b.port) return true;
  return around.FarEnd({a.guid, a.port}) == PortKey{b.guid, b.port};
}

Place PlaceIn(const ScopeItem& item, const Subject& subject, const Surroundings& around) {
  if (Means(item, subject, around)) return {kNamed, fmt::format("{} is in scope", Name(item))};
  if (item.subject.kind == SubjectKind::kFabric) return {kWholeFabric, "the whole fabric is in scope"};
  if (subject.kind == SubjectKind::kFabric)
    return {kFabricItself, fmt::format("what is done to {} may change the fabric as a whole", Name(item))};
  const std::set<Guid> scope = around.NodesOf(item);
  const std::set<Guid> nodes = around.NodesOf(subject);
  const bool node_scope = item.subject.kind != SubjectKind::kLink;
  if (Overlap(scope, nodes)) {
    if (node_scope) return {kTouches, fmt::format("it touches {}, which is in scope", Name(item))};
    return {kNextTo, fmt::format("it is at an end of {}, which is in scope", Name(item))};
  }
  if (!node_scope) return {};
  for (const Guid node : scope) {
    if (Overlap(around.Neighbours(node), nodes))
      return {kNextTo, fmt::format("it is one cable away from {}", Name(item))};
  }
  return {};
}

bool HasNode(Guid node, const Image& image) {
  return std::ranges::any_of(image.planes,
                             [&](const auto& plane) { return plane.second.FindNode(node) != nullptr; });
}

std::set<Guid> GoneOf(const Window& window, const Surroundings& around) {
  std::set<Guid> gone;
  for (const Expectation& expectation : window.expect) {
    if (expectation.down.subject.kind == SubjectKind::kLink) continue;
    gone.merge(around.NodesOf(expectation.down));
  }
  return gone;
}

}  // namespace

std::set<Guid> Surroundings::Adapters(const HostImage& host) const {
  std::set<Guid> nodes;
  for (const HcaImage& hca : host.hcas) nodes.insert(hca.node_guid);
  return nodes;
}

std::set<Guid> Surroundings::NodesOf(const ScopeItem& item) const {
  std::set<Guid> nodes = NodesOf(item.subject);
  if (image_ != nullptr && seen_ != nullptr) nodes.merge(StandIns(item, *image_, *seen_));
  if (item.subject.kind != SubjectKind::kHost || image_ == nullptr || item.name.empty()) return nodes;
  for (const auto& [plane, fabric] : image_->planes) {
    for (const NodeImage& node : fabric.nodes) {
      if (node.type != NodeType::kAdapter || node.aggregation) continue;
      if (node.name == item.name || whatif::HostOf(node.name) == item.name) nodes.insert(node.guid);
    }
  }
  for (const auto& [name, host] : image_->hosts) {
    const bool same = name == item.name || std::ranges::any_of(host.hcas, [&](const HcaImage& hca) {
                        return nodes.contains(hca.node_guid);
                      });
    if (same) nodes.merge(Adapters(host));
  }
  return nodes;
}

std::set<Guid> Surroundings::NodesOfMachine(const Subject& subject) const {
  std::set<Guid> nodes;
  if (image_ == nullptr) return nodes;
  for (const auto& [name, host] : image_->hosts) {
    if (name != this_host_ && image_->hosts.contains(this_host_)) continue;
    if (subject.kind == SubjectKind::kThisHost && !subject.name.empty() && subject.name != name) continue;
    nodes.merge(Adapters(host));
  }
  return nodes;
}

std::set<Guid> Surroundings::NodesOf(const Subject& subject) const {
  switch (subject.kind) {
    case SubjectKind::kSwitch:
    case SubjectKind::kHost:
      if (subject.guid == Guid{}) return {};
      return {subject.guid};
    case SubjectKind::kLink: {
      std::set<Guid> nodes{subject.guid};
      if (const auto far = FarEnd({subject.guid, subject.port})) nodes.insert(far->node);
      return nodes;
    }
    case SubjectKind::kPair: {
      std::set<Guid> nodes;
      if (image_ == nullptr || !image_->pairs) return nodes;
      for (const PairImage& pair : *image_->pairs) {
        if (pair.name != subject.name) continue;
        for (const auto& [guid, state] : pair.members) nodes.insert(guid);
      }
      return nodes;
    }
    case SubjectKind::kThisHost:
    case SubjectKind::kHca:
    case SubjectKind::kInterface:
    case SubjectKind::kBond:
      return NodesOfMachine(subject);
    case SubjectKind::kFabric:
      return {};
  }
  return {};
}

std::set<Guid> Surroundings::Neighbours(Guid node) const {
  std::set<Guid> found;
  if (image_ == nullptr) return found;
  for (const auto& [plane, fabric] : image_->planes) {
    for (const CableImage& cable : fabric.cables) {
      if (cable.a.node == node) found.insert(cable.b.node);
      if (cable.b.node == node) found.insert(cable.a.node);
    }
  }
  return found;
}

std::optional<PortKey> Surroundings::FarEnd(const PortKey& port) const {
  if (image_ == nullptr) return std::nullopt;
  for (const auto& [plane, fabric] : image_->planes) {
    if (auto far = fabric.FarEnd(port)) return far;
  }
  return std::nullopt;
}

bool Surroundings::HangsOn(Guid node, const std::set<Guid>& gone) const {
  const std::set<Guid> neighbours = Neighbours(node);
  return !neighbours.empty() &&
         std::ranges::all_of(neighbours, [&](Guid guid) { return gone.contains(guid); });
}

std::string Surroundings::NameOf(Guid node) const {
  if (image_ != nullptr) {
    for (const auto& [plane, fabric] : image_->planes) {
      const NodeImage* found = fabric.FindNode(node);
      if (found != nullptr && !found->name.empty()) return found->name;
    }
  }
  return ToString(node);
}

std::string Surroundings::NameOf(const Subject& subject) const {
  switch (subject.kind) {
    case SubjectKind::kSwitch:
    case SubjectKind::kHost:
      return NameOf(subject.guid);
    case SubjectKind::kLink:
      return fmt::format("{} port {}", NameOf(subject.guid), subject.port);
    case SubjectKind::kFabric:
      return "the fabric";
    case SubjectKind::kThisHost:
      return "this host";
    default:
      return subject.name;
  }
}

bool Means(const ScopeItem& item, const Subject& subject, const Surroundings& around) {
  return item.subject == subject || SameLink(item.subject, subject, around);
}

std::set<Guid> StandIns(const ScopeItem& item, const Image& before, const Image& now) {
  const bool of_switch = item.subject.kind == SubjectKind::kSwitch;
  if (item.name.empty() || (!of_switch && item.subject.kind != SubjectKind::kHost)) return {};
  if (HasNode(item.subject.guid, now)) return {};
  std::set<Guid> nodes;
  for (const auto& [plane, fabric] : now.planes) {
    for (const NodeImage& node : fabric.nodes) {
      const bool fits = of_switch ? node.type == NodeType::kSwitch : node.type == NodeType::kAdapter;
      const bool named = node.name == item.name || (!of_switch && whatif::HostOf(node.name) == item.name);
      if (fits && named && !HasNode(node.guid, before)) nodes.insert(node.guid);
    }
  }
  return nodes;
}

bool ShowsInImage(const Subject& subject) {
  return subject.kind == SubjectKind::kSwitch || subject.kind == SubjectKind::kHost ||
         subject.kind == SubjectKind::kLink;
}

bool IsThere(const Subject& subject, const Image& image) {
  if (!ShowsInImage(subject)) return true;
  if (subject.kind != SubjectKind::kLink) return HasNode(subject.guid, image);
  return Surroundings(&image).FarEnd({subject.guid, subject.port}).has_value();
}

bool StandsNow(const ScopeItem& item, const Image* before, const Image& now) {
  return IsThere(item.subject, now) || (before != nullptr && !StandIns(item, *before, now).empty());
}

Place PlaceOf(const Subject& subject, const Window& window, const Surroundings& around) {
  Place best;
  for (const ScopeItem& item : window.scope) best = Better(std::move(best), PlaceIn(item, subject, around));
  if (best.score >= kTouches) return best;
  if (auto pulled = ExpectedGone(subject, window, around)) return {kTouches, std::move(*pulled)};
  return best;
}

std::optional<std::string> ExpectedGone(const Subject& subject, const Window& window,
                                        const Surroundings& around) {
  for (const Expectation& expectation : window.expect) {
    const ScopeItem& down = expectation.down;
    if (Means(down, subject, around)) return fmt::format("{} is expected to go down", Name(down));
    const std::set<Guid> nodes = around.NodesOf(down);
    if (down.subject.kind == SubjectKind::kLink) continue;
    if (subject.kind != SubjectKind::kFabric && Overlap(nodes, around.NodesOf(subject)))
      return fmt::format("{} is expected to go down, and this hangs on it", Name(down));
  }
  const std::set<Guid> gone = GoneOf(window, around);
  const std::set<Guid> nodes = around.NodesOf(subject);
  if (gone.empty() || nodes.empty()) return std::nullopt;
  const bool machine = subject.kind == SubjectKind::kInterface || subject.kind == SubjectKind::kBond ||
                       subject.kind == SubjectKind::kHca || subject.kind == SubjectKind::kThisHost;
  const auto leads = [&](Guid node) { return machine && Overlap(around.Neighbours(node), gone); };
  if (std::ranges::any_of(nodes, [&](Guid node) { return around.HangsOn(node, gone) || leads(node); }))
    return "it hangs on what is expected to go down";
  return std::nullopt;
}

}  // namespace aftershock::rules

#include "rules/change/change_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/fabric/table.h"

namespace aftershock::rules {

ChangeView::ChangeView(const ChangeFacts& facts, const Context& context)
    : facts_(facts), settings_(*context.settings) {
  for (const auto& [name, plane] : now().planes) {
    for (const NodeImage& node : plane.nodes) now_nodes_.insert(node.guid);
  }
  for (const auto& [name, plane] : before().planes) {
    for (const NodeImage& node : plane.nodes) baseline_nodes_.insert(node.guid);
  }
  for (const auto& [name, plane] : before().planes) {
    const auto it = now().planes.find(name);
    if (it == now().planes.end() || it->second.nodes.empty()) continue;
    planes_.emplace_back(name, plane, it->second, now_nodes_);
  }
}

Duration ChangeView::Seconds(const RuleSpec& rule, std::string_view key) const {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(settings_.Threshold(rule, key)));
}

Change ChangeView::Make(const RuleSpec& rule, Subject subject, std::string summary, std::string before,
                        std::string now) const {
  Change change;
  if (subject.guid != Guid{}) change.touches.push_back(subject.guid);
  change.finding = Found(settings_, rule, std::move(subject), std::move(summary), {});
  change.before = std::move(before);
  change.now = std::move(now);
  return change;
}

std::string ChangeView::LostNeighbour(Guid node) const {
  for (const PlaneChange& plane : planes_) {
    for (const CableImage& cable : plane.CablesBefore(node)) {
      const Fate fate = plane.FateOf(cable.b.node);
      if (!plane.IsSwitch(cable.b.node) || (fate != Fate::kLost && fate != Fate::kBehind)) continue;
      return KeyOf(kSwitchLost, NodeSubject(true, cable.b.node));
    }
  }
  return {};
}

Subject ChangeView::HostSubject(const HostImage& host, const std::optional<HcaPortName>& port) const {
  const auto at = std::ranges::find(host.hcas, port ? port->device : std::string(), &HcaImage::name);
  if (at != host.hcas.end()) return Subject::Host(at->node_guid);
  return host.hcas.empty() ? Subject::ThisHost() : Subject::Host(host.hcas.front().node_guid);
}

std::string ChangeView::PortOwner(Guid port_guid) const {
  for (const Image* image : {&now(), &before()}) {
    for (const auto& [name, plane] : image->planes) {
      if (const NodeImage* node = plane.FindNode(port_guid)) return node->name;
    }
    for (const auto& [name, host] : image->hosts) {
      for (const HcaImage& hca : host.hcas) {
        if (std::ranges::find(hca.port_guids, port_guid) != hca.port_guids.end()) return name;
      }
    }
  }
  return ToString(port_guid);
}

std::vector<std::string> NamesIn(const ChangeFacts& facts, const Finding& finding) {
  const Subject& subject = finding.subject;
  std::vector<std::string> names{ToString(subject)};
  if (!subject.name.empty()) names.push_back(subject.name);
  if (subject.guid == Guid{}) return names;
  for (const Image* image : {facts.now, facts.baseline}) {
    if (image == nullptr) continue;
    for (const auto& [name, plane] : image->planes) {
      if (const NodeImage* node = plane.FindNode(subject.guid)) names.push_back(node->name);
      if (subject.kind != SubjectKind::kLink) continue;
      const auto far = plane.FarEnd({subject.guid, subject.port});
      const NodeImage* node = far ? plane.FindNode(far->node) : nullptr;
      if (node != nullptr) names.push_back(node->name);
    }
    for (const auto& [name, host] : image->hosts) {
      if (std::ranges::find(host.hcas, subject.guid, &HcaImage::node_guid) != host.hcas.end()) {
        names.push_back(name);
      }
    }
  }
  return names;
}

Verdict Weight(const Finding& finding) {
  if (finding.severity == Severity::kCritical) return Verdict::kCritical;
  if (finding.unknown) return Verdict::kUnknown;
  return finding.severity == Severity::kWarning ? Verdict::kWarning : Verdict::kOk;
}

std::string KeyOf(const RuleSpec& rule, const Subject& subject) {
  Finding finding;
  finding.rule = rule.id;
  finding.subject = subject;
  return Key(finding);
}

Subject NodeSubject(bool is_switch, Guid guid) {
  return {is_switch ? SubjectKind::kSwitch : SubjectKind::kHost, guid, 0, {}, {}};
}

std::string PKeyText(const std::vector<std::uint16_t>& keys) {
  return keys.empty() ? "none" : fmt::format("0x{:04x}", fmt::join(keys, ", 0x"));
}

}  // namespace aftershock::rules

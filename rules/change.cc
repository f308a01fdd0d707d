#include "rules/change.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

std::vector<std::pair<Guid, const NodeMemory*>> LostNodes(const View& view) {
  std::vector<std::pair<Guid, const NodeMemory*>> lost;
  for (const auto& [guid, memory] : view.state().nodes) {
    if (memory.standing == Standing::kLost) lost.emplace_back(guid, &memory);
  }
  return lost;
}

double SecondsSince(const View& view, const std::optional<SteadyTime>& time) {
  return time ? std::max(0.0, ToSeconds(view.snapshot().sweep.started_steady - *time)) : 0;
}

// "spine02 port 3", from what is remembered.
std::string RememberedName(const View& view, const PortKey& key) {
  const NodeMemory* node = view.Memory(key.node);
  return fmt::format("{} port {}", node != nullptr ? node->name : ToString(key.node), key.port);
}

// A port that is down now, seen by a node that answers.
bool DownNow(const View& view, const PortKey& key, const PortMemory& memory) {
  if (!memory.down_since) return false;
  const Node* node = view.snapshot().FindNode(key.node);
  if (node == nullptr || Missing(node->answer)) return false;
  const Port* port = node->FindPort(key.port);
  return port != nullptr && !Missing(port->info_answer) && port->info && !port->Linked();
}

bool Answers(const View& view, Guid guid) {
  const Node* node = view.snapshot().FindNode(guid);
  return node != nullptr && !Missing(node->answer);
}

// The cable is still plugged as it was, as far as the far end knows.
bool FarEndAgrees(const View& view, const PortKey& key, const PortMemory& memory) {
  const auto far = view.state().ports.find(memory.peer);
  return far == view.state().ports.end() || far->second.peer.node == Guid{} || far->second.peer == key;
}

Finding LostLink(const View& view, const PortKey& key, const PortMemory& memory) {
  const double seconds = SecondsSince(view, memory.down_since);
  const Port* port = view.snapshot().FindNode(key.node)->FindPort(key.port);
  std::string summary = fmt::format("{} to {} carried a link and is down", RememberedName(view, key),
                                    RememberedName(view, memory.peer));
  std::vector<Evidence> evidence{{"down for", seconds, "s"},
                                 {"physical state", ToString(port->info->phys_state), ""}};
  return view.Found(kLinkLost, Subject::Link(std::min(key, memory.peer)), std::move(summary),
                    std::move(evidence));
}

}  // namespace

std::vector<Finding> FindLostSwitches(const View& view) {
  std::vector<Finding> findings;
  for (const auto& [guid, memory] : LostNodes(view)) {
    if (memory->type != NodeType::kSwitch) continue;
    findings.push_back(
        view.Found(kSwitchLost, {SubjectKind::kSwitch, guid, 0, {}},
                   fmt::format("Switch {} is gone: the ports that led to it are down", memory->name),
                   {{"gone for", SecondsSince(view, memory->lost_at), "s"}}));
  }
  return findings;
}

std::vector<Finding> FindLostNodes(const View& view) {
  std::vector<Finding> findings;
  for (const auto& [guid, memory] : LostNodes(view)) {
    if (memory->type == NodeType::kSwitch) continue;
    const double seconds = SecondsSince(view, memory->lost_at);
    Finding finding = view.Found(kNodeLost, {SubjectKind::kHost, guid, 0, {}},
                                 fmt::format("{} is gone: the ports that led to it are down", memory->name),
                                 {{"gone for", seconds, "s"}});
    if (seconds >= view.Threshold(kNodeLost, "warn_after_seconds")) {
      finding.severity = std::max(finding.severity, Severity::kWarning);
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> FindLostLinks(const View& view) {
  std::vector<Finding> findings;
  for (const auto& [key, memory] : view.state().ports) {
    if (!memory.down_since || memory.peer.node == Guid{} || !DownNow(view, key, memory)) continue;
    if (!Answers(view, memory.peer.node) || !FarEndAgrees(view, key, memory)) continue;
    const auto far = view.state().ports.find(memory.peer);
    const bool both_down = far != view.state().ports.end() && DownNow(view, memory.peer, far->second);
    if (both_down && memory.peer < key) continue;  // told at the other end
    if (SecondsSince(view, memory.down_since) < view.Threshold(kLinkLost, "down_seconds")) continue;
    findings.push_back(LostLink(view, key, memory));
  }
  return findings;
}

std::string DeathKey(const FabricState& state, Guid guid) {
  const auto it = state.nodes.find(guid);
  if (it == state.nodes.end() || it->second.standing == Standing::kPresent) return {};
  const bool is_switch = it->second.type == NodeType::kSwitch;
  Finding finding;
  finding.subject = {is_switch ? SubjectKind::kSwitch : SubjectKind::kHost, guid, 0, {}};
  finding.rule = it->second.standing != Standing::kLost ? kNodeUnresponsive.id
                 : is_switch                            ? kSwitchLost.id
                                                        : kNodeLost.id;
  return Key(finding);
}

}  // namespace aftershock::rules

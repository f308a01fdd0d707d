// port-not-active and link-flapping: a link that does not stay, or does not become, what it should be.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "rules/fabric/confirmed.h"
#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

std::uint64_t Downs(const PortMemory& memory) {
  return std::accumulate(memory.downs.begin(), memory.downs.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const LinkEvent& event) { return sum + event.downs; });
}

// By the port that counted: where its cable leads may be another place by now.
Recurrence RecurrenceOf(const PortKey& port, const PortMemory& memory, const SweepReport& sweep,
                        double limit) {
  const auto wall = [&](SteadyTime at) {
    return sweep.started - std::chrono::duration_cast<std::chrono::milliseconds>(sweep.started_steady - at);
  };
  Recurrence recurs;
  recurs.limit = static_cast<std::uint32_t>(std::ceil(limit));
  for (const LinkEvent& event : memory.downs)
    recurs.seen.push_back({wall(event.after), wall(event.at), event.downs, Subject::Link(port)});
  return recurs;
}

// Since when the port has waited, as far as it says so now; nullptr: it does not wait.
const Spell* Waits(const View& view, const Node& node, const Port* port) {
  if (port == nullptr || !port->info || Missing(node.answer) || Missing(port->info_answer)) return nullptr;
  return FindSpell(view.state().not_active, node, *port);
}

}  // namespace

std::vector<Finding> FindInactivePorts(const View& view) {
  std::vector<Finding> findings;
  for (const Node& node : view.snapshot().nodes) {
    if (Missing(node.answer)) continue;
    for (const Port& port : node.ports) {
      const Spell* spell = Waits(view, node, &port);
      if (spell == nullptr) continue;
      // A link whose ports wait at both ends is told once, and by one name whichever of them waits.
      const Node* far_node = view.snapshot().PeerNode(port);
      Subject subject = SubjectOf(node, port);
      if (far_node != nullptr && !far_node->duplicate) {
        const PortKey near{node.guid, port.num}, there{far_node->guid, port.peer->port};
        const Spell* far = Waits(view, *far_node, far_node->FindPort(there.port));
        if (far != nullptr && there < near) continue;
        if (far != nullptr && far->first < spell->first) spell = far;
        subject = Subject::Link(std::min(near, there));
      }
      const std::string state = ToString(port.info->state);
      Finding finding =
          view.Found(kPortNotActive, subject,
                     fmt::format("{} has a signal and is in state {}", NameWithPeer(view, node, port), state),
                     {{"state", state, ""}, {"seen for", ToSeconds(spell->last - spell->first), "s"}});
      LowerUnlessConfirmed(view, kPortNotActive, *spell, finding);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

std::vector<Finding> FindFlappingLinks(const View& view) {
  std::vector<Finding> findings;
  const double limit = view.Threshold(kLinkFlapping, "downs");
  const double window = view.Threshold(kLinkFlapping, "window_seconds");
  for (const auto& [key, memory] : view.state().ports) {
    const auto far = view.state().ports.find(memory.peer);
    const bool mutual = far != view.state().ports.end() && far->second.peer == key;
    if (memory.downs.empty() || (mutual && !far->second.downs.empty() && memory.peer < key)) continue;
    const bool far_knows_more = mutual && Downs(far->second) > Downs(memory);
    const PortMemory& more = far_knows_more ? far->second : memory;
    const std::uint64_t downs = Downs(more);
    if (static_cast<double>(downs) < limit) continue;
    const PortKey lower = mutual ? std::min(key, memory.peer) : key;
    const Node* node = view.snapshot().FindNode(lower.node);
    const Port* port = node != nullptr ? node->FindPort(lower.port) : nullptr;
    if (port == nullptr) continue;
    findings.push_back(
        view.Found(kLinkFlapping, Subject::Link(lower),
                   fmt::format("{} went down {} times in the last {}", NameWithPeer(view, *node, *port),
                               downs, DurationText(window)),
                   {{"downs", static_cast<std::int64_t>(downs), "in " + DurationText(window)}}));
    findings.back().recurs =
        RecurrenceOf(far_knows_more ? memory.peer : key, more, view.snapshot().sweep, limit);
  }
  return findings;
}

}  // namespace aftershock::rules

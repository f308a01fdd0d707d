#include "rules/view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace aftershock::rules {
namespace {

std::string NameAndPort(const std::string& name, std::uint8_t port) {
  return fmt::format("{} port {}", name, port);
}

bool PointsBack(const FabricSnapshot& snapshot, const Port& far, const Node& node, const Port& port) {
  const Node* back = snapshot.PeerNode(far);
  return back == &node && far.peer->port == port.num;
}

std::vector<Link> LinksOf(const FabricSnapshot& snapshot) {
  std::vector<Link> links;
  for (const Node& node : snapshot.nodes) {
    for (const Port& port : node.ports) {
      const Node* far_node = snapshot.PeerNode(port);
      const Port* far = snapshot.PeerPort(port);
      if (far == nullptr) continue;
      if (PointsBack(snapshot, *far, node, port) && !IsFirstEnd(snapshot, node, port)) continue;
      const bool far_first = far_node->IsSwitch() && !node.IsSwitch();
      links.push_back(far_first ? Link{far_node, far, &node, &port} : Link{&node, &port, far_node, far});
    }
  }
  return links;
}

}  // namespace

bool Link::Readable() const {
  const auto readable = [](const Node& node, const Port& port) {
    return port.Linked() && !Missing(node.answer) && !Missing(port.info_answer);
  };
  return readable(*a_node, *a) && readable(*b_node, *b);
}

double Link::DataRate() const {
  return DataBitsPerSecond(a->info->width_active, a->info->speed_active);
}

View::View(const FabricSnapshot& snapshot, const FabricState& state, const Settings& settings, WallTime now)
    : snapshot_(snapshot), state_(state), settings_(settings), now_(now), links_(LinksOf(snapshot)) {}

bool View::OwnPortUnusable() const {
  if (snapshot_.sweep.complete) return false;
  const auto own = std::ranges::find_if(snapshot_.nodes, [](const Node& n) { return n.route.empty(); });
  if (own == snapshot_.nodes.end() || Missing(own->answer)) return true;
  const Port* port = own->FindPort(snapshot_.local.port);
  return port != nullptr && (Missing(port->info_answer) || (port->info && !port->Linked() && port->num != 0));
}

bool View::GmpsSilent() const {
  int silent = 0;
  for (const Node& node : snapshot_.nodes) {
    if (Missing(node.answer) || node.route.empty()) continue;
    if (node.pma_answer == Answer::kAnswered) return false;
    for (const Port& port : node.ports) {
      if (port.counters_answer == Answer::kAnswered) return false;
    }
    const bool asked =
        node.pma_answer == Answer::kTimeout ||
        std::ranges::any_of(node.ports, [](const Port& p) { return p.counters_answer == Answer::kTimeout; });
    if (asked) ++silent;
  }
  return silent >= 2;
}

const PortMemory* View::Memory(const Node& node, const Port& port) const {
  if (node.duplicate) return nullptr;
  const auto it = state_.ports.find(KeyOf(node, port));
  return it == state_.ports.end() ? nullptr : &it->second;
}

const NodeMemory* View::Memory(Guid guid) const {
  const auto it = state_.nodes.find(guid);
  return it == state_.nodes.end() ? nullptr : &it->second;
}

Finding View::Found(const RuleSpec& rule, Subject subject, std::string summary,
                    std::vector<Evidence> evidence) const {
  return rules::Found(settings_, rule, std::move(subject), std::move(summary), std::move(evidence));
}

PortKey KeyOf(const Node& node, const Port& port) {
  return {node.guid, port.num};
}

Subject SubjectOf(const Node& node) {
  return {node.IsSwitch() ? SubjectKind::kSwitch : SubjectKind::kHost, node.guid, 0,
          node.duplicate ? RouteText(node) : std::string()};
}

Subject SubjectOf(const Node& node, const Port& port) {
  Subject subject = Subject::Link(KeyOf(node, port));
  if (node.duplicate) subject.route = RouteText(node);
  return subject;
}

Subject SubjectOf(const Link& link) {
  const bool a_first = KeyOf(*link.a_node, *link.a) <= KeyOf(*link.b_node, *link.b);
  return a_first ? SubjectOf(*link.a_node, *link.a) : SubjectOf(*link.b_node, *link.b);
}

std::string NameOf(const Node& node) {
  return node.name.empty() ? ToString(node.guid) : node.name;
}

std::string NameOf(const Node& node, const Port& port) {
  return NameAndPort(NameOf(node), port.num);
}

std::string NameOf(const Link& link) {
  return fmt::format("{} to {}", NameOf(*link.a_node, *link.a), NameOf(*link.b_node, *link.b));
}

std::string NameWithPeer(const View& view, const Node& node, const Port& port) {
  std::string name = NameOf(node, port);
  if (const Node* far = view.snapshot().PeerNode(port)) {
    return fmt::format("{} to {}", name, NameAndPort(NameOf(*far), port.peer->port));
  }
  const PortMemory* memory = view.Memory(node, port);
  const NodeMemory* far = memory != nullptr ? view.Memory(memory->peer.node) : nullptr;
  if (far == nullptr) return name;
  return fmt::format("{} to {}", name, NameAndPort(far->name, memory->peer.port));
}

std::string RouteText(const Node& node) {
  return fmt::format("0{}{}", node.route.empty() ? "" : ",", fmt::join(node.route, ","));
}

}  // namespace aftershock::rules

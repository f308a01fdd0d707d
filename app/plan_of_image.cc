#include "app/plan_of_image.h"

#include <algorithm>
#include <map>
#include <vector>

#include "model/fabric.h"
#include "rules/whatif/plan.h"

namespace aftershock::app {
namespace {

Port* PortOf(FabricSnapshot& snapshot, const std::map<Guid, std::uint32_t>& index, const PortKey& key) {
  const auto at = index.find(key.node);
  return at == index.end() ? nullptr : snapshot.nodes[at->second].FindPort(key.port);
}

void Plug(FabricSnapshot& snapshot, const std::map<Guid, std::uint32_t>& index, const PortKey& at,
          const PortKey& to, const SpeedImage* speed) {
  Port* port = PortOf(snapshot, index, at);
  if (port == nullptr || !index.contains(to.node)) return;
  PortInfo info;
  info.phys_state = PhysState::kLinkUp;
  info.state = PortState::kActive;
  if (speed != nullptr) {
    info.width_active = speed->width;
    info.speed_active = speed->speed;
  }
  port->info = info;
  port->info_answer = port->peer_answer = Answer::kAnswered;
  port->peer = Peer{index.at(to.node), to.port};
}

// As a sweep that saw what the image tells.
FabricSnapshot SnapshotOf(const FabricImage& image, WallTime taken) {
  FabricSnapshot snapshot;
  snapshot.sweep.started = taken;
  snapshot.sweep.complete = true;
  std::map<Guid, std::uint32_t> index;
  for (const NodeImage& seen : image.nodes) {
    Node node;
    node.guid = seen.guid;
    node.type = seen.type;
    node.num_ports = seen.num_ports;
    node.name = node.description = seen.name;
    node.answer = Answer::kAnswered;
    const std::uint8_t first = node.IsSwitch() ? 0 : 1;
    for (int num = first; num <= seen.num_ports; ++num) {
      Port port;
      port.num = static_cast<std::uint8_t>(num);
      node.ports.push_back(std::move(port));
    }
    index.emplace(seen.guid, static_cast<std::uint32_t>(snapshot.nodes.size()));
    snapshot.nodes.push_back(std::move(node));
  }
  for (const CableImage& cable : image.cables) {
    const auto speed = image.speeds.find(cable.a);
    const SpeedImage* known = speed == image.speeds.end() ? nullptr : &speed->second;
    Plug(snapshot, index, cable.a, cable.b, known);
    Plug(snapshot, index, cable.b, cable.a, known);
  }
  return snapshot;
}

void AddSubjects(const ScopeItem& down, const Image& image, std::vector<std::string>& subjects) {
  const auto sw = [](Guid guid) { return "switch:" + ToString(guid); };
  switch (down.subject.kind) {
    case SubjectKind::kSwitch:
      subjects.push_back(sw(down.subject.guid));
      return;
    case SubjectKind::kLink:
      subjects.push_back(ToString(down.subject));
      return;
    case SubjectKind::kPair:
      if (!image.pairs) return;
      for (const PairImage& pair : *image.pairs) {
        if (pair.name != down.subject.name) continue;
        for (const auto& [guid, state] : pair.members) subjects.push_back(sw(guid));
      }
      return;
    default:
      return;
  }
}

}  // namespace

bool NeedsPlan(std::span<const Expectation> expect) {
  return std::ranges::any_of(expect, [](const Expectation& expectation) {
    const SubjectKind kind = expectation.down.subject.kind;
    return kind == SubjectKind::kSwitch || kind == SubjectKind::kLink || kind == SubjectKind::kPair;
  });
}

Result<Plan> PlanOf(const Image& image, std::span<const Expectation> expect) {
  std::vector<FabricSnapshot> snapshots;
  snapshots.reserve(image.planes.size());
  std::vector<whatif::PlaneView> views;
  for (const auto& [name, plane] : image.planes) {
    snapshots.push_back(SnapshotOf(plane, image.taken));
    views.push_back({name, &snapshots.back()});
  }
  const whatif::Network network = whatif::MakeNetwork(views);
  whatif::Question question{.gone = whatif::Exclusion(network), .towards = {}, .risks = {}, .gaps = {}};
  std::vector<std::string> subjects, taken;
  for (const Expectation& expectation : expect) AddSubjects(expectation.down, image, subjects);
  for (const std::string& subject : subjects) {
    auto gone = whatif::TakeAway(network, subject, question.gone);
    if (!gone) return tl::unexpected(gone.error());
    taken.push_back(std::move(*gone));
  }
  Plan plan = whatif::Answer(network, question);
  plan.taken = std::move(taken);
  return plan;
}

}  // namespace aftershock::app

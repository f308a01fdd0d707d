#include "probes/fabric/reread.h"

#include <algorithm>

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

constexpr std::uint32_t kMaxSilenceShift = 6;

bool IsSilent(const Node& node) {
  return Missing(node.answer);
}

// A node that stays silent is asked less and less often: behind a wrong M_Key every question counts as a
// violation.
bool AskSilentNow(const WorkNode& work, std::uint32_t sweep) {
  const std::uint32_t shift = std::min<std::uint32_t>(work.silent_sweeps / 8u, kMaxSilenceShift);
  return sweep % (1u << shift) == 0;
}

bool SayDifferent(const Port& a, const Port& b) {
  if (!a.info || !b.info) return false;
  return a.info->state != b.info->state || a.info->width_active != b.info->width_active ||
         !(a.info->speed_active == b.info->speed_active) || a.info->mtu_active != b.info->mtu_active;
}

}  // namespace

void ReRead::Start() {
  for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_[i].node;
    if (IsSilent(node)) {
      ProbeSilent(i);
    } else if (!AskMute(i)) {
      node.IsSwitch() ? AskPort({i, 0}) : AskAdapter(i);
      if (InRotation({i, 0}, ask_.sweep(), kRotation) || Missing(node.description_answer)) AskDescription(i);
    }
  }
}

void ReRead::AskAdapter(std::uint32_t node) {
  for (const Port& port : graph_[node].node.ports) {
    if (port.info || port.peer) AskPort({node, port.num});
  }
}

// A node that tells who it is and nothing about its ports: behind a wrong M_Key, most likely.
bool ReRead::AskMute(std::uint32_t node) {
  WorkNode& work = graph_[node];
  const auto mute = std::ranges::find_if(work.node.ports, [&](const Port& port) {
    return Missing(port.info_answer) && (port.num == 0 || !work.node.IsSwitch());
  });
  if (mute == work.node.ports.end()) {
    work.silent_sweeps = 0;
    return false;
  }
  if (work.silent_sweeps < 0xff) ++work.silent_sweeps;
  if (AskSilentNow(work, ask_.sweep())) AskPort({node, mute->num}, 1);
  return true;
}

void ReRead::OnPort(End end, const Before& before) {
  const Port& port = *graph_.At(end);
  if (Missing(port.info_answer)) return OnMissing(end);
  // A link that retrained is judged by both of its ends.
  if (before.known && port.peer && port.Linked() && !before.SameRate(*port.info)) {
    AskPort({port.peer->node, port.peer->port});
  }
  const bool manages = end.port == 0 || !graph_[end.node].node.IsSwitch();
  if (!before.known || graph_[end.node].silent_sweeps > 0 ||
      (end.port != 0 && port.Linked() != before.linked)) {
    Move();
  } else if (manages && port.info->lid != before.lid) {
    ConfirmIdentity(end);
  } else {
    Continue(end);
  }
}

void ReRead::OnMissing(End end) {
  const WorkNode& work = graph_[end.node];
  const bool silent = graph_.At(end)->info_answer == Answer::kTimeout;
  if (moved_ || !silent || work.silent_sweeps > 0) return;
  if (work.given_up) {
    Move();
  } else if (end.port == 0 || !work.node.IsSwitch()) {
    AskPort(end);  // one lost request is no proof; a second one in a row is
  }
}

void ReRead::Move() {
  if (moved_) return;
  moved_ = true;
  ask_.Abandon();
}

void ReRead::Continue(End end) {
  const WorkNode& work = graph_[end.node];
  if (end.port == 0) {
    ReadSwitch(end.node);
  } else if (!work.node.IsSwitch() && graph_.At(end)->Linked()) {
    counters_.Read(end);
    if (!graph_.At(end)->peer && work.route.hops == 0) ProbeStub(end);
  }
}

void ReRead::ConfirmIdentity(End end) {
  ask_.Smp(end.node, mad::Attribute::kNodeInfo, 0, [this, end](const mad::Outcome& outcome) {
    ask_.Account(end.node, outcome);
    const bool same =
        outcome.ok() && mad::DecodeNodeInfo(outcome.data).node_guid == graph_[end.node].node.guid;
    if (!same) return Move();
    Continue(end);
  });
}

bool ReRead::ShouldAsk(End end, const Port& port) const {
  if (!port.peer || !port.Linked() || Missing(port.info_answer)) return true;
  const Node& peer = graph_.nodes[port.peer->node].node;
  if (IsSilent(peer)) return true;
  const Port* far = peer.FindPort(port.peer->port);
  if (far != nullptr && SayDifferent(port, *far)) return true;  // until they agree
  if (!peer.IsSwitch()) return InRotation(end, ask_.sweep(), kRotation);
  const bool first = std::pair(end.node, end.port) <= std::pair(port.peer->node, port.peer->port);
  return first == ((ask_.sweep() & 1) == 1);
}

void ReRead::ReadSwitch(std::uint32_t node) {
  AskSwitchInfo(node);
  for (const Port& port : graph_[node].node.ports) {
    if (port.num == 0) continue;
    const End end{node, port.num};
    if (ShouldAsk(end, port)) AskPort(end);
    if (!port.Linked()) continue;
    counters_.Read(end);
    if (!port.peer) {
      ProbeStub(end);
    } else if (InRotation(end, ask_.sweep(), kRotation, kRotation / 2)) {
      ConfirmCable(end);
    }
  }
}

void ReRead::OnSwitchInfo(std::uint32_t node, bool had_changed) {
  // A bit that just appeared is worth a look; a clear one proves nothing, and one that stays set has been
  // looked at.
  if (graph_[node].node.switch_info->state_change && !had_changed) Move();
}

void ReRead::ConfirmCables(const std::vector<End>& ends) {
  for (const End end : ends) {
    const Port& port = *graph_.At(end);
    if (graph_[end.node].node.IsSwitch() && port.Linked() && port.peer) ConfirmCable(end);
  }
}

void ReRead::ConfirmCable(End end) {
  ask_.SmpThrough(end, mad::Attribute::kNodeInfo, [this, end](const mad::Outcome& outcome) {
    const Port& port = *graph_.At(end);
    if (!outcome.ok() || !port.peer) return;
    const NodeInfo info = mad::DecodeNodeInfo(outcome.data);
    if (info.node_guid != graph_[port.peer->node].node.guid || info.local_port != port.peer->port) Move();
  });
}

void ReRead::ProbeSilent(std::uint32_t node) {
  WorkNode& work = graph_[node];
  if (work.silent_sweeps < 0xff) ++work.silent_sweeps;
  if (!AskSilentNow(work, ask_.sweep())) return;
  for (const Port& port : work.node.ports) {
    if (!port.peer || IsSilent(graph_[port.peer->node].node)) continue;
    ProbeStub({port.peer->node, port.peer->port});
    return;  // one road is enough: it is the node that is silent
  }
}

void ReRead::ProbeStub(End end) {
  ask_.SmpThrough(
      end, mad::Attribute::kNodeInfo,
      [this, end](const mad::Outcome& outcome) {
        graph_.At(end)->peer_answer = outcome.answer;
        if (outcome.ok()) Move();
      },
      1);
}

}  // namespace aftershock::fabric

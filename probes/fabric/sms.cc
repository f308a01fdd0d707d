#include "probes/fabric/sms.h"

#include <algorithm>

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

// An external port of a switch leaves its capabilities undefined.
bool RunsSm(const Node& node, const Port& port) {
  if (!port.info || (port.info->capability_mask & kCapIsSm) == 0) return false;
  return node.IsSwitch() ? port.num == 0 : port.Linked();
}

}  // namespace

void SmReader::Forget() {
  master_ = {};
  seen_.clear();
  pulse_.reset();
}

void SmReader::Ask(const Graph& graph, Lid master) {
  seen_.clear();  // a sweep that discovers anew asks a second time
  master_ = {.lid = master, .answer = Answer::kUnreachable, .info = {}, .last_activity = {}};
  if (IsUnicast(master)) {
    ask_.SmpToLid(master, mad::Attribute::kSmInfo, [this](const mad::Outcome& outcome) {
      master_.answer = outcome.answer;
      if (outcome.ok()) master_.info = mad::DecodeSmInfo(outcome.data);
      TakePulse(outcome);
    });
  }
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    for (const Port& port : graph.nodes[i].node.ports) {
      if (RunsSm(graph.nodes[i].node, port)) AskSeen(graph, i, port);
    }
  }
}

void SmReader::AskSeen(const Graph& graph, std::uint32_t node, const Port& port) {
  const WorkNode& work = graph.nodes[node];
  const std::size_t index = seen_.size();
  seen_.push_back({.port = {work.node.guid, port.num},
                   .port_guid = port.guid,
                   .lid = port.info->lid,
                   .answer = Answer::kUnreachable,
                   .info = {}});
  if (Missing(work.node.answer)) {
    seen_[index].answer = work.node.answer;
    return;
  }
  if (port.info->lid == master_.lid && IsUnicast(master_.lid)) return;  // it is asked already
  const auto take = [this, index](const mad::Outcome& outcome) {
    seen_[index].answer = outcome.answer;
    if (outcome.ok()) seen_[index].info = mad::DecodeSmInfo(outcome.data);
  };
  if (IsUnicast(port.info->lid)) {
    ask_.SmpToLid(port.info->lid, mad::Attribute::kSmInfo, take);
  } else if (!work.node.IsSwitch() && port.peer && work.route.hops != 0) {
    ask_.SmpThrough({port.peer->node, port.peer->port}, mad::Attribute::kSmInfo, take);
  } else {
    ask_.Smp(node, mad::Attribute::kSmInfo, 0, take);
  }
}

void SmReader::AskPulse() {
  // A master that did not answer is not asked on: it would be waited for once per round.
  if (!pulse_) return;
  ask_.SmpToLid(master_.lid, mad::Attribute::kSmInfo, [this](const mad::Outcome& o) { TakePulse(o); });
}

void SmReader::TakePulse(const mad::Outcome& outcome) {
  pulse_.reset();
  if (!outcome.ok()) return;
  const SmInfo info = mad::DecodeSmInfo(outcome.data);
  pulse_ = SmPulse{info.guid, info.activity, ask_.Now()};
  if (master_.info && master_.info->guid == info.guid) master_.last_activity = info.activity;
}

std::vector<SmSeen> SmReader::Seen() const {
  std::vector<SmSeen> seen = seen_;
  for (SmSeen& sm : seen) {
    if (sm.lid != master_.lid || !IsUnicast(master_.lid)) continue;
    sm.answer = master_.answer;
    sm.info = master_.info;
  }
  std::ranges::sort(seen, {}, &SmSeen::port);
  return seen;
}

}  // namespace aftershock::fabric

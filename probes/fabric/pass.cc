#include "probes/fabric/pass.h"

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

bool MayBeFdr10(const Node& node, const PortInfo& info) {
  return node.vendor_id == kMellanoxOui && info.phys_state == PhysState::kLinkUp &&
         info.speed_active == LinkSpeed::kQdr;
}

// `info` with the speeds that ExtendedPortInfo told of earlier.
PortInfo WithSpeedsOf(PortInfo info, const PortInfo& earlier) {
  info.speed_active = earlier.speed_active;
  info.speed_enabled = earlier.speed_enabled;
  info.speed_supported = earlier.speed_supported;
  return info;
}

}  // namespace

void Pass::AskPort(End end, std::uint8_t tries) {
  ask_.Smp(
      end.node, mad::Attribute::kPortInfo, end.port, [this, end](const mad::Outcome& o) { TakePort(end, o); },
      tries);
}

void Pass::TakePort(End end, const mad::Outcome& outcome) {
  ask_.Account(end.node, outcome);
  const Node& node = graph_[end.node].node;
  Port& port = *graph_.At(end);
  Before before{port.info.has_value(), port.Linked()};
  before.answer = port.info_answer;
  if (port.info) {
    before.lid = port.info->lid;
    before.width = port.info->width_active;
    before.speed = port.info->speed_active;
  }
  port.info_answer = outcome.answer;
  if (!outcome.ok()) return OnPort(end, before);

  // A switch's external ports leave their own masks undefined.
  std::optional<std::uint32_t> mask;
  std::optional<std::uint16_t> mask2;
  if (node.IsSwitch() && end.port != 0 && node.ports.front().info) {
    mask = node.ports.front().info->capability_mask;
    mask2 = node.ports.front().info->capability_mask2;
  }
  const PortInfo info = mad::DecodePortInfo(outcome.data, mask, mask2);
  port.info_sweep = ask_.sweep();
  if (!MayBeFdr10(node, info)) {
    port.info = info;
    return OnPort(end, before);
  }
  if (port.info && WithSpeedsOf(info, *port.info) == *port.info) return OnPort(end, before);
  port.info = info;
  ask_.Smp(end.node, mad::Attribute::kMlnxExtendedPortInfo, end.port,
           [this, end, before](const mad::Outcome& o) { TakeExtended(end, before, o); });
}

void Pass::TakeExtended(End end, const Before& before, const mad::Outcome& outcome) {
  ask_.Account(end.node, outcome);
  if (outcome.ok()) mad::MergeExtendedPortInfo(outcome.data, *graph_.At(end)->info);
  OnPort(end, before);
}

void Pass::AskDescription(std::uint32_t node) {
  ask_.Smp(node, mad::Attribute::kNodeDescription, 0, [this, node](const mad::Outcome& outcome) {
    ask_.Account(node, outcome);
    Node& n = graph_[node].node;
    n.description_answer = outcome.answer;
    if (outcome.ok()) n.description = mad::DecodeNodeDescription(outcome.data);
    const auto mapped = names_.find(n.guid);
    n.name = mapped != names_.end() ? mapped->second : ShortName(n.description);
  });
}

void Pass::AskSwitchInfo(std::uint32_t node) {
  ask_.Smp(node, mad::Attribute::kSwitchInfo, 0, [this, node](const mad::Outcome& outcome) {
    ask_.Account(node, outcome);
    Node& n = graph_[node].node;
    const bool had_changed = n.switch_info && n.switch_info->state_change;
    n.switch_answer = outcome.answer;
    if (!outcome.ok()) return;
    n.switch_info = mad::DecodeSwitchInfo(outcome.data);
    OnSwitchInfo(node, had_changed);
  });
}

void SecondChance::Start() {
  for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_[i].node;
    if (Missing(node.answer) || node.lost >= node.requests) continue;
    for (const Port& port : node.ports) {
      const End end{i, port.num};
      if (port.info_answer == Answer::kTimeout) {
        AskPort(end);
      } else if (port.counters_answer == Answer::kTimeout && !counters_.AllSilent()) {
        counters_.Retry(end);
      }
    }
  }
}

void SecondChance::OnPort(End end, const Before&) {
  const bool manages = graph_[end.node].node.IsSwitch() && end.port == 0;
  if (!manages && graph_.At(end)->Linked()) counters_.Read(end);
  if (!manages || !graph_.At(end)->info) return;
  for (const Port& port : graph_[end.node].node.ports) {
    if (port.Linked() && port.counters_answer == Answer::kUnreachable) counters_.Retry({end.node, port.num});
  }
}

}  // namespace aftershock::fabric

#include "probes/fabric/sa.h"

#include <algorithm>

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

constexpr std::uint16_t kDefaultPartition = 0xffff;
constexpr std::uint16_t kNoRecords = 0x0300;  // 15.2.2

bool Silent(const mad::Outcome& outcome) {
  return outcome.answer == Answer::kTimeout || outcome.answer == Answer::kUnreachable;
}

Gid GidOf(const Port& port) {
  return {.prefix = port.info->gid_prefix, .id = static_cast<std::uint64_t>(port.guid)};
}

bool Has(const PortInfo& info, Lid lid) {
  const auto base = static_cast<std::uint32_t>(info.lid), asked = static_cast<std::uint32_t>(lid);
  return asked >= base && asked < base + (1u << info.lmc);
}

}  // namespace

void SaReader::Forget() {
  view_.lid = {};
  view_.answer = view_.path_answer = view_.group_answer = Answer::kNotAsked;
  view_.latency.reset();
}

void SaReader::Ask(Graph& graph, End own, const SmView& master) {
  graph_ = &graph;
  FindAdapters(graph);
  DropOldPaths(graph);
  ShowPaths();
  const Port* port = graph.At(own);
  const bool has_master =
      master.info && master.answer == Answer::kAnswered && master.info->state == SmState::kMaster;
  if (!has_master || port == nullptr || !port->info || port->info->state != PortState::kActive) return;
  view_.lid = master.lid;
  own_lid_ = port->info->lid;
  own_gid_ = GidOf(*port);
  sl_ = port->info->sm_sl;
  AskClassPortInfo();
}

void SaReader::FindAdapters(const Graph& graph) {
  adapters_.clear();
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i].node;
    if (node.type != NodeType::kAdapter || node.IsAggregationNode() || Missing(node.answer)) continue;
    for (const Port& at : node.ports) {
      const bool active = at.Linked() && at.info->state == PortState::kActive && IsUnicast(at.info->lid);
      if (!active || at.guid == Guid{}) continue;
      adapters_.push_back({{i, at.num}, at.guid, GidOf(at)});
    }
  }
  std::ranges::sort(adapters_, {}, &Adapter::guid);
}

// A sample holds as long as its ends have its LIDs.
void SaReader::DropOldPaths(const Graph& graph) {
  std::erase_if(paths_, [&](const PortOfPath& path) {
    const auto at = std::ranges::lower_bound(adapters_, path.guid, {}, &Adapter::guid);
    if (at == adapters_.end() || at->guid != path.guid) return true;
    const Port* port = graph.nodes[at->end.node].node.FindPort(at->end.port);
    return !Has(*port->info, path.sample.to) || path.sample.from != own_lid_;
  });
}

void SaReader::ShowPaths() {
  view_.paths.clear();
  for (const PortOfPath& path : paths_) view_.paths.push_back(path.sample);
}

void SaReader::AskClassPortInfo() {
  const Duration asked = ask_.SinceStart();
  ask_.Sa(view_.lid, sl_, mad::Attribute::kClassPortInfo, nullptr,
          [this, asked](const mad::Outcome& outcome) {
            view_.answer = outcome.answer;
            // Of a question that was repeated nobody knows which one was answered.
            if (!Silent(outcome) && outcome.tries == 1) view_.latency = ask_.SinceStart() - asked;
            if (!Silent(outcome)) AskGroup();
          });
}

void SaReader::AskGroup() {
  const Gid group = BroadcastGroup(kDefaultPartition);
  ask_.Sa(view_.lid, sl_, mad::Attribute::kMcMemberRecord,
          std::make_shared<const mad::SaQuestion>(mad::AskGroup(group)),
          [this, group](const mad::Outcome& outcome) {
            view_.group_answer = outcome.answer;
            if (Silent(outcome)) return;
            if (outcome.status == kNoRecords) {
              view_.group_answer = Answer::kAnswered;
              view_.group_missing = true;
              view_.group.reset();
            } else if (outcome.ok()) {
              const mad::MemberRecord record = mad::DecodeMemberRecord(outcome.data);
              const bool ours = outcome.data.size() >= mad::kMemberRecordSize && record.group == group;
              view_.group_answer = ours ? Answer::kAnswered : Answer::kError;
              if (ours) view_.group = record.shared;
              if (ours) view_.group_missing = false;
            }
            AskPath();
          });
}

void SaReader::AskPath() {
  auto to = std::ranges::upper_bound(adapters_, last_path_to_, {}, &Adapter::guid);
  if (to == adapters_.end()) to = adapters_.begin();
  if (to == adapters_.end()) return PlanMembers();
  last_path_to_ = to->guid;
  ask_.Sa(view_.lid, sl_, mad::Attribute::kPathRecord,
          std::make_shared<const mad::SaQuestion>(mad::AskPath(own_gid_, to->gid)),
          [this, to = *to](const mad::Outcome& outcome) {
            view_.path_answer = outcome.answer;
            if (Silent(outcome)) return;
            if (outcome.ok()) TakePath(to, outcome);
            PlanMembers();
          });
}

void SaReader::TakePath(const Adapter& to, const mad::Outcome& outcome) {
  const mad::PathRecord record = mad::DecodePathRecord(outcome.data);
  if (outcome.data.size() < mad::kPathRecordSize || record.to != to.gid) {
    view_.path_answer = Answer::kError;
    return;
  }
  std::erase_if(paths_, [&](const PortOfPath& path) { return path.guid == to.guid; });
  if (paths_.size() == kMostPaths) paths_.pop_front();
  paths_.push_back({to.guid, {record.from_lid, record.to_lid, record.sl}});
  ShowPaths();
}

// Those that were not asked for longest.
void SaReader::PlanMembers() {
  members_.clear();
  if (view_.group_answer != Answer::kAnswered || view_.group_missing) return;
  const SteadyTime now = ask_.Now();
  std::erase_if(member_asked_, [&](const auto& asked) { return now - asked.second >= kMemberAgain; });
  std::vector<Adapter> due;
  for (const Adapter& adapter : adapters_) {
    if (!member_asked_.contains(adapter.guid)) due.push_back(adapter);
  }
  const auto last = due.begin() + static_cast<std::ptrdiff_t>(std::min(due.size(), kMembersPerSweep));
  std::partial_sort(due.begin(), last, due.end(), [this](const Adapter& a, const Adapter& b) {
    const auto rank = [this](const Adapter& x) {
      return std::pair(graph_->At(x.end)->membership.sweep, x.guid);
    };
    return rank(a) < rank(b);
  });
  members_.assign(due.begin(), last);
  members_since_ = ask_.SinceStart();
  AskMember();
}

void SaReader::AskMember() {
  if (members_.empty() || ask_.SinceStart() - members_since_ > kMembersTake) return;
  const Adapter of = members_.front();
  members_.pop_front();
  member_asked_[of.guid] = ask_.Now();
  ask_.Sa(view_.lid, sl_, mad::Attribute::kMcMemberRecord,
          std::make_shared<const mad::SaQuestion>(mad::AskMember(BroadcastGroup(kDefaultPartition), of.gid)),
          [this, of](const mad::Outcome& outcome) {
            TakeMember(of, outcome);
            if (!Silent(outcome)) AskMember();
          });
}

void SaReader::TakeMember(const Adapter& of, const mad::Outcome& outcome) {
  MembershipReading& reading = graph_->At(of.end)->membership;
  reading.answer = outcome.answer;
  reading.sweep = ask_.sweep();
  if (outcome.status == kNoRecords) {
    reading.answer = Answer::kAnswered;
    reading.member = false;
  } else if (outcome.ok()) {
    const bool whole = outcome.data.size() >= mad::kMemberRecordSize;
    const bool ours =
        whole && mad::DecodeMemberRecord(outcome.data).group == BroadcastGroup(kDefaultPartition);
    reading.answer = ours ? Answer::kAnswered : Answer::kError;
    if (ours) reading.member = true;
  }
}

}  // namespace aftershock::fabric

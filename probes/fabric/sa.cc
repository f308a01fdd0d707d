#include "probes/fabric/sa.h"

#include <algorithm>
#include <numeric>
#include <utility>

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

// The pairs of `count` ports in an order that goes through all of them and comes to each port early: steps of
// about the golden section of all that there are.
std::pair<std::size_t, std::size_t> NthPair(std::uint64_t n, std::size_t count) {
  const std::uint64_t others = count - 1, pairs = count * others;
  auto step = std::max<std::uint64_t>(static_cast<std::uint64_t>(static_cast<double>(pairs) * 0.618), 1);
  while (std::gcd(step, pairs) != 1) ++step;
  const std::uint64_t at = n % pairs * step % pairs;
  const std::uint64_t from = at / others, to = at % others;
  return {from, to < from ? to : to + 1};
}

}  // namespace

void SaReader::Forget() {
  view_.lid = {};
  view_.answer = view_.path_answer = view_.group_answer = Answer::kNotAsked;
  view_.latency.reset();
  members_planned_ = false;
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
  if (std::exchange(master_, master.info->guid) != master.info->guid) ForgetPaths();
  view_.lid = master.lid;
  own_ = {own, port->guid, GidOf(*port)};
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
  const auto has = [&](Guid guid, Lid lid) {
    const auto at = std::ranges::lower_bound(adapters_, guid, {}, &Adapter::guid);
    return at != adapters_.end() && at->guid == guid &&
           Has(*graph.nodes[at->end.node].node.FindPort(at->end.port)->info, lid);
  };
  std::erase_if(paths_, [&](const Path& path) {
    return !has(path.from, path.sample.from) || !has(path.to, path.sample.to);
  });
}

void SaReader::ForgetPaths() {
  paths_.clear();
  ShowPaths();
}

void SaReader::ShowPaths() {
  view_.paths.clear();
  for (const Path& path : paths_) view_.paths.push_back(path.sample);
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
            AskOwnPath();
          });
}

void SaReader::AskOwnPath() {
  auto to = std::ranges::upper_bound(adapters_, last_path_to_, {}, &Adapter::guid);
  if (to == adapters_.end()) to = adapters_.begin();
  if (to == adapters_.end()) return PlanMembers();
  last_path_to_ = to->guid;
  AskPath(own_, *to, /*own=*/true);
}

void SaReader::PlanPaths() {
  pairs_left_ = 0;
  const std::size_t pairs = adapters_.size() < 2 ? 0 : adapters_.size() * (adapters_.size() - 1);
  // What OpenSM is told to use is the same on most ports; a single one with several data VLs is enough.
  if (std::ranges::any_of(graph_->nodes,
                          [](const WorkNode& work) { return work.node.IsSwitch() && SeveralVls(work.node); }))
    pairs_left_ =
        std::min(pairs, std::max(kPathsPerSweep, kPathsAtFirst - std::min(kPathsAtFirst, paths_.size())));
  pairs_since_ = ask_.SinceStart();
  AskPathBetweenOthers();
}

void SaReader::AskPathBetweenOthers() {
  if (pairs_left_ == 0 || ask_.SinceStart() - pairs_since_ > kTurnTakes) return PlanMembers();
  --pairs_left_;
  const auto [from, to] = NthPair(pairs_asked_++, adapters_.size());
  AskPath(adapters_[from], adapters_[to], /*own=*/false);
}

// `own`: what the answer was is told of the SA. Of others it may say that they have no path.
void SaReader::AskPath(const Adapter& from, const Adapter& to, bool own) {
  ask_.Sa(view_.lid, sl_, mad::Attribute::kPathRecord,
          std::make_shared<const mad::SaQuestion>(mad::AskPath(from.gid, to.gid)),
          [this, from, to, own](const mad::Outcome& outcome) {
            if (own) view_.path_answer = outcome.answer;
            if (Silent(outcome)) return;
            if (outcome.ok() && !TakePath(from, to, outcome) && own) view_.path_answer = Answer::kError;
            own ? PlanPaths() : AskPathBetweenOthers();
          });
}

// false: it is a record of something else, or too short.
bool SaReader::TakePath(const Adapter& from, const Adapter& to, const mad::Outcome& outcome) {
  const mad::PathRecord record = mad::DecodePathRecord(outcome.data);
  if (outcome.data.size() < mad::kPathRecordSize || record.to != to.gid || record.from != from.gid) {
    return false;
  }
  std::erase_if(paths_, [&](const Path& path) { return path.from == from.guid && path.to == to.guid; });
  if (paths_.size() == kMostPaths) paths_.pop_front();
  paths_.push_back({from.guid, to.guid, {record.from_lid, record.to_lid, record.sl}});
  ShowPaths();
  return true;
}

void SaReader::PlanMembers() {
  if (std::exchange(members_planned_, true)) return;
  members_.clear();
  if (view_.group_answer != Answer::kAnswered || view_.group_missing) return;
  const bool due = !all_asked_ || ask_.Now() - *all_asked_ >= kMemberAgain;
  if (sa_key_ != 0 && due) return AskAllMembers();
  if (!all_known_) PlanSomeMembers();
}

// OpenSM keeps silent to a wrong key, and answers a question without one.
void SaReader::AskAllMembers() {
  all_asked_ = ask_.Now();
  mad::SaQuestion question = mad::AskGroup(BroadcastGroup(kDefaultPartition));
  question.sa_key = sa_key_;
  ask_.SaTable(view_.lid, sl_, mad::Attribute::kMcMemberRecord,
               std::make_shared<const mad::SaQuestion>(std::move(question)),
               [this](const mad::Outcome& outcome) {
                 all_known_ = outcome.ok() && TakeAllMembers(outcome.data);
                 if (!all_known_) PlanSomeMembers();
               });
}

// false: it names nobody, or no ports, as to somebody who is not trusted.
bool SaReader::TakeAllMembers(std::span<const std::uint8_t> table) {
  std::vector<Gid> members;
  for (const mad::MemberRecord& record : mad::DecodeMemberTable(table)) {
    if (record.port == Gid{} || record.group != BroadcastGroup(kDefaultPartition)) return false;
    members.push_back(record.port);
  }
  if (members.empty()) return false;
  std::ranges::sort(members);
  for (const Adapter& adapter : adapters_) {
    MembershipReading& reading = graph_->At(adapter.end)->membership;
    reading = {std::ranges::binary_search(members, adapter.gid), Answer::kAnswered, ask_.sweep()};
  }
  return true;
}

// Those that were not asked for longest.
void SaReader::PlanSomeMembers() {
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
  if (members_.empty() || ask_.SinceStart() - members_since_ > kTurnTakes) return;
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

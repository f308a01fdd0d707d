// pair-lost, pair-degraded, pair-intermittent, pair-both-intermittent and pair-unseen: how the members stand.
#include <algorithm>

#include <fmt/format.h>

#include "rules/pairs/pair_view.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

std::vector<const MemberSeen*> In(const GroupSeen& group, MemberState state) {
  std::vector<const MemberSeen*> members;
  for (const MemberSeen& member : group.members) {
    if (member.Is(state)) members.push_back(&member);
  }
  return members;
}

std::uint32_t MustLive(const GroupSeen& group) {
  return group.configured->must_live;
}

// Not even the members of which nothing is known could make it enough.
bool IsLost(const GroupSeen& group) {
  return group.members.size() - In(group, MemberState::kDead).size() < MustLive(group);
}

bool AreTogether(const GroupSeen& group) {
  return In(group, MemberState::kIntermittent).size() >= 2 &&
         In(group, MemberState::kLive).size() < MustLive(group);
}

std::vector<Evidence> Reasons(const std::vector<const MemberSeen*>& members) {
  std::vector<Evidence> evidence;
  for (const MemberSeen* member : members) evidence.push_back({NameOf(*member), member->report->because, ""});
  return evidence;
}

std::string Of(const GroupSeen& group) {
  return fmt::format("of pair {}", group.configured->name);
}

std::string Verb(const std::vector<const MemberSeen*>& members, std::string_view one, std::string_view more) {
  return std::string(members.size() == 1 ? one : more);
}

}  // namespace

std::vector<Finding> FindLostPairs(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    if (!IsLost(group)) continue;
    const auto dead = In(group, MemberState::kDead);
    findings.push_back(view.Found(
        kPairLost, group,
        fmt::format("Pair {} is lost: {} {} dead, and {} of {} must live", group.configured->name,
                    Listed(NamesOf(dead)), Verb(dead, "is", "are"), MustLive(group), group.members.size()),
        Reasons(dead)));
  }
  return findings;
}

std::vector<Finding> FindDegradedPairs(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    const auto dead = In(group, MemberState::kDead);
    if (dead.empty() || IsLost(group)) continue;
    const auto live = In(group, MemberState::kLive).size();
    Finding finding = view.Found(kPairDegraded, group,
                                 fmt::format("{} {} {} dead: {} of {} members live", Listed(NamesOf(dead)),
                                             Of(group), Verb(dead, "is", "are"), live, group.members.size()),
                                 Reasons(dead));
    const bool unsure = !In(group, MemberState::kUnknown).empty();
    if (live < MustLive(group) && !unsure) finding.severity = Severity::kCritical;
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> FindBothIntermittent(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    if (!AreTogether(group)) continue;
    const auto members = In(group, MemberState::kIntermittent);
    findings.push_back(view.Found(
        kPairBothIntermittent, group,
        fmt::format("{} {} function to a degree only, together", Listed(NamesOf(members)), Of(group)),
        Reasons(members)));
  }
  return findings;
}

std::vector<Finding> FindIntermittent(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    const auto members = In(group, MemberState::kIntermittent);
    if (members.empty() || (AreTogether(group) && view.Enabled(kPairBothIntermittent))) continue;
    findings.push_back(view.Found(kPairIntermittent, group,
                                  fmt::format("{} {} {} to a degree only", Listed(NamesOf(members)),
                                              Of(group), Verb(members, "functions", "function")),
                                  Reasons(members)));
  }
  return findings;
}

namespace {

// A switch that the last sweep found and no round has asked since: the next one will.
bool IsPending(const PairView& view, const MemberSeen& member) {
  const auto asked = view.state().asked.find(member.memory->plane);
  if (asked != view.state().asked.end() && asked->second.contains(member.memory->guid)) return false;
  const auto& round = view.state().asked_at;
  return !round || !member.memory->swept || *round <= *member.memory->swept;
}

}  // namespace

std::vector<Finding> FindUnseen(const PairView& view) {
  std::vector<Finding> findings;
  if (!view.facts().asking) return findings;
  for (const GroupSeen& group : view.groups()) {
    std::vector<const MemberSeen*> unseen;
    for (const MemberSeen* member : In(group, MemberState::kUnknown)) {
      // One that no fabric has is pair-member-unknown's.
      if (!member->memory->plane.empty() && !IsPending(view, *member)) unseen.push_back(member);
    }
    if (unseen.empty() || IsLost(group)) continue;
    findings.push_back(
        view.Found(kPairUnseen, group,
                   fmt::format("How {} {} {} cannot be seen: {}", Listed(NamesOf(unseen)), Of(group),
                               Verb(unseen, "stands", "stand"), unseen.front()->report->because),
                   Reasons(unseen)));
  }
  return findings;
}

}  // namespace aftershock::rules

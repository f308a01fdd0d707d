#include "rules/change/timing.h"

#include <algorithm>
#include <utility>

#include "rules/change/rules.h"

namespace aftershock::rules {
namespace {

// Of a GUID that only what the present look lacks can tell of.
std::unordered_set<Guid> OutOfSight(const ChangeFacts& facts) {
  std::unordered_set<Guid> guids;
  if (facts.baseline == nullptr) return guids;
  for (const auto& [name, plane] : facts.baseline->planes) {
    if (facts.now->planes.contains(name)) continue;
    for (const NodeImage& node : plane.nodes) guids.insert(node.guid);
  }
  for (const auto& [name, host] : facts.baseline->hosts) {
    if (facts.now->hosts.contains(name)) continue;
    for (const HcaImage& hca : host.hcas) guids.insert(hca.node_guid);
  }
  return guids;
}

// The GUID in "rule switch:0x…" and "rule link:0x…/7".
Guid GuidOf(const std::string& key) {
  const auto begin = key.find(":0x");
  if (begin == key.npos) return {};
  const auto end = key.find_first_of("/@", begin);
  return ParseGuid(std::string_view(key).substr(begin + 1, end - begin - 1)).value_or(Guid{});
}

bool AllPlanesSeen(const ChangeFacts& facts) {
  if (facts.baseline == nullptr) return true;
  return std::ranges::all_of(facts.baseline->planes,
                             [&](const auto& plane) { return facts.now->planes.contains(plane.first); });
}

}  // namespace

Duration Elapsed(const ChangeState& state, SteadyTime at) {
  return state.last && at > *state.last ? at - *state.last : Duration{};
}

void TimeChanges(ChangeState& state, const ChangeFacts& facts, WallTime now, Duration elapsed,
                 std::vector<Change>& changes) {
  std::map<std::string, WallTime> since;
  std::map<std::string, Duration> stood_for;
  for (Change& change : changes) {
    const std::string key = Key(change.finding);
    const auto known = state.since.find(key);
    const bool stood = known != state.since.end();
    change.finding.since = stood ? known->second : now;
    const Duration lasted = stood ? state.stood_for[key] + elapsed : Duration{};
    since[key] = *change.finding.since;
    stood_for[key] = lasted;
    if (change.warn_after && lasted >= *change.warn_after) {
      change.finding.severity = std::max(change.finding.severity, Severity::kWarning);
    }
  }
  std::erase_if(changes, [&](const Change& c) { return stood_for[Key(c.finding)] < c.wait; });
  const auto hidden = OutOfSight(facts);
  const bool all_planes = AllPlanesSeen(facts);
  for (const auto& [key, at] : state.since) {
    const Guid guid = GuidOf(key);
    if (guid == Guid{} ? all_planes : !hidden.contains(guid)) continue;
    if (since.emplace(key, at).second) stood_for[key] = state.stood_for[key];
  }
  state.since = std::move(since);
  state.stood_for = std::move(stood_for);
}

bool TimeCandidate(ChangeState& state, const ChangeFacts& facts, bool critical, WallTime now,
                   Duration elapsed, Duration needed) {
  if (critical) {
    state.stable_since.reset();
    state.stable_for.reset();
    return false;
  }
  // What was not seen in full neither proves nor disproves that it is the same.
  if (!facts.complete) return false;
  std::string hash = WhatStays(*facts.now);
  if (!state.stable_since || hash != state.stable_hash) {
    state.stable_since = now;
    state.stable_for = Duration{};
    state.stable_hash = std::move(hash);
  } else {
    state.stable_for = state.stable_for.value_or(Duration{}) + elapsed;
  }
  return *state.stable_for >= needed;
}

}  // namespace aftershock::rules

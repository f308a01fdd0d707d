#include <fmt/format.h>

#include <algorithm>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/fabric/table.h"
#include "rules/host/table.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

std::ptrdiff_t CountState(const PairImage& pair, MemberState state) {
  return std::ranges::count(pair.members, state, [](const auto& member) { return member.second; });
}

void ComparePair(const ChangeView& view, const PairImage& before, const PairImage& now,
                 std::vector<Change>& changes) {
  const auto was = CountState(before, MemberState::kLive), is = CountState(now, MemberState::kLive);
  // Of a member that cannot be seen, nothing is said.
  if (is + CountState(now, MemberState::kUnknown) >= was) return;
  const Subject subject = Subject::Pair(before.name);
  Change change = view.Make(kRedundancyLost, subject,
                            fmt::format("{} of {} members of {} live, {} did in the baseline", is,
                                        now.members.size(), before.name, was),
                            fmt::format("{} live", was), fmt::format("{} live", is));
  for (const RuleSpec* rule : {&kPairLost, &kPairBothIntermittent, &kPairDegraded, &kPairIntermittent}) {
    change.causes.push_back(KeyOf(*rule, subject));
  }
  for (const auto& [guid, state] : now.members) {
    if (state == MemberState::kDead) change.causes.push_back(KeyOf(kSwitchLost, NodeSubject(true, guid)));
  }
  changes.push_back(std::move(change));
}

void CompareBond(const ChangeView& view, const HostImage& host, const BondImage& before, const BondImage& now,
                 std::vector<Change>& changes) {
  if (!before.live_switches || !now.live_switches || *now.live_switches >= *before.live_switches) return;
  Change change = view.Make(kRedundancyLost, view.HostSubject(host),
                            fmt::format("{} {} has {} live switches behind it, {} in the baseline",
                                        host.hostname, now.name, *now.live_switches, *before.live_switches),
                            fmt::format("{}: {} switches", now.name, *before.live_switches),
                            fmt::format("{}: {}", now.name, *now.live_switches));
  for (const HcaImage& hca : host.hcas) {
    if (std::string lost = view.LostNeighbour(hca.node_guid); !lost.empty()) {
      change.causes.push_back(std::move(lost));
    }
  }
  if (host.hostname == view.facts().this_host) {
    for (const RuleSpec* rule : {&kBondDegraded, &kBondOneSwitch, &kBondStandbyDead}) {
      change.causes.push_back(KeyOf(*rule, Subject::Bond(now.name)));
    }
  }
  changes.push_back(std::move(change));
}

}  // namespace

std::vector<Change> FindLostRedundancy(const ChangeView& view) {
  std::vector<Change> changes;
  if (view.before().pairs && view.now().pairs) {
    for (const PairImage& before : *view.before().pairs) {
      const auto now = std::ranges::find(*view.now().pairs, before.name, &PairImage::name);
      if (now != view.now().pairs->end()) ComparePair(view, before, *now, changes);
    }
  }
  for (const auto& [name, host] : view.before().hosts) {
    const auto now = view.now().hosts.find(name);
    if (now == view.now().hosts.end() || !host.bonds || !now->second.bonds) continue;
    for (const BondImage& before : *host.bonds) {
      const auto is = std::ranges::find(*now->second.bonds, before.name, &BondImage::name);
      if (is != now->second.bonds->end()) CompareBond(view, host, before, *is, changes);
    }
  }
  return changes;
}

}  // namespace aftershock::rules

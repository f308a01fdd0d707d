// pair-member-unknown, pair-shared-risk, pair-firmware-differs, pair-member-replaced and
// pair-standby-unproven: who the members are, what they share and where they differ.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/pairs/members.h"
#include "rules/pairs/pair_view.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

constexpr std::string_view kPower = "power", kFirmware = "firmware";

// "power feed-A" for each value that too many members share, power first.
std::vector<std::pair<std::string, std::vector<std::string>>> SharedRisks(const PairGroup& group) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> members;
  for (const PairMember& member : group.members) {
    for (const auto& [label, value] : member.risks) {
      if (label != kFirmware) members[{label, value}].push_back(member.text);
    }
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> shared;
  for (const auto& [risk, texts] : members) {
    if (texts.size() < 2 || group.members.size() - texts.size() >= group.must_live) continue;
    const auto at = risk.first == kPower ? shared.begin() : shared.end();
    shared.insert(at, {fmt::format("{} {}", risk.first, risk.second), texts});
  }
  return shared;
}

// What differs between two switches, in words; `revision_only`: nothing but the hardware's revision.
std::vector<std::string> Differences(const Fingerprint& a, const Fingerprint& b, bool& revision_only) {
  std::vector<std::string> what;
  const auto add = [&](std::string_view name, auto x, auto y) {
    if (x != y) what.push_back(fmt::format("{} {:#x} against {:#x}", name, x, y));
  };
  add("vendor", a.vendor_id, b.vendor_id);
  add("device", a.device_id, b.device_id);
  add("capabilities", a.capabilities, b.capabilities);
  add("performance capabilities", a.pma_capabilities, b.pma_capabilities);
  add("forwarding table size", a.linear_fdb_cap, b.linear_fdb_cap);
  add("multicast table size", a.multicast_fdb_cap, b.multicast_fdb_cap);
  revision_only = what.empty();
  add("revision", a.revision, b.revision);
  return what;
}

std::set<std::string> FirmwareLabels(const PairGroup& group) {
  std::set<std::string> labels;
  for (const PairMember& member : group.members) {
    const auto label = member.risks.find(std::string(kFirmware));
    if (label == member.risks.end()) return {};
    labels.insert(label->second);
  }
  return labels;
}

// In what a switch is not set up like its peer.
std::vector<std::string> SetUpOtherwise(const MemberSeen& member, const MemberSeen& peer) {
  std::vector<std::string> what;
  const Port* a = member.node == nullptr ? nullptr : member.node->FindPort(0);
  const Port* b = peer.node == nullptr ? nullptr : peer.node->FindPort(0);
  if (a == nullptr || b == nullptr || !a->info || !b->info || member.snapshot != peer.snapshot) return what;
  const auto add = [&](std::string_view name, auto x, auto y) {
    if (x != y) what.push_back(fmt::format("{} {} against {}", name, x, y));
  };
  add("SM LID", static_cast<unsigned>(a->info->sm_lid), static_cast<unsigned>(b->info->sm_lid));
  add("LMC", unsigned{a->info->lmc}, unsigned{b->info->lmc});
  add("M_Key protection", unsigned{a->info->m_key_protect}, unsigned{b->info->m_key_protect});
  add("subnet manager", (a->info->capability_mask & kCapIsSm) != 0,
      (b->info->capability_mask & kCapIsSm) != 0);
  add("MTU code", unsigned{a->info->mtu_supported}, unsigned{b->info->mtu_supported});
  if (member.node->switch_info && peer.node->switch_info) {
    add("forwarding table top", unsigned{member.node->switch_info->linear_fdb_top},
        unsigned{peer.node->switch_info->linear_fdb_top});
  }
  return what;
}

std::string WhyUnknown(const PairMember& member, const std::vector<Match>& matches) {
  if (matches.empty()) {
    return fmt::format("{}: no switch of the fabric is \"{}\": it is mis-spelt, or gone", member.where,
                       member.text);
  }
  std::vector<std::string> candidates;
  for (const Match& match : matches) candidates.push_back(ToString(match.node->guid));
  return fmt::format("{}: \"{}\" is ambiguous: {}", member.where, member.text, Listed(candidates));
}

}  // namespace

std::vector<Finding> FindUnknownMembers(const PairView& view) {
  std::vector<Finding> findings;
  if (!view.AllRead()) return findings;
  std::map<Guid, std::string> taken;  // by which member first
  for (const GroupSeen& group : view.groups()) {
    std::vector<std::string> why;
    for (const MemberSeen& member : group.members) {
      const auto matches = MatchesOf(member.configured->text, view.facts().planes);
      const Guid guid = member.memory->guid;
      if (matches.size() > 1 || (matches.empty() && member.memory->plane.empty())) {
        why.push_back(WhyUnknown(*member.configured, matches));
      } else if (const auto [it, added] = taken.emplace(guid, member.configured->where); !added) {
        why.push_back(fmt::format("{}: \"{}\" is the switch of {} too", member.configured->where,
                                  member.configured->text, it->second));
      }
    }
    if (why.empty()) continue;
    findings.push_back(view.Found(kPairMemberUnknown, group, fmt::format("{}", fmt::join(why, "; ")), {}));
  }
  return findings;
}

std::vector<Finding> FindSharedRisks(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    const auto shared = SharedRisks(*group.configured);
    if (shared.empty()) continue;
    const auto& [first, members] = shared.front();
    std::vector<Evidence> evidence;
    for (const auto& [risk, texts] : shared)
      evidence.push_back({risk, fmt::format("{}", fmt::join(texts, ", ")), ""});
    Finding finding =
        view.Found(kPairSharedRisk, group,
                   fmt::format("{} of pair {} share {}{}", Listed(members), group.configured->name, first,
                               shared.size() > 1 ? ", and more" : ""),
                   std::move(evidence));
    if (!first.starts_with(std::string(kPower) + " ")) finding.severity = Severity::kNote;
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> FindDifferentFirmware(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    const auto labels = FirmwareLabels(*group.configured);
    if (labels.size() > 1) {
      findings.push_back(
          view.Found(kPairFirmwareDiffers, group,
                     fmt::format("The members of pair {} have different firmware", group.configured->name),
                     {{"firmware", fmt::format("{}", fmt::join(labels, ", ")), ""}}));
      continue;
    }
    const MemberSeen* first = nullptr;
    for (const MemberSeen& member : group.members) {
      if (!member.memory->fingerprint) continue;
      if (first == nullptr) first = &member;
      bool revision_only = false;
      const auto what = Differences(*first->memory->fingerprint, *member.memory->fingerprint, revision_only);
      if (what.empty()) continue;
      Finding finding = view.Found(kPairFirmwareDiffers, group,
                                   fmt::format("{} and {} of pair {} are not alike", NameOf(*first),
                                               NameOf(member), group.configured->name),
                                   {{"difference", fmt::format("{}", fmt::join(what, ", ")), ""}});
      if (revision_only) finding.severity = Severity::kNote;
      findings.push_back(std::move(finding));
      break;
    }
  }
  return findings;
}

std::vector<Finding> FindReplacedMembers(const PairView& view) {
  std::vector<Finding> findings;
  for (const GroupSeen& group : view.groups()) {
    for (const MemberSeen& member : group.members) {
      const MemberMemory& memory = *member.memory;
      if (!memory.replaced || member.node == nullptr) continue;
      std::vector<std::string> otherwise;
      for (const MemberSeen& peer : group.members) {
        if (&peer != &member && otherwise.empty()) otherwise = SetUpOtherwise(member, peer);
      }
      const bool same = *memory.replaced == memory.guid;
      Finding finding = view.Found(
          kPairMemberReplaced, group,
          same ? fmt::format("{} of pair {} says other things of itself than before: new firmware?",
                             NameOf(member), group.configured->name)
               : fmt::format("{} of pair {} is another switch: {} stands where {} stood", NameOf(member),
                             group.configured->name, ToString(memory.guid), ToString(*memory.replaced)),
          {});
      if (!otherwise.empty()) {
        finding.severity = std::max(finding.severity, Severity::kWarning);
        finding.evidence.push_back({"unlike its peer", fmt::format("{}", fmt::join(otherwise, ", ")), ""});
      }
      findings.push_back(std::move(finding));
      break;  // one finding for a pair
    }
  }
  return findings;
}

std::vector<Finding> FindUnprovenStandbys(const PairView& view) {
  std::vector<Finding> findings;
  const double idle = view.Threshold(kPairStandbyUnproven, "idle_seconds");
  for (const GroupSeen& group : view.groups()) {
    const MemberSeen* unproven = nullptr;
    bool another_works = false;
    double seconds = 0;
    for (const MemberSeen& member : group.members) {
      const MemberMemory& memory = *member.memory;
      if (!memory.watched_since) continue;
      const SteadyTime since = memory.last_traffic.value_or(*memory.watched_since);
      const double quiet = ToSeconds(view.now() - since);
      if (quiet >= idle && member.Is(MemberState::kLive)) {
        unproven = &member;
        seconds = quiet;
      } else if (memory.last_traffic) {
        another_works = true;
      }
    }
    if (unproven == nullptr || !another_works) continue;
    findings.push_back(view.Found(kPairStandbyUnproven, group,
                                  fmt::format("{} of pair {} has carried nothing for {}", NameOf(*unproven),
                                              group.configured->name, DurationText(seconds)),
                                  {{"without traffic for", seconds, "s"}}));
  }
  return findings;
}

}  // namespace aftershock::rules

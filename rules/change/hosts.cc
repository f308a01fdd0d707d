#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

void CompareHca(const ChangeView& view, const std::string& host, const HcaImage& before, const HcaImage& now,
                std::vector<Change>& changes) {
  const Subject subject = Subject::Host(before.node_guid);
  if (!before.firmware.empty() && !now.firmware.empty() && before.firmware != now.firmware) {
    changes.push_back(view.Make(
        kFirmwareChanged, subject,
        fmt::format("{} {} had firmware {} and has {}", host, before.name, before.firmware, now.firmware),
        before.firmware, now.firmware));
  }
  std::vector<std::string> was, is;
  for (std::size_t i = 0; i < std::min(before.p_keys.size(), now.p_keys.size()); ++i) {
    if (before.p_keys[i].empty() || now.p_keys[i].empty() || before.p_keys[i] == now.p_keys[i]) continue;
    was.push_back(fmt::format("port {}: {}", i + 1, PKeyText(before.p_keys[i])));
    is.push_back(fmt::format("port {}: {}", i + 1, PKeyText(now.p_keys[i])));
  }
  if (was.empty()) return;
  Change change = view.Make(kPartitionChanged, subject,
                            fmt::format("{} {} has other P_Keys than in the baseline", host, before.name),
                            fmt::format("{}", fmt::join(was, "; ")), fmt::format("{}", fmt::join(is, "; ")));
  change.managed = true;
  change.grave = true;
  changes.push_back(std::move(change));
}

const MemberImage* FindMember(const HostImage& host, const MemberImage& like) {
  const auto it = std::ranges::find_if(host.members, [&](const MemberImage& m) {
    return m.interface == like.interface && m.p_key == like.p_key;
  });
  return it == host.members.end() ? nullptr : &*it;
}

const InterfaceImage* FindInterface(const HostImage& host, const std::string& name) {
  if (!host.interfaces) return nullptr;
  const auto it = std::ranges::find(*host.interfaces, name, &InterfaceImage::name);
  return it == host.interfaces->end() ? nullptr : &*it;
}

// An interface without carrier is no member either, and that is what is wrong with it.
void FindLeft(const ChangeView& view, const std::string& name, const HostImage& before, const HostImage& now,
              std::vector<Change>& changes) {
  for (const MemberImage& was : before.members) {
    const MemberImage* is = FindMember(now, was);
    const InterfaceImage* interface = FindInterface(now, was.interface);
    if (!was.member || is == nullptr || is->member) continue;
    if (interface == nullptr || !interface->up || !interface->carrier) continue;
    Change change =
        view.Make(kMemberLeft, view.HostSubject(now, interface->hca_port),
                  fmt::format("{} {} was a member of the broadcast group of P_Key 0x{:04x} and is "
                              "none",
                              name, was.interface, was.p_key),
                  fmt::format("{}: member", was.interface), fmt::format("{}: no member", was.interface));
    if (name == view.facts().this_host) {
      change.causes.push_back(KeyOf(kIpoibNotMember, Subject::Interface(was.interface)));
    }
    changes.push_back(std::move(change));
  }
}

struct GroupChange {
  GroupRecord before, now;
};

std::string GroupText(std::uint16_t p_key, const GroupRecord& g) {
  return fmt::format("P_Key 0x{:04x}: Q_Key 0x{:08x}, MTU {}, rate {} Gb/s, SL {}, MLID 0x{:04x}", p_key,
                     g.q_key, MtuOctets(g.mtu), RateGbps(g.rate), g.sl, static_cast<unsigned>(g.mlid));
}

void CollectGroups(const HostImage& before, const HostImage& now,
                   std::map<std::uint16_t, GroupChange>& groups) {
  for (const MemberImage& was : before.members) {
    const MemberImage* is = FindMember(now, was);
    if (is == nullptr || !was.group || !is->group || *was.group == *is->group) continue;
    groups.emplace(was.p_key, GroupChange{*was.group, *is->group});
  }
}

void TellGroups(const ChangeView& view, const std::map<std::uint16_t, GroupChange>& groups,
                std::vector<Change>& changes) {
  if (groups.empty()) return;
  std::vector<std::string> was, is, keys;
  bool only_mlid = true;
  for (const auto& [p_key, group] : groups) {
    keys.push_back(fmt::format("0x{:04x}", p_key));
    was.push_back(GroupText(p_key, group.before));
    is.push_back(GroupText(p_key, group.now));
    GroupRecord moved = group.before;
    moved.mlid = group.now.mlid;
    only_mlid = only_mlid && moved == group.now;
  }
  Change change =
      view.Make(kMulticastChanged, Subject::Fabric(),
                fmt::format("The broadcast group of P_Key {} {}", Listed(keys),
                            only_mlid ? "was made anew" : "has other parameters than in the baseline"),
                fmt::format("{}", fmt::join(was, "; ")), fmt::format("{}", fmt::join(is, "; ")));
  if (only_mlid) change.finding.severity = Severity::kNote;
  change.managed = true;
  change.grave = !only_mlid;
  changes.push_back(std::move(change));
}

}  // namespace

std::vector<Change> FindHostChanges(const ChangeView& view) {
  std::vector<Change> changes;
  std::map<std::uint16_t, GroupChange> groups;
  for (const auto& [name, before] : view.before().hosts) {
    const auto now = view.now().hosts.find(name);
    if (now == view.now().hosts.end()) continue;
    for (const HcaImage& hca : before.hcas) {
      const auto same = std::ranges::find(now->second.hcas, hca.node_guid, &HcaImage::node_guid);
      if (same != now->second.hcas.end()) CompareHca(view, name, hca, *same, changes);
    }
    FindLeft(view, name, before, now->second, changes);
    CollectGroups(before, now->second, groups);
  }
  TellGroups(view, groups, changes);
  return changes;
}

}  // namespace aftershock::rules

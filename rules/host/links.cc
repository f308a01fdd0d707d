// ipoib-no-carrier, ipoib-not-member, ipoib-rate-below-group, ipoib-mtu-mismatch and ipoib-settings-changed:
// an interface and its broadcast group.
#include <algorithm>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/membership.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

// An IPoIB packet has 4 octets of its own in front, RFC 4391 6.
constexpr int kEncapsulation = 4;
// The usual names of rates are rounded, and no two rates are as close: 56 and 60.
constexpr double kRounding = 0.98;

std::string PKeyText(std::uint16_t p_key) {
  return fmt::format("0x{:04x}", p_key);
}

std::string GroupText(const IpoibLink& link) {
  return link.broadcast_group ? ToString(*link.broadcast_group) : "not known";
}

// A suspicion about an interface that its own and its port's events may explain.
Suspect AboutLink(const HostView& view, const RuleSpec& rule, const IpoibLink& link, std::string summary,
                  std::vector<Evidence> evidence) {
  Suspect suspect =
      view.Suspected(rule, Subject::Interface(link.name), std::move(summary), std::move(evidence));
  suspect.disturbed = view.LastDisturbance(link);
  suspect.settle = view.Time(rule, "settle_seconds");
  return suspect;
}

// What differs, "MTU 2044 instead of 4092".
std::vector<std::string> Changes(const LinkSettings& was, const LinkSettings& is) {
  std::vector<std::string> changes;
  if (was.mode && is.mode && *was.mode != *is.mode) {
    changes.push_back(fmt::format("mode {} instead of {}", ToString(*is.mode), ToString(*was.mode)));
  }
  if (was.mtu && is.mtu && *was.mtu != *is.mtu) {
    changes.push_back(fmt::format("MTU {} instead of {}", *is.mtu, *was.mtu));
  }
  if (was.p_key && is.p_key && *was.p_key != *is.p_key) {
    changes.push_back(fmt::format("P_Key {} instead of {}", PKeyText(*is.p_key), PKeyText(*was.p_key)));
  }
  return changes;
}

LinkSettings SettingsOf(const IpoibLink& link) {
  return {link.mode, link.mtu == 0 ? std::nullopt : std::optional(link.mtu), link.p_key};
}

std::vector<Evidence> EvidenceOf(const std::vector<std::string>& changes) {
  std::vector<Evidence> evidence;
  for (const std::string& change : changes) evidence.push_back({"runs with", change, ""});
  return evidence;
}

void AddChangedLinks(const HostView& view, std::vector<Suspect>& suspects) {
  for (const IpoibLink& link : view.snapshot().links) {
    const auto memory = view.state().links.find(link.name);
    if (memory == view.state().links.end() || !link.Up()) continue;
    const auto changes = Changes(memory->second.first, SettingsOf(link));
    if (changes.empty()) continue;
    suspects.push_back(
        AboutLink(view, kIpoibSettingsChanged, link,
                  fmt::format("{} runs with {} as it was at first", NameOf(link), Listed(changes)),
                  EvidenceOf(changes)));
  }
}

void AddUnequalLegs(const HostView& view, std::vector<Suspect>& suspects) {
  for (const Bond& bond : view.snapshot().bonds) {
    const IpoibLink* first = nullptr;
    for (const BondLeg& leg : bond.legs) {
      const IpoibLink* link = view.snapshot().FindLink(leg.index);
      if (link == nullptr) continue;
      if (first == nullptr) first = link;
      const auto changes = Changes(SettingsOf(*first), SettingsOf(*link));
      if (changes.empty()) continue;
      Suspect suspect = AboutLink(view, kIpoibSettingsChanged, *link,
                                  fmt::format("Legs of {} differ: {} runs with {} as {} does", bond.name,
                                              link->name, Listed(changes), first->name),
                                  EvidenceOf(changes));
      suspect.finding.subject = Subject::Bond(bond.name);
      suspect.disturbed = std::max(suspect.disturbed, view.LastDisturbance(*first));
      suspects.push_back(std::move(suspect));
      break;
    }
  }
}

}  // namespace

bool IsOut(const HostView& view, const IpoibLink& link) {
  if (!link.Up() || !link.carrier) return false;
  const Membership* membership = view.MembershipOf(link);
  return membership != nullptr && membership->answer == SaAnswer::kNo;
}

void TimeMembership(const HostView& view, const IpoibLink& link, Suspect& suspect) {
  const Membership* membership = view.MembershipOf(link);
  if (membership != nullptr && membership->asked) suspect.seen = *membership->asked;
  suspect.disturbed = view.LastDisturbance(link);
  suspect.settle = view.Time(kIpoibNotMember, "settle_seconds");
}

std::vector<Suspect> FindMissingCarrier(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const IpoibLink& link : view.snapshot().links) {
    const HostPort* port = view.PortOf(link);
    if (!link.Up() || link.carrier || port == nullptr || !port->IsInfiniBand() || !IsActive(*port)) continue;
    suspects.push_back(
        AboutLink(view, kIpoibNoCarrier, link,
                  fmt::format("{} has no carrier although its port is Active", NameOf(link)),
                  {{"operational state", std::string(ToString(link.oper_state)), ""},
                   {"broadcast group", GroupText(link), ""},
                   {"port LID", std::int64_t{port->lid ? static_cast<std::uint16_t>(*port->lid) : 0}, ""}}));
  }
  return suspects;
}

std::vector<Suspect> FindMissingMembership(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const IpoibLink& link : view.snapshot().links) {
    if (!IsOut(view, link)) continue;
    const Membership& membership = *view.MembershipOf(link);
    std::vector<Evidence> evidence{{"broadcast group", ToString(membership.group), ""},
                                   {"port GID", ToString(membership.port_gid), ""},
                                   {"status", fmt::format("0x{:04x}", membership.status), ""}};
    if (membership.asked) {
      const Duration ago = std::max(Duration{0}, view.now() - *membership.asked);
      evidence.push_back({"asked", ToSeconds(ago), "s ago"});
    }
    Suspect suspect = view.Suspected(
        kIpoibNotMember, Subject::Interface(link.name),
        fmt::format("{} has carrier, and the SA does not know it as a member of its broadcast group",
                    NameOf(link)),
        std::move(evidence));
    TimeMembership(view, link, suspect);
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

std::vector<Suspect> FindSlowForGroup(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const IpoibLink& link : view.snapshot().links) {
    const HostPort* port = view.PortOf(link);
    if (!link.Up() || port == nullptr || !IsActive(*port) || !port->rate_mbps) continue;
    const auto group = view.GroupOf(link);
    const double wanted = group ? RateGbps(group->rate) : 0;
    const double rate = *port->rate_mbps / 1e3;
    if (wanted <= 0 || rate >= wanted * kRounding) continue;
    suspects.push_back(
        AboutLink(view, kIpoibRateBelowGroup, link,
                  fmt::format("{} runs at {:g} Gb/s, below the {:g} Gb/s of its broadcast group",
                              NameOf(link), rate, wanted),
                  {{"port rate", rate, "Gb/s"},
                   {"group rate", wanted, "Gb/s"},
                   {"broadcast group", GroupText(link), ""}}));
  }
  return suspects;
}

std::vector<Suspect> FindMtuMismatch(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const IpoibLink& link : view.snapshot().links) {
    if (!link.Up() || link.mode != IpoibMode::kDatagram) continue;
    const auto group = view.GroupOf(link);
    const int octets = group ? MtuOctets(group->mtu) : 0;
    if (octets == 0 || std::int64_t{link.mtu} + kEncapsulation <= octets) continue;
    suspects.push_back(AboutLink(view, kIpoibMtuMismatch, link,
                                 fmt::format("{} sends up to {} octets, and its broadcast group carries {}",
                                             NameOf(link), link.mtu, octets - kEncapsulation),
                                 {{"interface MTU", std::int64_t{link.mtu}, "octets"},
                                  {"group MTU", std::int64_t{octets}, "octets, 4 of them IPoIB's own"},
                                  {"broadcast group", GroupText(link), ""}}));
  }
  return suspects;
}

std::vector<Suspect> FindChangedSettings(const HostView& view) {
  std::vector<Suspect> suspects;
  AddChangedLinks(view, suspects);
  AddUnequalLegs(view, suspects);
  return suspects;
}

}  // namespace aftershock::rules

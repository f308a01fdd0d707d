// bond-degraded, bond-one-switch, bond-standby-dead and bond-settings: whether a bond is the redundancy it
// looks like.
#include <algorithm>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/membership.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

bool IsUp(const Bond& bond) {
  return (bond.flags & kFlagUp) != 0;
}

// Why the bond itself cannot use the leg; empty: it can.
std::string OpenlyDead(const BondLeg& leg, const IpoibLink* link) {
  if (link == nullptr) return "is gone";
  if (!link->Up()) return "is administratively down";
  if (!link->carrier) return "has no carrier";
  if (!leg.mii_status || *leg.mii_status == MiiStatus::kUp) return {};
  return fmt::format("is {} for the bond", ToString(*leg.mii_status));
}

// Of one bond: what its legs are worth.
struct Legs {
  std::size_t usable = 0;
  std::vector<std::string> dead;  // "ib1 has no carrier"
  std::vector<Evidence> evidence;
  std::optional<SteadyTime> disturbed;
};

Legs LookAtLegs(const HostView& view, const Bond& bond) {
  Legs legs;
  const auto add_dead = [&](const std::string& name, const std::string& why) {
    legs.dead.push_back(name + " " + why);
    legs.evidence.push_back({name, why, ""});
  };
  for (const BondLeg& leg : bond.legs) {
    const IpoibLink* link = view.snapshot().FindLink(leg.index);
    const std::string why = OpenlyDead(leg, link);
    legs.disturbed = std::max(legs.disturbed,
                              link != nullptr ? view.LastDisturbance(*link) : view.LastDisturbance(leg.name));
    if (why.empty()) {
      ++legs.usable;
      legs.evidence.push_back({leg.name, std::string("can carry"), ""});
    } else {
      add_dead(leg.name, why);
    }
  }
  const auto memory = view.state().bonds.find(bond.name);
  if (memory == view.state().bonds.end()) return legs;
  for (const auto& [name, port] : memory->second.legs) {
    if (std::ranges::find(bond.legs, name, &BondLeg::name) != bond.legs.end()) continue;
    add_dead(name, "is no leg of it any more");
    legs.disturbed = std::max(legs.disturbed, view.LastDisturbance(name));
    if (port) legs.disturbed = std::max(legs.disturbed, view.LastDisturbance(*port));
  }
  return legs;
}

// How many switches there should be behind a bond, and who says so.
struct Wanted {
  std::uint32_t switches = 0;
  std::string by;
};
Wanted WantedBehind(const HostView& view, const std::string& bond) {
  const auto expected = view.settings().host.bond_switches.find(bond);
  if (expected != view.settings().host.bond_switches.end()) return {expected->second, "host.expect"};
  const auto memory = view.state().bonds.find(bond);
  const std::uint32_t seen = memory == view.state().bonds.end() ? 0 : memory->second.switches;
  return seen >= 2 ? Wanted{seen, "what was seen before"} : Wanted{};
}

std::vector<Evidence> UplinksOf(const HostView& view, const Bond& bond) {
  std::vector<Evidence> evidence;
  for (const BondLeg& leg : bond.legs) {
    const IpoibLink* link = view.snapshot().FindLink(leg.index);
    const HostPort* port = link == nullptr ? nullptr : view.PortOf(*link);
    std::string to = "not known";
    if (port != nullptr && port->uplink && *port->uplink) {
      const Uplink& uplink = **port->uplink;
      const std::string name = uplink.description.empty() ? "" : " " + uplink.description;
      to = fmt::format("{}{} port {}", ToString(uplink.node), name, uplink.port);
    } else if (port != nullptr && port->uplink) {
      to = "not known: " + port->uplink->error().what;
    }
    evidence.push_back({leg.name + " ends at", std::move(to), ""});
  }
  return evidence;
}

std::optional<Suspect> TooFewSwitches(const HostView& view, const Bond& bond) {
  const auto live = LiveSwitches(view.snapshot(), bond);
  const Wanted wanted = WantedBehind(view, bond.name);
  const Legs legs = LookAtLegs(view, bond);
  std::string summary;
  if (!live && wanted.switches >= 2) {
    summary = fmt::format("It is not known whether the live legs of {} end at {} switches", bond.name,
                          wanted.switches);
  } else if (live && *live < wanted.switches) {
    summary = fmt::format("The live legs of {} end at {} {}, and {} are expected", bond.name, *live,
                          *live == 1 ? "switch" : "switches", wanted.switches);
  } else if (live && *live == 1 && legs.usable >= 2) {
    summary = fmt::format("All live legs of {} end at one switch", bond.name);
  } else {
    return std::nullopt;
  }
  Suspect suspect =
      view.Suspected(kBondOneSwitch, Subject::Bond(bond.name), std::move(summary), UplinksOf(view, bond));
  if (!wanted.by.empty()) suspect.finding.evidence.push_back({"expected by", wanted.by, ""});
  suspect.finding.unknown = !live;
  if (wanted.switches < 2) suspect.finding.severity = Severity::kNote;
  suspect.disturbed = legs.disturbed;
  suspect.settle = view.Time(kBondOneSwitch, "settle_seconds");
  return suspect;
}

// Answers come to another leg, and none to this one.
std::string ProbesLost(const HostView& view, const std::string& leg) {
  const double least = view.Threshold(kBondStandbyDead, "probes");
  const auto& probes = view.snapshot().probes;
  for (const ProbeResult& probe : probes) {
    if (probe.interface != leg || probe.kind == ProbeKind::kEcho || probe.error) continue;
    if (probe.answered > 0 || probe.sent < least) continue;
    const bool peer_lives = std::ranges::any_of(probes, [&](const ProbeResult& other) {
      return other.interface != leg && other.peer == probe.peer && other.answered > 0;
    });
    if (peer_lives) {
      return fmt::format("got no answer to {} {} requests to {}", probe.sent, ToString(probe.kind),
                         probe.peer);
    }
  }
  return {};
}

// The first standby leg that could not take over although its bond thinks that it could.
std::optional<Suspect> SilentlyDead(const HostView& view, const Bond& bond, const BondLeg& leg,
                                    const IpoibLink& link) {
  const bool out = IsOut(view, link);
  const std::string why = out ? "is no member of its broadcast group to the SA" : ProbesLost(view, leg.name);
  if (why.empty()) return std::nullopt;
  Suspect suspect =
      view.Suspected(kBondStandbyDead, Subject::Bond(bond.name),
                     fmt::format("{} would take over for {} and cannot: it {}", NameOf(link), bond.name, why),
                     {{"standby leg", leg.name, ""}, {"it", why, ""}});
  suspect.disturbed = view.LastDisturbance(link);
  suspect.settle = view.Time(kBondStandbyDead, "settle_seconds");
  if (out) TimeMembership(view, link, suspect);
  return suspect;
}

std::optional<Suspect> DeadStandby(const HostView& view, const Bond& bond) {
  std::vector<std::string> dead;
  std::vector<Evidence> evidence;
  std::size_t able = 0;
  for (const BondLeg& leg : bond.legs) {
    if (leg.index == bond.active_leg) continue;
    const IpoibLink* link = view.snapshot().FindLink(leg.index);
    const std::string why = OpenlyDead(leg, link);
    if (!why.empty()) {
      dead.push_back(leg.name + " " + why);
      evidence.push_back({leg.name, why, ""});
    } else if (auto silent = SilentlyDead(view, bond, leg, *link)) {
      return silent;
    } else {
      ++able;
    }
  }
  if (able > 0 || dead.empty()) return std::nullopt;
  Suspect suspect = view.Suspected(kBondStandbyDead, Subject::Bond(bond.name),
                                   fmt::format("No leg of {} could take over: {}", bond.name, Listed(dead)),
                                   std::move(evidence));
  // The bond knows, and so does who looks at it.
  suspect.finding.severity = std::min(suspect.finding.severity, Severity::kWarning);
  suspect.disturbed = LookAtLegs(view, bond).disturbed;
  suspect.settle = view.Time(kBondStandbyDead, "settle_seconds");
  return suspect;
}

}  // namespace

std::vector<Suspect> FindDegradedBonds(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const Bond& bond : view.snapshot().bonds) {
    Legs legs = IsUp(bond) ? LookAtLegs(view, bond) : Legs{};
    if (legs.dead.empty()) continue;
    const std::size_t all = legs.usable + legs.dead.size();
    Suspect suspect = view.Suspected(kBondDegraded, Subject::Bond(bond.name),
                                     fmt::format("{} has {} of {} {}: {}", bond.name, legs.usable, all,
                                                 all == 1 ? "leg" : "legs", Listed(legs.dead)),
                                     std::move(legs.evidence));
    if (legs.usable == 0 && suspect.finding.severity == Severity::kWarning) {
      suspect.finding.severity = Severity::kCritical;
    }
    suspect.disturbed = legs.disturbed;
    suspect.settle = view.Time(kBondDegraded, "settle_seconds");
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

std::vector<Suspect> FindBondsAtOneSwitch(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const Bond& bond : view.snapshot().bonds) {
    if (!IsUp(bond)) continue;
    if (auto suspect = TooFewSwitches(view, bond)) suspects.push_back(std::move(*suspect));
  }
  if (!view.snapshot().Saw(HostPart::kInterfaces)) return suspects;
  for (const auto& [name, switches] : view.settings().host.bond_switches) {
    const auto& bonds = view.snapshot().bonds;
    if (std::ranges::find(bonds, name, &Bond::name) != bonds.end()) continue;
    suspects.push_back(view.Suspected(
        kBondOneSwitch, Subject::Bond(name),
        fmt::format("{} is expected with {} switches behind it, and there is no such bond", name, switches),
        {{"expected by", "host.expect", ""}}));
  }
  return suspects;
}

std::vector<Suspect> FindDeadStandbys(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const Bond& bond : view.snapshot().bonds) {
    if (!IsUp(bond) || bond.mode != kBondActiveBackup || bond.active_leg == 0) continue;
    if (auto suspect = DeadStandby(view, bond)) suspects.push_back(std::move(*suspect));
  }
  return suspects;
}

std::vector<Suspect> FindBondsWithoutMonitoring(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const Bond& bond : view.snapshot().bonds) {
    const bool none = bond.miimon && *bond.miimon == 0 && bond.arp_interval && *bond.arp_interval == 0;
    if (!IsUp(bond) || !none) continue;
    suspects.push_back(
        view.Suspected(kBondSettings, Subject::Bond(bond.name),
                       fmt::format("{} watches its legs neither by miimon nor by arp_interval", bond.name),
                       {{"miimon", std::int64_t{0}, "ms"}, {"arp_interval", std::int64_t{0}, "ms"}}));
  }
  return suspects;
}

}  // namespace aftershock::rules

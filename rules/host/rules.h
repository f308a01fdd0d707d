// The host's rules: each reads a HostView and returns what it suspects, without settling, folding, accepting
// or sorting.
//
// Pure functions, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "model/settings.h"
#include "rules/host/suspect.h"

namespace aftershock::rules {

class HostView;

struct HostRule {
  const RuleSpec* spec;
  std::vector<Suspect> (*find)(const HostView&);
};
// In the order of the table.
std::span<const HostRule> HostRules();

std::vector<Suspect> FindUnseenParts(const HostView& view);
std::vector<Suspect> FindMissingAdapters(const HostView& view);
std::vector<Suspect> FindRemovedAdapters(const HostView& view);
std::vector<Suspect> FindEventBursts(const HostView& view);
std::vector<Suspect> FindPortsDown(const HostView& view);
std::vector<Suspect> FindPortCounters(const HostView& view);
std::vector<Suspect> FindSilentSubnet(const HostView& view);
std::vector<Suspect> FindOtherSm(const HostView& view);
std::vector<Suspect> FindStaleSm(const HostView& view);
std::vector<Suspect> FindMissingCarrier(const HostView& view);
std::vector<Suspect> FindMissingMembership(const HostView& view);
std::vector<Suspect> FindSlowForGroup(const HostView& view);
std::vector<Suspect> FindMtuMismatch(const HostView& view);
std::vector<Suspect> FindChangedSettings(const HostView& view);
std::vector<Suspect> FindStalledQueues(const HostView& view);
std::vector<Suspect> FindStaleNeighbours(const HostView& view);
std::vector<Suspect> FindFlappingInterfaces(const HostView& view);
std::vector<Suspect> FindDegradedBonds(const HostView& view);
std::vector<Suspect> FindBondsAtOneSwitch(const HostView& view);
std::vector<Suspect> FindDeadStandbys(const HostView& view);
std::vector<Suspect> FindBondsWithoutMonitoring(const HostView& view);

}  // namespace aftershock::rules

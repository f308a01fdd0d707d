// What a rule of pairs sees: the groups with what is remembered of each member, the planes, and the
// configuration. Internal to rules/pairs.
//
// Made once per judgement; refers to its parts, which must outlive it.
#pragma once

#include <string>
#include <vector>

#include "rules/found.h"
#include "rules/pairs/judge_pairs.h"

namespace aftershock::rules {

struct MemberSeen {
  const PairMember* configured;
  const MemberMemory* memory;
  const MemberReport* report;
  const FabricSnapshot* snapshot;  // of its plane; nullptr: none has it
  const Node* node;                // nullptr: it is not in that snapshot, or does not answer

  bool Is(MemberState state) const { return report->state == state; }
};

struct GroupSeen {
  const PairGroup* configured;
  const PairReport* report;
  std::vector<MemberSeen> members;
};

class PairView {
 public:
  PairView(const PairFacts& facts, const PairState& state, const PairsReport& report,
           const Settings& settings, WallTime wall);

  const PairFacts& facts() const { return facts_; }
  const PairState& state() const { return state_; }
  const std::vector<GroupSeen>& groups() const { return groups_; }
  SteadyTime now() const { return facts_.at; }
  WallTime wall() const { return wall_; }
  double Threshold(const RuleSpec& rule, std::string_view key) const {
    return settings_.Threshold(rule, key);
  }
  bool Enabled(const RuleSpec& rule) const { return settings_.Enabled(rule.id); }
  // All planes were read in full.
  bool AllRead() const;

  Finding Found(const RuleSpec& rule, const GroupSeen& group, std::string summary,
                std::vector<Evidence> evidence) const;

 private:
  const PairFacts& facts_;
  const PairState& state_;
  const Settings& settings_;
  WallTime wall_;
  std::vector<GroupSeen> groups_;
};

// "spine01 (0x…)"
std::string NameOf(const MemberSeen& member);
std::vector<std::string> NamesOf(const std::vector<const MemberSeen*>& members);

std::vector<Finding> FindLostPairs(const PairView& view);
std::vector<Finding> FindDegradedPairs(const PairView& view);
std::vector<Finding> FindBothIntermittent(const PairView& view);
std::vector<Finding> FindIntermittent(const PairView& view);
std::vector<Finding> FindUnseen(const PairView& view);
std::vector<Finding> FindUnknownMembers(const PairView& view);
std::vector<Finding> FindRestarted(const PairView& view);
std::vector<Finding> FindCorrelated(const PairView& view);
std::vector<Finding> FindSharedRisks(const PairView& view);
std::vector<Finding> FindDifferentFirmware(const PairView& view);
std::vector<Finding> FindReplacedMembers(const PairView& view);
std::vector<Finding> FindUnevenHosts(const PairView& view);
std::vector<Finding> FindUnprovenStandbys(const PairView& view);

}  // namespace aftershock::rules

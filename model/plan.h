// What would be left of a fabric with something taken away: the answer of `aftershock plan`.
//
// Plain data with the names a person knows. Elements refer to each other by index. Hosts are the adapters of
// one machine together; aggregation nodes and routers are no hosts. A leg is a cable from a host to a switch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"
#include "model/ids.h"

namespace aftershock {

enum class Fate : std::uint8_t {
  kStays,
  kTaken,   // by the plan itself
  kCutOff,  // it stays where it is, and the main part of its plane cannot be reached from it
};

struct PlanLeg {
  PortKey host_port;
  PortKey switch_port;
  std::string adapter;  // name of the adapter
  std::string at;       // name of the switch
  Fate fate = Fate::kStays;
};

// Link-disjoint paths from a host to every other leaf of its planes, the minimum of each plane, summed.
struct PlanPaths {
  std::uint32_t before = 0;
  std::uint32_t after = 0;          // 0 in a plane one of whose remaining leaves cannot be reached
  std::uint32_t after_reached = 0;  // the same without the leaves that cannot be reached
  std::uint32_t leaves_lost = 0;    // leaves that remain and cannot be reached
  friend bool operator==(const PlanPaths&, const PlanPaths&) = default;
};

struct PlanHost {
  std::string name;
  std::vector<PlanLeg> legs;
  std::uint32_t legs_after = 0;
  bool cut_off = false;              // it has no leg left
  std::optional<PlanPaths> paths;    // none: it is what the paths lead to
  bool misses_target = false;        // no way is left to a host or switch that was asked for
  bool exposed = false;              // one more failure cuts it off, which without the plan it would survive
  std::vector<std::string> failing;  // such failures, a few
};

// It stays connected with fewer legs than it has now, or one failure away from being cut off.
inline bool LosesRedundancy(const PlanHost& host) {
  return !host.cut_off && (host.exposed || host.legs_after < host.legs.size());
}

// Whether measured traffic fits what is left of the cables that carried it, in the worse direction.
struct PlanLoad {
  std::string what;                     // "uplinks of leaf01", "node07"
  std::optional<double> before, after;  // share of the capacity; none: not measured
  bool overloaded = false;
};

struct PlanSwitch {
  Guid guid{};
  std::string name;
  std::uint32_t plane = 0;
  std::uint32_t tier = 0;  // 1: leaves; 0: no cable joins it to a leaf
  // Of the hosts with a leg on it.
  std::uint32_t hosts = 0, hosts_cut_off = 0, hosts_weaker = 0;
  Fate fate = Fate::kStays;
  std::optional<double> paths_before, paths_after;  // up to the top of its tree; none: no leaf, or no tiers
};

// All cables between two switches.
struct PlanTrunk {
  std::uint32_t a = 0, b = 0;  // index of the switches
  std::uint32_t cables = 0, taken = 0;
};

enum class SmFate : std::uint8_t { kNotKnown, kStays, kTakeover, kNone };
struct PlanPlane {
  std::string name;
  SmFate sm = SmFate::kNotKnown;
  std::string sm_name;  // the master of today; empty: not known
  std::string sm_next;  // another that stays, for a take-over
};

// One more failure on top of the plan.
struct PlanFailure {
  std::string what;                    // "switch spine02", "power=feed-A"
  std::uint32_t hosts_cut_off = 0;     // that the plan alone leaves connected
  std::uint32_t hosts_by_plan = 0;     // of these, those that this failure alone would not cut off
  std::uint32_t hosts_legs_lost = 0;   // hosts that lose a leg and keep another
  std::vector<std::string> names;      // of hosts that are cut off, those by the plan first; a few
  std::optional<double> lowest_share;  // of up-paths left, over all leaves that stay
  std::string lowest_leaf;
  std::uint32_t overloaded = 0;
  bool sm_left = true;
};

enum class LoadKnown : std::uint8_t { kNo, kPartly, kYes };

struct Plan {
  std::vector<std::string> taken;    // as understood: "switch spine01 (0x…)"
  std::vector<std::string> towards;  // what the paths lead to; empty: every other leaf
  std::vector<PlanPlane> planes;
  std::vector<PlanSwitch> switches;
  std::vector<PlanTrunk> trunks;
  std::vector<PlanHost> hosts;
  LoadKnown load_known = LoadKnown::kNo;
  double load_seconds = 0;           // of the last hour that were measured, the least of all ports
  double head_room = 0;              // share of a link that may be used
  std::vector<PlanLoad> loads;       // of what the plan changes, worst first
  std::vector<PlanFailure> further;  // worst first; those that harm nobody are left out
  std::uint32_t failures_tried = 0;
  std::vector<std::string> gaps;                                     // what is not known and would have to be
  std::uint32_t aggregation_nodes = 0, routers = 0, unattached = 0;  // that are not among the hosts

  Verdict verdict = Verdict::kUnknown;
};

}  // namespace aftershock

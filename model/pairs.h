// Redundancy groups: switches of which some have to live at any time, as the configuration names them and as
// they were seen.
//
// Plain data. Groups are as written: whether a member is in a fabric, and which node its text means, is found
// out against a snapshot.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/fabric.h"
#include "model/finding.h"
#include "model/ids.h"

namespace aftershock {

struct PairMember {
  std::string text;                          // a GUID, or a node's name
  std::map<std::string, std::string> risks;  // label to value: "power" to "feed-A"
  std::string where;  // of the configuration: "aftershock.yaml:12: pairs[0].members[1]"
  friend bool operator==(const PairMember&, const PairMember&) = default;
};

struct PairGroup {
  std::string name;
  std::uint32_t must_live = 1;
  std::vector<PairMember> members;
  friend bool operator==(const PairGroup&, const PairGroup&) = default;
};

// How a member stands, as far as it can be seen.
enum class MemberState : std::uint8_t {
  kUnknown,       // we ourselves cannot see: our own port or every route to it is the problem
  kLive,          // it answers
  kIntermittent,  // a share of its answers is missing or late
  kDead,          // none over any route, and its neighbours' ports are down
};
std::string_view ToString(MemberState state);  // "unknown", "live", "intermittent", "dead"

// A member as it was seen within the last window.
struct MemberReport {
  std::string text;  // as configured
  std::string name;  // of the node; the configured text where it is not known
  Guid guid{};       // 0: in no fabric that is seen
  MemberState state = MemberState::kUnknown;
  std::uint32_t asked = 0, answered = 0;  // in time; questions that say nothing of the member are left out
  std::uint32_t broken_routes = 0;        // silent while the member answers by another
  std::string because;                    // why the state is not kLive; one clause
};

struct PairReport {
  std::string name;
  std::uint32_t must_live = 1;
  std::vector<MemberReport> members;
  Verdict verdict = Verdict::kUnknown;

  // Members in that state.
  std::uint32_t Count(MemberState state) const;
  // Live members; nullopt: of one of them it is not known.
  std::optional<std::uint32_t> Live() const;
};

// All the configured groups at one moment.
struct PairsReport {
  std::vector<PairReport> pairs;  // in the order of the configuration
  // Hosts that reach fewer live switches than they are cabled to; none: no fabric was seen so far.
  std::optional<std::uint32_t> hosts_short;
  std::optional<SteadyTime> asked;       // when the last round of questions began; none: there was none
  std::map<std::string, MadCount> mads;  // by plane, since the process started
  bool asking = true;                    // false: of a saved snapshot; members stand as the sweep saw them
  Duration stale_after{};                // a round older than this: UNKNOWN
};

}  // namespace aftershock

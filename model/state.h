// What the fabric's rules remember from sweep to sweep of one plane, as plain data.
//
// Made and changed by rules/ only; the caller keeps it and hands it back. Keys are (GUID, port); a GUID that
// is seen twice is not remembered, because nothing tells whose history it would be. Size: about 500 octets
// for each port that ever had a link, bounded by what the fabric has. Times are of the monotonic clock unless
// they are a WallTime; they mean nothing to another process, which is recognised by the sweep's number
// beginning again.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/attributes.h"
#include "model/counters.h"
#include "model/finding.h"
#include "model/ids.h"
#include "model/ipoib.h"
#include "model/routing.h"

namespace aftershock {

struct PortKeyHash {
  std::size_t operator()(const PortKey& key) const {
    return std::hash<std::uint64_t>{}(static_cast<std::uint64_t>(key.node) * 0x9e3779b97f4a7c15u + key.port);
  }
};

// The counters that are rated: errors of bits, compared with the bits sent, and events, compared with a
// number.
inline constexpr std::array kBitErrorCounters{Counter::kSymbolErrors, Counter::kRcvErrors};
inline constexpr std::array kEventCounters{
    Counter::kLinkErrorRecovery, Counter::kLocalLinkIntegrityErrors, Counter::kExcessiveBufferOverrunErrors,
    Counter::kXmitDiscards,      Counter::kXmitConstraintErrors,     Counter::kRcvConstraintErrors,
    Counter::kVl15Dropped};

struct BitErrors {
  std::uint32_t count = 0;
  float gigabits = 0;  // received while the counter could be trusted
};
struct WindowHalf {
  float seconds = 0;
  std::array<BitErrors, kBitErrorCounters.size()> bit_errors{};
  std::array<std::uint32_t, kEventCounters.size()> events{};
};
// A window that slides by half its length: between half and all of it is remembered.
struct SlidingWindow {
  SteadyTime began{};  // of the newer half
  WindowHalf older, newer;

  WindowHalf Total() const;
  // Starts a new half when the present one is as long as half the window.
  void Turn(SteadyTime now, Duration length);
};
// Lengths are thresholds of link-errors.
enum class WindowLength : std::uint8_t { kShort, kMedium, kLong };
inline constexpr std::size_t kWindowCount = 3;

// One reading of the rated counters of a port, and of LinkDowned behind them.
inline constexpr std::size_t kReadCounterCount = kBitErrorCounters.size() + kEventCounters.size() + 1;
struct CounterReading {
  SteadyTime at{};
  std::array<std::uint64_t, kReadCounterCount> value{};
  std::bitset<kReadCounterCount> usable;                  // there, and not saturated
  std::vector<std::pair<Counter, std::uint32_t>> resets;  // of all counters, as in CounterValues
};

struct LinkEvent {
  SteadyTime at{};
  std::uint32_t downs = 0;
  SteadyTime after{};  // the look before the one that saw or counted them
};

// A port that has, or had, a link.
struct PortMemory {
  PortKey peer;  // node 0: not known
  bool linked = false;
  std::optional<SteadyTime> down_since;  // it carried a link in this run and is down now
  std::optional<CounterReading> reading;
  std::array<SlidingWindow, kWindowCount> windows{};
  std::vector<Counter> cleared;         // by somebody else, between the last two readings
  std::vector<LinkEvent> downs;         // oldest first
  std::uint32_t uncounted_downs = 0;    // seen by a sweep, and not in LinkDowned so far
  std::optional<SteadyTime> restarted;  // its device, last
};

// Where a node stands that has been seen in this run.
enum class Standing : std::uint8_t {
  kPresent,     // it answers
  kUnanswered,  // it is in the snapshot, and silent
  kSilent,      // it is not in the snapshot, and a neighbour's port still has its signal
  kHidden,      // it is not in the snapshot, and what leads to it is dead: nothing is known of it
  kLost,        // it is not in the snapshot, and its neighbours' ports are down or lead elsewhere
};
struct NodeMemory {
  NodeType type = NodeType::kUnknown;
  std::uint8_t num_ports = 0;
  std::string name;
  std::uint32_t listed_sweep = 0;  // the last one whose snapshot had it
  Standing standing = Standing::kPresent;
  std::optional<SteadyTime> lost_at;
  Guid behind{};  // the dead switch through which alone it could be reached; 0: none
};

// Something that has to be seen twice before it weighs: since when, and by which sweep first.
struct Spell {
  SteadyTime first{}, last{};
  std::uint32_t first_sweep = 0, last_sweep = 0;
};
using Spells = std::unordered_map<PortKey, Spell, PortKeyHash>;

// The activity count of the master, which OpenSM raises by one for every SMP that it sends, answers to our
// own questions included (measured with OpenSM 3.3.23).
struct SmActivity {
  Guid guid{};
  std::uint32_t last = 0;
  SteadyTime regular_since{};     // from then on it moved again and again
  SteadyTime moved{};             // the last look that found it moved by more than our questions
  SteadyTime still{};             // the last look that did not
  std::uint32_t still_looks = 0;  // since it moved
};

// Who manages the subnet and what the SA said, over this run.
struct SubnetMemory {
  Guid master{};                           // the only one, last; 0: none so far
  std::optional<SteadyTime> master_moved;  // another than before answered as the only master
  std::vector<Guid> rivals;                // the masters, while there are several
  std::optional<Spell> several;            // these
  std::optional<Spell> no_master;
  std::map<PortKey, std::string> standbys;  // ports that were seen in STANDBY, with their nodes' names
  Spells discovering;                       // managers, by port
  Spells outranking;                        // standbys with a higher priority than the master's
  std::optional<SmActivity> activity;
  std::vector<Lid> master_lids;        // of the masters, sorted; the next are of these
  Spells sm_lid_astray;                // ports with another SM LID; only sweeps that read the port count
  std::vector<Duration> sa_latencies;  // in turn, the newest last, of this master
  std::optional<GroupRecord> group;    // the broadcast group, as last seen
  std::optional<Spell> group_missing;
  std::set<PortKey> members;  // adapter ports that were members of it
};

// One cause of ways that do not arrive, or of a cycle, as it was found when the tables were last walked.
struct RouteFault {
  std::string rule;
  Subject subject;
  std::string summary;
  std::vector<Evidence> evidence;
  std::optional<Severity> severity;  // none: that of the rule
  bool unknown = false;
  std::vector<Guid> switches;  // by whose tables it is so; empty: many
  std::uint32_t first_sweep = 0;
  SteadyTime first_seen{};  // when that sweep began
  bool at_once = false;     // it was there when this process looked first
};

// What the linear tables amount to, kept as long as nothing moves that they are judged by.
struct RoutingMemory {
  std::uint64_t fingerprint = 0;
  std::uint64_t sl_fingerprint = 0;  // of what tells service levels; 0: they did not matter
  std::uint32_t changed_sweep = 0;   // that last had another fingerprint than the one before
  std::vector<std::shared_ptr<const void>>
      tables;  // those it was made of: an address alone may be used again
  std::vector<RouteFault> faults;
  std::shared_ptr<const RoutingFacts> facts;
  bool judged = false;  // some tables were, in this run
};

// Whether the SA had an adapter's port in the IPoIB broadcast group, since the port last became Active.
struct MembershipMemory {
  bool was = false;          // a member
  std::optional<Spell> out;  // it has answered since that the port is none
};

// What the multicast trees and the tables beside the routes were found to be, over this run.
struct TreeMemory {
  std::optional<Spell> loop;  // in the tree of the IPoIB broadcast group
  Spells missed;              // its members that the tree does not reach
  std::unordered_map<PortKey, MembershipMemory, PortKeyHash> memberships;
  Spells partitions;  // ports of switches with other P_Keys than they should have
  Spells unbalanced;  // exits of switches
};

struct FabricState {
  std::uint32_t sweep = 0;  // number of the last one
  SteadyTime started{};     // of the last one
  std::unordered_map<Guid, NodeMemory> nodes;
  std::unordered_map<PortKey, PortMemory, PortKeyHash> ports;
  Spells not_active;  // linked, and Init or Armed
  Spells lid_invalid;
  Spells lid_shared;     // by the port with the higher LID
  Spells ends_disagree;  // by the lower end
  SubnetMemory subnet;
  RoutingMemory routing;
  TreeMemory trees;
  std::unordered_map<std::string, WallTime> since;  // by Key(finding)
};

}  // namespace aftershock

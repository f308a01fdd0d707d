// What the rules of pairs remember, as plain data: what was heard of each switch within the windows, which
// switch a configured member is, when something last befell it, and to which switches hosts are cabled.
//
// Made and changed by rules/ only; the caller keeps it and hands it back. Times are of the monotonic clock
// and mean nothing to another process.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"
#include "model/liveness.h"
#include "model/pairs.h"
#include "model/state.h"

namespace aftershock {

struct HeardAt {
  SteadyTime at{};
  Heard heard = Heard::kVoid;
};
struct RouteMemory {
  LivenessRoute route;
  std::vector<HeardAt> samples;  // of the window, oldest first
};

// What is remembered of a switch that is asked.
struct AskedMemory {
  std::vector<RouteMemory> routes;
  std::optional<SteadyTime> heard;         // last, by any route
  std::optional<SteadyTime> silent_since;  // the first of the rounds in a row in which nothing was heard
  std::uint32_t silent_rounds = 0;
  std::uint32_t cut_off_rounds = 0;       // of these: a neighbour's port was down, or none had a signal
  std::uint32_t void_rounds = 0;          // in a row, until the last: our own ports had no signal
  std::vector<NeighbourPort> neighbours;  // of the last silent round that asked them
  std::optional<SteadyTime> silent;       // the last round in which nothing was heard
  std::optional<SteadyTime> without_lid;  // port 0 was last seen without a LID
  std::optional<SteadyTime> with_lid;     // and last with one
};

// What happens to a member and, at the same time, should not happen to another.
enum class Mishap : std::uint8_t { kDied, kRestarted, kFaltered, kErred };
inline constexpr std::size_t kMishapCount = 4;
std::string_view ToString(Mishap mishap);  // "died", "restarted", "became intermittent", "began to err"

// What the fabric tells of a switch, kept so that a switch in its place can be compared.
struct Fingerprint {
  std::uint32_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::uint32_t revision = 0;
  std::uint32_t capabilities = 0;  // of port 0, without what a subnet manager on it sets
  std::uint16_t pma_capabilities = 0;
  std::uint16_t linear_fdb_cap = 0;
  std::uint16_t multicast_fdb_cap = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

struct MemberMemory {
  Guid guid{};       // 0: it was in no fabric so far
  std::string name;  // of the node
  std::string plane;
  MemberState state = MemberState::kUnknown;
  std::array<std::optional<SteadyTime>, kMishapCount> mishaps{};  // when each befell it last
  bool erring = false;                                            // its links have findings of errors
  std::vector<PortKey> cables;                                    // ports of others that lead to it
  std::optional<Fingerprint> fingerprint;
  std::optional<Guid> replaced;  // the switch that stood there before
  std::optional<Fingerprint> fingerprint_before;
  std::uint32_t sweeps = 0;                     // that read it
  std::optional<SteadyTime> swept;              // the last sweep that read it
  std::map<PortKey, std::uint64_t> link_downs;  // LinkDowned of the ports that lead to it
  // The data that its ports moved, in octets; since when they are watched; when it last was traffic.
  std::optional<std::uint64_t> moved;
  std::optional<SteadyTime> watched_since, last_traffic;
};

// The cable of an adapter's port, as it was when it last led to a switch.
struct HostCable {
  PortKey at;           // the port of the switch
  std::string host;     // the key of the machine
  std::string adapter;  // its description
  // An end of it was read, and is down or leads elsewhere. What was not read stays as it was.
  bool lost = false;
};

// A machine, and the switches at the ends of its cables, each once.
struct HostLegs {
  std::string name;
  std::uint32_t ports = 0;
  std::vector<Guid> cabled;   // in this run
  std::vector<Guid> reached;  // as far as it is known, none of these legs is lost
  bool unread = false;        // of a port it was never read where it leads
};

struct PairState {
  std::map<std::string, std::vector<MemberMemory>> members;  // by group, beside its members
  std::map<std::string, std::map<Guid, AskedMemory>> asked;  // by plane
  std::map<std::string, std::uint32_t> sweeps;               // the number of the last sweep of each plane
  // By plane and the adapter's port.
  std::map<std::string, std::unordered_map<PortKey, HostCable, PortKeyHash>> host_cables;
  std::vector<HostLegs> hosts;         // as of the last sweeps
  std::optional<SteadyTime> asked_at;  // the last round
  std::unordered_map<std::string, WallTime> since;
};

}  // namespace aftershock

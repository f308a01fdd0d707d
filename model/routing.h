// What a switch forwards by, who manages the subnet and what the SA answers: as read, nothing judged.
// Sections are of IBA 1.3 volume 1.
//
// Tables are large and seldom change, so a snapshot shares those that were not read anew with the one before:
// the same pointer is the same table. Plain data, immutable once published.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/answer.h"
#include "model/attributes.h"
#include "model/ids.h"
#include "model/ipoib.h"

namespace aftershock {

// LinearForwardingTable, 14.2.5.10, up to LinearFDBTop.
struct LinearTable {
  static constexpr std::uint8_t kNoExit = 0xff;
  std::vector<std::uint8_t> exit;  // port by LID; 0: the switch itself

  std::uint8_t ExitOf(Lid lid) const {
    const auto index = static_cast<std::size_t>(lid);
    return index < exit.size() ? exit[index] : kNoExit;
  }
  friend bool operator==(const LinearTable&, const LinearTable&) = default;
};

using PortSet = std::bitset<256>;  // by port number

// MulticastForwardingTable, 14.2.5.11: by MLID, those that lead to at least one port.
struct MulticastTable {
  std::map<std::uint16_t, PortSet> groups;
  friend bool operator==(const MulticastTable&, const MulticastTable&) = default;
};

// SLtoVLMappingTable, 14.2.5.8: the VL of each SL, by the port that a packet comes in by and the one it goes
// out by.
struct SlToVlTable {
  using Row = std::array<std::uint8_t, 16>;
  std::map<std::pair<std::uint8_t, std::uint8_t>, Row> vl;
  friend bool operator==(const SlToVlTable&, const SlToVlTable&) = default;
};

// One kind of table of one switch: what stands is the last one that was read whole.
template <typename Table>
struct TableReading {
  std::shared_ptr<const Table> table;  // nullptr: never read
  Answer answer = Answer::kNotAsked;   // in this sweep
  std::uint32_t sweep = 0;             // that read it last
  bool unstable = false;               // it changed while it was read, again and again
};

struct SwitchTables {
  TableReading<LinearTable> linear;
  TableReading<MulticastTable> multicast;
  TableReading<SlToVlTable> sl_to_vl;  // not asked where one data VL is in use
  // It chooses among several exits by load, so that its linear table is not all it forwards by; nullopt: not
  // known, which is so of devices that have no such attribute.
  std::optional<bool> adaptive;
};

// A port's P_Key table, 14.2.5.7, without empty entries, in its order.
struct PartitionReading {
  std::optional<std::vector<std::uint16_t>> keys;  // none: never read
  Answer answer = Answer::kNotAsked;               // in this sweep
};

// Whether the SA has a port in the IPoIB broadcast group of the default partition.
struct MembershipReading {
  std::optional<bool> member;         // as last answered
  Answer answer = Answer::kNotAsked;  // in this sweep
  std::uint32_t sweep = 0;            // that asked last
};

// A port whose PortInfo says that a subnet manager runs behind it (IsSM), and what that one says of itself.
struct SmSeen {
  PortKey port;
  Guid port_guid{};
  Lid lid{};
  Answer answer = Answer::kNotAsked;
  std::optional<SmInfo> info;
};

// A way that the SA gave out.
struct PathSample {
  Lid from{}, to{};
  std::uint8_t sl = 0;
  friend bool operator==(const PathSample&, const PathSample&) = default;
};

// The SLs of paths as a dump of the subnet manager lists them (its plugin that writes
// opensm-path-records.dump).
struct PathSls {
  static constexpr std::uint8_t kUnknown = 0xff;
  // By the first LID of the port that sends; SL by destination LID.
  std::unordered_map<std::uint16_t, std::vector<std::uint8_t>> by_source;
};

// The SA at the master, asked in this sweep.
struct SaView {
  Lid lid{};
  Answer answer = Answer::kNotAsked;  // ClassPortInfo
  std::optional<Duration> latency;    // of that answer
  Answer path_answer = Answer::kNotAsked;
  std::vector<PathSample> paths;  // of this sweep and earlier ones, as long as their ends have these LIDs
  // The IPoIB broadcast group of the default partition, 15.2.5.17.
  Answer group_answer = Answer::kNotAsked;
  bool group_missing = false;        // the SA has no such group
  std::optional<GroupRecord> group;  // as last answered
};

// What rules/routing makes of the tables of one sweep, to be compared with the baseline's.
struct RoutingFacts {
  bool complete = false;  // every switch's linear table was read and stood still
  // Every channel (exit port of a switch) that lies on a cycle of the channel dependency graph, sorted;
  // nullopt: not judged.
  std::optional<std::vector<PortKey>> looped;
  // Every path between adapters goes up and then down the tiers; nullopt: not judged, or there are no tiers.
  std::optional<bool> up_down;
  friend bool operator==(const RoutingFacts&, const RoutingFacts&) = default;
};

}  // namespace aftershock

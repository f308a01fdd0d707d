// One sweep of one subnet (plane), as it was seen: nodes, ports, cables, counters and what did not answer.
//
// A FabricSnapshot is immutable once published and is shared by rules, exporter and journal. Nothing in it is
// a judgement: "did not answer" is recorded as such and left to rules/.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/answer.h"
#include "model/attributes.h"
#include "model/counters.h"
#include "model/ids.h"
#include "model/routing.h"

namespace aftershock {

// Where a cable leads. `node` indexes FabricSnapshot::nodes.
struct Peer {
  std::uint32_t node = 0;
  std::uint8_t port = 0;
  friend auto operator<=>(const Peer&, const Peer&) = default;
};

struct Port {
  std::uint8_t num = 0;
  Guid guid{};  // port GUID; 0: not known (a port of an adapter that only another plane reaches)
  std::optional<PortInfo> info;  // the last one read
  Answer info_answer = Answer::kNotAsked;
  std::uint32_t info_sweep = 0;  // number of the sweep that read `info`
  std::optional<Peer> peer;
  Answer peer_answer = Answer::kNotAsked;  // NodeInfo through this port
  CounterValues counters;                  // accumulated, see model/counters.h
  Answer counters_answer = Answer::kNotAsked;
  Duration counters_read{};  // when, after SweepReport::started
  bool restarted = false;    // its counters all began again since the last sweep: the device restarted
  PartitionReading partitions;
  MembershipReading membership;  // of an adapter's port

  // A cable with a signal on it. Port 0 has none.
  bool Linked() const { return num != 0 && info && info->phys_state == PhysState::kLinkUp; }
};

// The vendor of most switches and adapters, by IEEE's number, as Node::vendor_id has it.
inline constexpr std::uint32_t kMellanoxOui = 0x0002c9;

struct Node {
  Guid guid{};
  Guid system_image_guid{};
  NodeType type = NodeType::kUnknown;
  std::uint8_t num_ports = 0;
  std::uint32_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::uint32_t revision = 0;
  std::string description;  // NodeDescription, Printable(); empty: not known
  std::string name;         // node-name map, else the short form of the description, else the GUID
  std::vector<std::uint8_t>
      route;  // directed route from our port: the exit port of each hop; empty: our own node
  Answer answer = Answer::kNotAsked;  // NodeInfo in this sweep
  Answer description_answer = Answer::kNotAsked;
  Answer switch_answer = Answer::kNotAsked;
  Answer pma_answer = Answer::kNotAsked;  // ClassPortInfo of the performance management class
  std::optional<SwitchInfo> switch_info;
  std::optional<ClassPortInfo> pma;
  bool duplicate = false;      // another node of this snapshot has the same GUID; `route` tells them apart
  std::vector<Port> ports;     // by number: a switch's from 0, others' from 1
  SwitchTables tables;         // of a switch
  std::uint32_t requests = 0;  // MADs sent to it in this sweep, and how many of them got no answer
  std::uint32_t lost = 0;

  bool IsSwitch() const { return type == NodeType::kSwitch; }
  // nullptr when there is no such port.
  const Port* FindPort(std::uint8_t num) const;
  Port* FindPort(std::uint8_t num);
  // An aggregation node of a switch (SHARP): an adapter to NodeInfo, and no host.
  bool IsAggregationNode() const;
};

// The HCA port a sweep goes out by.
struct LocalPort {
  std::string device;  // "mlx5_0"
  std::uint8_t port = 0;
  Guid guid{};
  Lid lid{};
  Lid sm_lid{};
  std::string Name() const;  // "mlx5_0:1"
};

// What answered at the local port's SM LID.
struct SmView {
  Lid lid{};
  Answer answer = Answer::kNotAsked;
  std::optional<SmInfo> info;
  // What it counted when it was asked last, which may be again and again in a sweep. Not saved: it is of use
  // to the next sweep alone.
  std::optional<std::uint32_t> last_activity;
};

enum class MadClass : std::uint8_t { kSmp, kPma, kSa };
inline constexpr std::size_t kMadClassCount = 3;
std::string_view ToString(MadClass mad_class);  // "smp", "pma", "sa"

// MADs of one class over the life of the process.
struct MadCount {
  std::uint64_t sent = 0;  // tries, repeated ones included
  std::uint64_t answered = 0;
  std::uint64_t timeouts = 0;  // tries
  std::uint64_t errors = 0;    // answered with a status, or the local stack refused
  std::uint64_t dropped = 0;   // late, duplicate, malformed, wrong class or unsolicited: thrown away
  friend bool operator==(const MadCount&, const MadCount&) = default;
};

struct Coverage {
  std::uint32_t nodes_expected = 0, nodes_answered = 0, nodes_unanswered = 0;
  std::uint32_t ports_expected = 0, ports_answered = 0,
                ports_unanswered = 0;  // linked ports; PortInfo and counters
  std::uint32_t not_applicable = 0;    // linked ports whose device has no counters to read
  friend bool operator==(const Coverage&, const Coverage&) = default;
};

struct SweepReport {
  std::uint32_t number = 0;  // 1 for the first of this process
  WallTime started{};
  SteadyTime started_steady{};  // not saved; the epoch for a snapshot from a file
  Duration duration{};
  bool full = false;      // discovered anew, as opposed to re-read
  bool complete = false;  // reached its end before its deadline, with the local port usable throughout
  std::string incomplete_because;                     // one clause; empty when complete
  Duration tables{};                                  // of it: reading forwarding and other tables
  std::uint64_t table_mads = 0;                       // … and how many MADs that took
  std::array<MadCount, kMadClassCount> mads{};        // of this sweep
  std::array<MadCount, kMadClassCount> mads_total{};  // since the process started
  Coverage coverage;
};

struct FabricSnapshot {
  LocalPort local;
  SweepReport sweep;
  std::vector<Node> nodes;  // sorted by GUID, then route
  SmView sm;
  std::vector<SmSeen> sms;  // sorted by port
  SaView sa;

  const Node* FindNode(Guid guid) const;  // the first of duplicates; nullptr: none
  const Port* PeerPort(const Port& port) const;
  const Node* PeerNode(const Port& port) const;
};
using FabricSnapshotPtr = std::shared_ptr<const FabricSnapshot>;

// Counts what answered; the probe stores the result in SweepReport::coverage.
Coverage CountCoverage(const FabricSnapshot& snapshot);

// "MF0;sw1:MQM8700/U1" is also known as "sw1"; everything else is its own short form.
std::string ShortName(std::string_view description);

// True for each cable exactly once, at one of its ends. REQUIRES: port.peer
bool IsFirstEnd(const FabricSnapshot& snapshot, const Node& node, const Port& port);

}  // namespace aftershock

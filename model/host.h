// One look at one host, as it was seen: adapters and their ports, IPoIB interfaces, bonds, neighbours, and
// what the subnet's SM and SA say about them.
//
// A HostSnapshot is immutable once published and is shared by rules, exporter and journal. Nothing in it is a
// judgement. Whatever could not be read has no value: std::nullopt together with a PartReport or FileFault
// that says why, or a Result with the Error.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/attributes.h"
#include "model/counters.h"
#include "model/fabric.h"
#include "model/host_event.h"
#include "model/ids.h"
#include "model/ipoib.h"

namespace aftershock {

// ---- what was looked at ----

enum class HostPart : std::uint8_t {
  kAdapters,    // sysfs: HCAs, ports, counters
  kPci,         // sysfs: PCI devices of class 0x0207
  kEvents,      // verbs: asynchronous events
  kInterfaces,  // rtnetlink: IPoIB links, bonds, queues
  kNeighbours,  // rtnetlink: neighbour tables
  kKernelLog,   // /dev/kmsg
  kCabling,     // one NodeInfo a hop away
  kSm,          // SMInfo at the port's SM LID
  kSa,          // SubnAdmGet
  kProbes,      // ARP and ICMP to configured peers
};
inline constexpr std::size_t kHostPartCount = 10;
std::string_view ToString(HostPart part);  // "adapters", …

// How a part of the look went. Parts that were not wanted (kProbes without peers) are not listed.
struct PartReport {
  HostPart part = HostPart::kAdapters;
  std::optional<Error> error;  // none: it was looked at. kAbsent: there is nothing to look at here
};

// A file of sysfs that exists and could not be read or made no sense. Relative to /sys.
struct FileFault {
  std::string path;
  Error error;
};

// ---- adapters ----

// The node at the other end of a port's cable: NodeInfo (and NodeDescription) one hop out.
struct Uplink {
  Guid node{};
  std::uint8_t port = 0;  // of that node, where our cable ends
  NodeType type = NodeType::kUnknown;
  std::string description;  // Printable(); empty: not known
  friend bool operator==(const Uplink&, const Uplink&) = default;
};

struct HostPort {
  std::uint8_t num = 0;
  Guid guid{};                             // interface identifier of GID 0; 0: not known
  std::string link_layer;                  // "InfiniBand", "Ethernet"; empty: not known
  PortState state = PortState::kNoChange;  // kNoChange: not known
  PhysState phys_state = PhysState::kNoChange;
  std::optional<Lid> lid, sm_lid;
  std::optional<std::uint8_t> sm_sl;
  std::optional<std::uint32_t> capability_mask;
  std::optional<std::uint32_t> rate_mbps;      // 2500 is 2.5 Gb/s; nullopt for "0 GB/sec" too
  std::string rate_text;                       // as sysfs says, Printable(): "100 Gb/sec (4X EDR)"
  std::optional<Gid> gid;                      // GID 0
  std::vector<std::uint16_t> p_keys;           // the table without empty entries, in its order
  CounterValues counters;                      // as sysfs says: IBA registers, not accumulated
  Answer counters_answer = Answer::kNotAsked;  // kUnsupported: "N/A (no PMA)", or no counters folder
  // nullopt: not asked in this look (the port is not Active, or asking is denied).
  std::optional<Result<Uplink>> uplink;

  bool IsInfiniBand() const { return link_layer == "InfiniBand"; }
};

struct Hca {
  std::string name;  // "mlx5_0"
  Guid node_guid{};
  Guid system_image_guid{};
  std::string description, firmware, board_id, hca_type;  // Printable(); empty: not known
  std::string pci_address;                                // "0000:3b:00.0"; empty: none
  std::vector<HostPort> ports;                            // by number
  const HostPort* FindPort(std::uint8_t num) const;
};

// A PCI function of class 0x0207, "InfiniBand controller".
struct PciFunction {
  std::string address;  // "0000:3b:00.0"
  std::uint16_t vendor = 0, device = 0;
  std::string driver;  // empty: no driver is bound
};

// ---- interfaces ----

enum class IpoibMode : std::uint8_t { kDatagram, kConnected };
std::string_view ToString(IpoibMode mode);  // "datagram", "connected"

// IF_OPER_*, RFC 2863 and include/uapi/linux/if.h.
enum class OperState : std::uint8_t {
  kUnknown,
  kNotPresent,
  kDown,
  kLowerLayerDown,
  kTesting,
  kDormant,
  kUp
};
std::string_view ToString(OperState state);

inline constexpr std::uint32_t kFlagUp = 1u << 0;        // IFF_UP
inline constexpr std::uint32_t kFlagRunning = 1u << 6;   // IFF_RUNNING
inline constexpr std::uint32_t kFlagLowerUp = 1u << 16;  // IFF_LOWER_UP

struct LinkStatistics {
  std::uint64_t rx_packets = 0, tx_packets = 0, rx_bytes = 0, tx_bytes = 0;
  std::uint64_t rx_errors = 0, tx_errors = 0, rx_dropped = 0, tx_dropped = 0;
};
// What waits in the interface's queueing disciplines (TCA_STATS2).
struct Backlog {
  std::uint64_t packets = 0, bytes = 0;
};

// The port an interface runs over.
struct HcaPortName {
  std::string device;
  std::uint8_t port = 0;
  friend auto operator<=>(const HcaPortName&, const HcaPortName&) = default;
};
std::string ToString(const HcaPortName& name);  // "mlx5_0:1"

struct IpoibLink {
  int index = 0;
  std::string name;  // Printable()
  int parent = 0;    // index of the link it is a P_Key child of; 0: none
  int master = 0;    // index of the bond it is a leg of; 0: none
  // By the GUID in its address, else by sysfs; nullopt: not known.
  std::optional<HcaPortName> hca_port;
  std::optional<std::uint16_t> p_key;
  std::optional<IpoibMode> mode;
  std::optional<bool> umcast;
  std::uint32_t mtu = 0;
  std::uint32_t flags = 0;
  OperState oper_state = OperState::kUnknown;
  bool carrier = false;
  std::optional<std::uint32_t> carrier_changes;
  std::optional<IpoibAddress> address;
  std::optional<Gid> broadcast_group;  // of its broadcast address: the group it has to be a member of
  std::optional<LinkStatistics> statistics;
  std::optional<Backlog> backlog;

  bool Up() const { return (flags & kFlagUp) != 0; }
};

enum class MiiStatus : std::uint8_t { kUp = 0, kGoingDown = 1, kDown = 2, kGoingBack = 3 };
std::string_view ToString(MiiStatus status);

struct BondLeg {
  int index = 0;
  std::string name;
  bool active = false;  // BOND_STATE_ACTIVE
  std::optional<MiiStatus> mii_status;
  std::optional<std::uint32_t> failures;  // link failure count
};

// A bond with at least one IPoIB leg.
struct Bond {
  int index = 0;
  std::string name;
  std::optional<std::uint8_t> mode;                                       // 1 = active-backup, if_bonding.h
  std::optional<std::uint32_t> miimon, arp_interval, updelay, downdelay;  // ms
  std::optional<std::uint8_t> fail_over_mac;                              // 0 none, 1 active, 2 follow
  int active_leg = 0;                                                     // index; 0: none
  std::uint32_t mtu = 0;
  std::uint32_t flags = 0;
  bool carrier = false;
  std::vector<BondLeg> legs;  // by index
};
inline constexpr std::uint8_t kBondActiveBackup = 1;

// An entry of a neighbour table of an IPoIB link, or of the bond over it.
struct Neighbour {
  int link = 0;
  std::string interface;
  std::string ip;           // "10.1.0.2", "fe80::1"
  std::uint16_t state = 0;  // NUD_*, linux/neighbour.h
  std::optional<IpoibAddress> address;
  std::optional<Duration> confirmed_ago;  // since reachability was last confirmed
};
inline constexpr std::uint16_t kNudReachable = 0x02, kNudStale = 0x04, kNudFailed = 0x20, kNudNoArp = 0x40,
                               kNudPermanent = 0x80;

// ---- questions to the SM and the SA ----

enum class SaAnswer : std::uint8_t {
  kNotAsked,  // its turn has not come so far, or the question was held back
  kYes,       // status 0
  kNo,        // status 0x0300, ERR_NO_RECORDS: an answer
  kTimeout,
  kRefused,  // any other status
  kError,    // could not be asked, or the answer made no sense
};
std::string_view ToString(SaAnswer answer);

// Is this port a member of this link's broadcast group?
struct Membership {
  int link = 0;
  std::string interface;
  HcaPortName port;
  std::uint16_t p_key = 0;
  Gid group, port_gid;
  SaAnswer answer = SaAnswer::kNotAsked;
  std::uint16_t status = 0;  // of the MAD, where there was an answer
  std::string why;           // a clause for kNotAsked, kRefused and kError
  std::optional<GroupRecord> record;
  std::optional<SteadyTime> asked;  // of this answer; not saved
  std::optional<WallTime> asked_wall;
};

// What answers SMInfo at the port's SM LID.
struct SmAnswer {
  HcaPortName port;
  Lid lid{};
  std::uint8_t sl = 0;
  SaAnswer answer = SaAnswer::kNotAsked;  // never kNo
  std::string why;
  std::optional<SmInfo> info;
  std::optional<SteadyTime> asked;
};

// Does the SA know a path to this neighbour's GID?
struct NeighbourPath {
  int link = 0;
  std::string interface;
  std::string ip;
  Gid gid;
  SaAnswer answer = SaAnswer::kNotAsked;
  std::uint16_t status = 0;
  std::string why;
  std::optional<SteadyTime> asked;
};

// ---- active probes ----

enum class ProbeKind : std::uint8_t { kArpBroadcast, kArpUnicast, kEcho };
std::string_view ToString(ProbeKind kind);

// Over the snapshot's window. Latencies are of the answers that came.
struct ProbeResult {
  ProbeKind kind = ProbeKind::kArpBroadcast;
  std::string peer;       // IPv4
  std::string interface;  // the leg it left by; of an echo: the interface of the route
  std::uint32_t sent = 0, answered = 0;
  std::optional<Duration> latency_min, latency_mean, latency_max;
  std::optional<IpoibAddress> address;  // of the last ARP reply
  std::optional<Error> error;           // it could not be sent
};
// A sender's address in an ARP packet that was seen, ours or another's.
struct ArpSighting {
  std::string interface;
  std::string ip;
  IpoibAddress address;
};

// ---- the whole ----

struct HostSnapshot {
  std::string hostname;      // Printable()
  std::uint32_t number = 0;  // 1 for the first of this process
  WallTime taken{};
  SteadyTime taken_steady{};  // not saved
  Duration duration{};
  std::vector<PartReport> parts;  // by part
  std::vector<FileFault> faults;
  std::vector<Hca> hcas;                   // by name
  std::vector<PciFunction> pci_functions;  // by address
  std::vector<IpoibLink> links;            // by index
  std::vector<Bond> bonds;                 // by index
  std::vector<Neighbour> neighbours;
  std::vector<Membership> memberships;  // by link
  std::vector<SmAnswer> sms;            // by port
  std::vector<NeighbourPath> paths;
  std::vector<ProbeResult> probes;
  std::vector<ArpSighting> sightings;
  std::vector<HostEvent> events;  // the last ones, by sequence; bounded
  std::uint64_t events_seen = 0;  // sequence of the last event ever
  // How often, over the life of the process; by kind, then device and port, or interface.
  std::map<std::pair<HostEventKind, std::string>, std::uint64_t> event_counts;
  std::array<MadCount, kMadClassCount> mads_total{};

  const Hca* FindHca(std::string_view name) const;
  const HostPort* FindPort(const HcaPortName& name) const;
  const IpoibLink* FindLink(int index) const;
  const PartReport* Find(HostPart part) const;
  // The part was looked at, and what it shows is all there is. Nothing to look at (kAbsent) is as good for
  // adapters, PCI, interfaces and neighbours; without the way to see the others, nothing of them was seen.
  bool Saw(HostPart part) const;
  // There is nothing of InfiniBand here: neither device, nor PCI function, nor interface, and all three were
  // looked at. Adapters with Ethernet ports only are none of InfiniBand's.
  bool NoInfiniBand() const;
};
// How many distinct nodes (switches) the bond's legs that are up with carrier are cabled to; nullopt: where
// one of them leads is not known.
std::optional<std::uint32_t> LiveSwitches(const HostSnapshot& snapshot, const Bond& bond);
using HostSnapshotPtr = std::shared_ptr<const HostSnapshot>;

}  // namespace aftershock

// What a fabric and a host looked like, reduced to what is compared with later: the canonical form of a
// snapshot, without counters and without anything that changes by itself.
//
// Plain data, sorted, so that two looks at the same thing are equal. A GUID that is seen twice is left out
// and counted: nothing tells which of the two it is. A section that nobody could see is absent, which differs
// from an empty one: an absent section is compared with nothing. A node that does not answer is shown as it
// was last read: that it is silent is no change.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/attributes.h"
#include "model/host.h"
#include "model/ids.h"
#include "model/link.h"
#include "model/pairs.h"
#include "model/routing.h"

namespace aftershock {

struct NodeImage {
  Guid guid{};
  NodeType type = NodeType::kUnknown;
  std::string name;
  std::uint8_t num_ports = 0;
  bool aggregation = false;  // an aggregation node of a switch: an adapter to NodeInfo, and no host
  friend bool operator==(const NodeImage&, const NodeImage&) = default;
};

// A cable with a signal; a < b.
struct CableImage {
  PortKey a, b;
  friend auto operator<=>(const CableImage&, const CableImage&) = default;
};

struct SpeedImage {
  std::uint8_t width = 0;  // code, see WidthLanes()
  LinkSpeed speed = LinkSpeed::kSdr;
  friend bool operator==(const SpeedImage&, const SpeedImage&) = default;
};

struct LidImage {
  Lid lid{};
  std::uint8_t lmc = 0;
  friend bool operator==(const LidImage&, const LidImage&) = default;
};

// Who manages, as seen at the local port's SM LID, and which ports say that an SM runs behind them (IsSM).
struct SmImage {
  std::optional<Guid> master;  // port GUID; none: nothing answered as master
  std::uint8_t priority = 0;
  std::vector<PortKey> ports;  // with IsSM, sorted
  friend bool operator==(const SmImage&, const SmImage&) = default;
};

// What the fabric tells of a device's firmware: NodeInfo and what depends on it.
struct FirmwareImage {
  std::uint32_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::uint32_t revision = 0;
  friend bool operator==(const FirmwareImage&, const FirmwareImage&) = default;
};

// What switches forward by, and what was found in it. Tables are shared with the snapshot; two images are
// equal when their tables say the same.
struct RoutingImage {
  // By switch, those that were read whole and stood still.
  std::map<Guid, std::shared_ptr<const LinearTable>> linear;
  std::map<Guid, std::shared_ptr<const SlToVlTable>> sl_to_vl;
  std::set<Guid> adaptive;            // switches whose linear table is not all they forward by
  std::optional<RoutingFacts> facts;  // none: nobody judged them
  friend bool operator==(const RoutingImage& a, const RoutingImage& b);
};

struct FabricImage {
  std::vector<NodeImage> nodes;            // by GUID
  std::vector<CableImage> cables;          // by a
  std::map<PortKey, SpeedImage> speeds;    // of each cable, by its end a
  std::map<PortKey, LidImage> lids;        // Active ports, port 0 of switches
  std::optional<SmImage> sm;               // none: it was not asked
  std::map<Guid, FirmwareImage> firmware;  // by node
  std::optional<RoutingImage> routing;     // none: no table was read
  // Of ports that have a P_Key table of their own and told it: its entries, sorted.
  std::map<PortKey, std::vector<std::uint16_t>> p_keys;
  // Ports of which nobody knows where they lead: with a signal and a far end that is silent or left out, or
  // of a node that does not answer. Sorted. What stood there before is not lost.
  std::vector<PortKey> unseen;
  std::uint32_t duplicates = 0;  // nodes left out
  friend bool operator==(const FabricImage&, const FabricImage&) = default;

  const NodeImage* FindNode(Guid guid) const;
  // The far end of the cable at this port; none: no cable.
  std::optional<PortKey> FarEnd(const PortKey& port) const;
};

struct HcaImage {
  std::string name, firmware, board_id;
  Guid node_guid{};
  std::vector<Guid> port_guids;  // by port number
  // By port number, sorted; empty: not known, for only the subnet manager fills it, when it makes a port
  // Active.
  std::vector<std::vector<std::uint16_t>> p_keys;
  friend bool operator==(const HcaImage&, const HcaImage&) = default;
};

struct InterfaceImage {
  std::string name, parent, master;  // names; empty: none
  std::optional<HcaPortName> hca_port;
  std::optional<std::uint16_t> p_key;
  std::optional<IpoibMode> mode;
  std::optional<bool> umcast;
  std::uint32_t mtu = 0;
  bool up = false, carrier = false;
  friend bool operator==(const InterfaceImage&, const InterfaceImage&) = default;
};

struct BondImage {
  std::string name;
  std::optional<std::uint8_t> mode, fail_over_mac;
  std::optional<std::uint32_t> miimon, arp_interval;
  std::uint32_t mtu = 0;
  std::vector<std::string> legs;               // names, sorted
  std::optional<std::uint32_t> live_switches;  // behind its legs
  friend bool operator==(const BondImage&, const BondImage&) = default;
};

// Membership of an interface's broadcast group, as the SA answered.
struct MemberImage {
  std::string interface;
  std::uint16_t p_key = 0;
  bool member = false;
  std::optional<GroupRecord> group;
  friend bool operator==(const MemberImage&, const MemberImage&) = default;
};

struct HostImage {
  std::string hostname;
  std::vector<HcaImage> hcas;                             // by name
  std::optional<std::vector<InterfaceImage>> interfaces;  // by name; none: they could not be read
  std::optional<std::vector<BondImage>> bonds;
  std::vector<MemberImage> members;  // those that the SA answered for, by interface
  friend bool operator==(const HostImage&, const HostImage&) = default;
};

struct PairImage {
  std::string name;
  std::vector<std::pair<Guid, MemberState>> members;  // in the order of the configuration
  friend bool operator==(const PairImage&, const PairImage&) = default;
};

// Everything a monitor watches, at one moment.
struct Image {
  WallTime taken{};
  std::map<std::string, FabricImage> planes;  // by name; only complete sweeps
  std::map<std::string, HostImage> hosts;     // by hostname: this one, and those it reads
  std::optional<std::vector<PairImage>> pairs;
  friend bool operator==(const Image&, const Image&) = default;
};

// `facts`: of this snapshot; nullptr: nobody judged its tables.
FabricImage ImageOf(const FabricSnapshot& snapshot, const RoutingFacts* facts = nullptr);
HostImage ImageOf(const HostSnapshot& snapshot);
std::vector<PairImage> ImageOf(const PairsReport& pairs);

}  // namespace aftershock

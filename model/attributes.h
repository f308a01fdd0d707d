// MAD attributes as plain data: what the decoders of probes/mad make of the bytes. Sections are of IBA 1.3
// volume 1.
//
// Every field is what the device said; nothing is checked or corrected here. Codes keep their numbers where a
// rule or a person may want the number, and become enumerations where a wrong number cannot be held.
#pragma once

#include <array>
#include <cstdint>

#include "model/ids.h"
#include "model/link.h"

namespace aftershock {

enum class NodeType : std::uint8_t { kUnknown = 0, kAdapter = 1, kSwitch = 2, kRouter = 3 };

// 14.2.5.3
struct NodeInfo {
  NodeType type = NodeType::kUnknown;
  std::uint8_t num_ports = 0;
  Guid system_image_guid{};
  Guid node_guid{};
  Guid port_guid{};  // of the port that answered; a switch's external ports all answer with port 0's
  std::uint16_t device_id = 0;
  std::uint32_t revision = 0;
  std::uint8_t local_port = 0;  // the port by which the request came in
  std::uint32_t vendor_id = 0;  // 24 bits, an OUI
  friend bool operator==(const NodeInfo&, const NodeInfo&) = default;
};

// 14.2.5.4
struct SwitchInfo {
  std::uint16_t linear_fdb_cap = 0;
  std::uint16_t linear_fdb_top = 0;
  std::uint16_t multicast_fdb_cap = 0;
  std::uint16_t multicast_fdb_top = 0;          // 0: the table is used up to its end
  std::uint16_t partition_enforcement_cap = 0;  // P_Keys an external port can enforce
  std::uint8_t lifetime_value = 0;
  bool state_change = false;  // cleared by the SM at once: a clear bit proves nothing
  bool enhanced_port0 = false;
  bool optimised_sl_to_vl = false;  // one answer may hold for all pairs of ports
  friend bool operator==(const SwitchInfo&, const SwitchInfo&) = default;
};

enum class PortState : std::uint8_t {
  kNoChange = 0,
  kDown = 1,
  kInit = 2,
  kArmed = 3,
  kActive = 4,
  kActiveDefer = 5
};
enum class PhysState : std::uint8_t {
  kNoChange = 0,
  kSleep = 1,
  kPolling = 2,
  kDisabled = 3,
  kTraining = 4,
  kLinkUp = 5,
  kErrorRecovery = 6,
  kPhyTest = 7
};
// "Active", "LinkUp", …; a number for a code the specification does not have.
std::string ToString(PortState state);
std::string ToString(PhysState state);
std::string ToString(NodeType type);

// 14.2.5.6. Speeds combine LinkSpeed, LinkSpeedExt and LinkSpeedExt2 (XDR), and FDR10 from the vendor's
// ExtendedPortInfo (0xff90) where it was read.
struct PortInfo {
  std::uint64_t gid_prefix = 0;
  Lid lid{};
  Lid sm_lid{};
  std::uint32_t capability_mask = 0;  // of port 0 for a switch; its external ports leave it undefined
  std::uint16_t capability_mask2 = 0;
  std::uint8_t width_enabled = 0;  // bit sets, see WidthLanes
  std::uint8_t width_supported = 0;
  std::uint8_t width_active = 0;
  SpeedSet speed_supported;
  SpeedSet speed_enabled;
  LinkSpeed speed_active = LinkSpeed::kSdr;
  PortState state = PortState::kNoChange;
  PhysState phys_state = PhysState::kNoChange;
  std::uint8_t lmc = 0;
  std::uint8_t sm_sl = 0;
  std::uint8_t mtu_supported = 0;  // code: 1 = 256 … 5 = 4096 octets
  std::uint8_t mtu_active = 0;     // NeighborMTU, code
  std::uint8_t vl_capability = 0;
  std::uint8_t operational_vls = 0;  // code: 1 = VL0, 2 = VL0-1, 3 = VL0-3, 4 = VL0-7, 5 = VL0-14
  bool enforces_in = false;          // of a switch's external port: P_Keys of packets that come in
  bool enforces_out = false;         // … and that go out
  std::uint16_t m_key_violations = 0;
  std::uint16_t p_key_violations = 0;
  std::uint16_t q_key_violations = 0;
  std::uint8_t m_key_protect = 0;
  friend bool operator==(const PortInfo&, const PortInfo&) = default;
};
// Octets of an MTU code; 0 for an unknown one.
int MtuOctets(std::uint8_t code);

// PortInfo.CapabilityMask: it is an SM's port, has an SL-to-VL table, has an SM
// that is switched off, extended speeds, CapabilityMask2,
// SwitchInfo.MulticastFDBTop; and of CapabilityMask2 that there are LinkSpeedExt2 fields (XDR).
inline constexpr std::uint32_t kCapIsSm = 1u << 1;
inline constexpr std::uint32_t kCapSlMapping = 1u << 6;
inline constexpr std::uint32_t kCapIsSmDisabled = 1u << 10;
inline constexpr std::uint32_t kCapExtendedSpeeds = 1u << 14;
inline constexpr std::uint32_t kCapHasMask2 = 1u << 15;
inline constexpr std::uint32_t kCapMulticastFdbTop = 1u << 30;
inline constexpr std::uint16_t kCap2ExtendedSpeeds2 = 1u << 11;

enum class SmState : std::uint8_t { kNotActive = 0, kDiscovering = 1, kStandby = 2, kMaster = 3 };
std::string ToString(SmState state);

// 14.2.5.13
struct SmInfo {
  Guid guid{};
  std::uint32_t activity = 0;
  std::uint8_t priority = 0;
  SmState state = SmState::kNotActive;
  friend bool operator==(const SmInfo&, const SmInfo&) = default;
};

// 13.4.8.1. The redirection part says where the class is really answered.
struct ClassPortInfo {
  std::uint8_t base_version = 0;
  std::uint8_t class_version = 0;
  std::uint16_t capability_mask = 0;
  std::uint32_t capability_mask2 = 0;  // 27 bits
  std::uint8_t response_time = 0;
  std::array<std::uint8_t, 16> redirect_gid{};
  std::uint8_t redirect_sl = 0;
  Lid redirect_lid{};
  std::uint16_t redirect_p_key = 0;
  std::uint32_t redirect_qp = 0;  // 24 bits
  std::uint32_t redirect_q_key = 0;
  friend bool operator==(const ClassPortInfo&, const ClassPortInfo&) = default;
};

// ClassPortInfo.CapabilityMask of the PMA, 16.1.3.1, and of its CapabilityMask2 the 64-bit error counters.
inline constexpr std::uint16_t kPmaAllPortSelect = 1u << 8;
inline constexpr std::uint16_t kPmaExtendedWidth = 1u << 9;
inline constexpr std::uint16_t kPmaExtendedWidthNoIetf = 1u << 10;
inline constexpr std::uint16_t kPmaXmitWait = 1u << 12;
inline constexpr std::uint16_t kPmaQp1Drop = 1u << 15;
inline constexpr std::uint32_t kPmaExtendedErrors = 1u << 1;

}  // namespace aftershock

// A question to a management agent, and the bytes it becomes. There is no way to build anything but a Get or
// GetTable.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>

#include "model/fabric.h"
#include "model/ids.h"
#include "model/ipoib.h"

namespace aftershock::mad {

inline constexpr std::size_t kMadSize = 256;
inline constexpr std::size_t kMaxHops = 63;  // IBA 14.2.2.2: InitialPath has 64 entries, the first unused

// From our port, by the exit port of every node on the way. No hops: our own node.
struct DirectedRoute {
  std::uint8_t hops = 0;
  std::array<std::uint8_t, kMaxHops> exit{};  // exit[0] is our own port

  static DirectedRoute From(std::span<const std::uint8_t> exits);  // REQUIRES: at most kMaxHops
  std::span<const std::uint8_t> exits() const { return {exit.data(), hops}; }
  // The route one hop further. REQUIRES: hops < kMaxHops
  DirectedRoute Through(std::uint8_t port) const;
};

// By the forwarding tables. `qp` and `q_key` differ from the well-known ones only after a redirection.
struct LidAddress {
  Lid lid{};
  std::uint8_t sl = 0;
  std::uint32_t qp = 1;
  std::uint32_t q_key = 0x80010000;
};
using Address = std::variant<DirectedRoute, LidAddress>;

enum class MgmtClass : std::uint8_t {
  kSubnLid = 0x01,  // SMPs; to a LidAddress
  kSubnAdm = 0x03,
  kPerf = 0x04,
  kSubnDirected = 0x81,  // SMPs; to a DirectedRoute
};
MadClass CountedAs(MgmtClass c);

enum class Attribute : std::uint16_t {
  kClassPortInfo = 0x0001,
  kNodeDescription = 0x0010,
  kNodeInfo = 0x0011,
  kSwitchInfo = 0x0012,
  kPortInfo = 0x0015,
  kPKeyTable = 0x0016,
  kSlToVlMappingTable = 0x0017,
  kLinearForwardingTable = 0x0019,
  kMulticastForwardingTable = 0x001b,
  kSmInfo = 0x0020,
  kPathRecord = 0x0035,      // of subnet administration
  kMcMemberRecord = 0x0038,  // of subnet administration
  kMlnxAdaptiveRoutingInfo = 0xff20,
  kMlnxExtendedPortInfo = 0xff90,
  kPortCounters = 0x0012,  // of the performance management class from here on
  kPortRcvErrorDetails = 0x0015,
  kPortXmitDiscardDetails = 0x0016,
  kPortCountersExtended = 0x001d,
};

// A node takes one request at a time: requests with the same lane wait for each other. kNoLane: waits for
// nobody.
enum class Lane : std::uint32_t {};
inline constexpr Lane kNoLane{0xffffffff};

// What the SA is asked: the components of a record that the mask names (IBA 15.2.1.1), compared with its own.
struct SaQuestion {
  std::uint64_t component_mask = 0;
  std::array<std::uint8_t, 64> record{};  // its first octets; the rest is zero
  std::uint64_t sa_key = 0;               // SM_Key, 15.2.1.1; 0: it need not trust us
};
// MCMemberRecord by MGID and PortGID, 15.2.5.17: is this port a member of this group?
SaQuestion AskMember(const Gid& group, const Gid& port);
// MCMemberRecord by MGID alone: what all members of this group share.
SaQuestion AskGroup(const Gid& group);
// PathRecord by SGID and DGID, one, reversible, 15.2.5.16.
SaQuestion AskPath(const Gid& from, const Gid& to);

struct Request {
  Address address;
  MgmtClass mgmt_class = MgmtClass::kSubnDirected;
  Attribute attribute = Attribute::kNodeInfo;
  std::uint32_t modifier = 0;
  Lane lane = kNoLane;
  std::uint8_t port_select = 0;            // PMA: the port in question, octet 1 of the attribute's data
  bool get_table = false;                  // SA only
  std::uint8_t tries = 0;                  // 0: as many as the engine is set to
  std::chrono::milliseconds timeout{0};    // 0: the engine's
  std::shared_ptr<const SaQuestion> sa{};  // SA only
};

// The class is one of MgmtClass, the address of the kind it takes, and leads to one port.
bool IsSendable(const Request& request);

// Offset of the attribute's data in a MAD, and its length.
inline constexpr std::size_t kSmpDataOffset = 64, kSmpDataSize = 64;
inline constexpr std::size_t kGmpDataOffset = 64, kGmpDataSize = 192;

// The finished bytes, made of a Request alone: the only thing a transport sends.
class RequestMad {
 public:
  RequestMad(const Request& request, std::uint32_t transaction, std::uint64_t m_key);
  std::span<const std::uint8_t, kMadSize> bytes() const { return bytes_; }
  const Address& address() const { return address_; }
  MgmtClass mgmt_class() const { return mgmt_class_; }

 private:
  std::array<std::uint8_t, kMadSize> bytes_{};
  Address address_;
  MgmtClass mgmt_class_;
};

}  // namespace aftershock::mad

// From the bytes of a MAD attribute to model types. Total functions: any bytes give a value, short input
// reads as zeros, nothing is checked. The layout stands in tables in decode.cc, tested against libibmad's
// field decoder.
//
// `data` is the attribute's data: 64 octets from offset 64 of an SMP, 192 from offset 64 of a GMP, up to 200
// from offset 56 of an SA's answer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "model/attributes.h"
#include "model/counters.h"
#include "model/host.h"
#include "model/ipoib.h"

namespace aftershock::mad {

using Bytes = std::span<const std::uint8_t>;

NodeInfo DecodeNodeInfo(Bytes data);
// Up to the first NUL, Printable().
std::string DecodeNodeDescription(Bytes data);
SwitchInfo DecodeSwitchInfo(Bytes data);
// `capability_mask`, `capability_mask2`: of port 0 for a switch's external port, whose own are undefined;
// nullopt: the port's own. They say which of the speed fields mean anything; the second one only matters for
// XDR.
PortInfo DecodePortInfo(Bytes data, std::optional<std::uint32_t> capability_mask = std::nullopt,
                        std::optional<std::uint16_t> capability_mask2 = std::nullopt);
// FDR10 from MLNX ExtendedPortInfo, merged into what PortInfo said (there it reads QDR).
void MergeExtendedPortInfo(Bytes data, PortInfo& info);
SmInfo DecodeSmInfo(Bytes data);
ClassPortInfo DecodeClassPortInfo(Bytes data);

// An SA's answer that is shorter than the record it should hold says nothing.
inline constexpr std::size_t kMemberRecordSize = 52, kPathRecordSize = 64;

// 15.2.5.17. An SA that does not trust the asker zeroes the port and its state.
struct MemberRecord {
  Gid group, port;
  std::uint8_t join_state = 0;  // bits: 1 full, 2 non-member, 4 send-only non-member
  GroupRecord shared;           // the same for all members
};
MemberRecord DecodeMemberRecord(Bytes data);

// 15.2.5.16
struct PathRecord {
  Gid to, from;
  Lid to_lid{}, from_lid{};
  std::uint16_t p_key = 0;
  std::uint8_t sl = 0, mtu = 0, rate = 0;  // codes
};
// The records of a table, one after the other, each at a multiple of eight octets (15.2.1.1,
// AttributeOffset).
std::vector<MemberRecord> DecodeMemberTable(Bytes data);
PathRecord DecodePathRecord(Bytes data);

// One block of a forwarding table, SL-to-VL or P_Key table; which one stood in the question's modifier.
// 14.2.5.10: exit ports of 64 LIDs.
inline constexpr std::size_t kLinearBlock = 64;
std::array<std::uint8_t, kLinearBlock> DecodeLinearBlock(Bytes data);
// 14.2.5.11: of 32 MLIDs the mask of 16 ports.
inline constexpr std::size_t kMulticastBlock = 32, kMulticastPorts = 16;
std::array<std::uint16_t, kMulticastBlock> DecodeMulticastBlock(Bytes data);
// 14.2.5.8: the VL of each SL.
inline constexpr std::size_t kServiceLevels = 16;
std::array<std::uint8_t, kServiceLevels> DecodeSlToVl(Bytes data);
// 14.2.5.7: 32 P_Keys, empty ones included.
inline constexpr std::size_t kPKeyBlock = 32;
std::array<std::uint16_t, kPKeyBlock> DecodePKeyBlock(Bytes data);
// Mellanox AdaptiveRoutingInfo: packets of any SL may leave by another exit than the linear table's.
bool DecodeMlnxAdaptiveRouting(Bytes data);

// Register values as the device has them: data counters in 4-octet words, no accumulation.
struct Register {
  Counter counter;
  std::uint64_t value;
  bool saturated;  // stands at its maximum
  friend bool operator==(const Register&, const Register&) = default;
};
// The registers an attribute holds, in the order of its table; `out` is filled and its used part returned.
using RegisterBuffer = std::array<Register, kCounterCount>;
// `has_xmit_wait`, `has_qp1_dropped`: kPmaXmitWait and kPmaQp1Drop of the device; without them the register
// is not there.
std::span<const Register> DecodePortCounters(Bytes data, bool has_xmit_wait, RegisterBuffer& out,
                                             bool has_qp1_dropped = false);
// `no_ietf`: data and packet counters only; `errors`: the 64-bit error counters too (CapabilityMask2 bit 1).
std::span<const Register> DecodePortCountersExtended(Bytes data, bool no_ietf, bool errors,
                                                     RegisterBuffer& out);
std::span<const Register> DecodePortRcvErrorDetails(Bytes data, RegisterBuffer& out);
std::span<const Register> DecodePortXmitDiscardDetails(Bytes data, RegisterBuffer& out);

}  // namespace aftershock::mad

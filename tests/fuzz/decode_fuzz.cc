// Any octets through every decoder: what comes out is always a value that the rest of the house can hold.
//
// Two octets of the input choose the capabilities; the rest is the attribute.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "../base/utf8.h"
#include "probes/mad/decode.h"

namespace aftershock::mad {
namespace {

void Require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

void CheckDescription(Bytes data) {
  const std::string text = DecodeNodeDescription(data);
  Require(IsUtf8(text), "a NodeDescription is UTF-8");
  Require(text.size() <= 64 * 4, "a NodeDescription is at most 64 escaped octets");
  for (const char c : text) {
    Require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f,
            "a NodeDescription has no control characters");
  }
}

void CheckPortInfo(Bytes data, unsigned choice) {
  const std::optional<std::uint32_t> mask =
      (choice & 1) != 0 ? std::optional<std::uint32_t>(choice << 12) : std::nullopt;
  const std::optional<std::uint16_t> mask2 =
      (choice & 2) != 0 ? std::optional<std::uint16_t>(static_cast<std::uint16_t>(choice)) : std::nullopt;
  PortInfo info = DecodePortInfo(data, mask, mask2);
  MergeExtendedPortInfo(data, info);
  Require(Spec(info.speed_active).speed == info.speed_active, "an active speed is one of the table's");
  Require(info.speed_supported == SpeedSet::FromBits(info.speed_supported.bits()),
          "supported speeds are known");
  Require(info.speed_enabled == SpeedSet::FromBits(info.speed_enabled.bits()), "enabled speeds are known");
  Require(info.lmc < 8 && info.m_key_protect < 4 && info.sm_sl < 16, "narrow fields stay narrow");
  Require(info.mtu_active < 16 && info.mtu_supported < 16, "MTU codes have four bits");
  Require(!ToString(info.state).empty() && !ToString(info.phys_state).empty(), "every state has a name");
}

void CheckRegisters(std::span<const Register> registers, bool narrow) {
  Require(registers.size() <= kCounterCount, "an attribute has at most all counters");
  std::uint64_t seen = 0;
  for (const Register& r : registers) {
    const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(r.counter);
    Require((seen & bit) == 0, "a counter comes once");
    seen |= bit;
    const int bits = narrow ? Spec(r.counter).narrow_bits : 64;
    Require(bits > 0, "a narrow register has a width");
    const std::uint64_t max = ~std::uint64_t{0} >> (64 - bits);
    Require(r.value <= max, "a register's value fits its width");
    Require(r.saturated == (r.value == max), "a register is saturated at its maximum and only there");
  }
}

void CheckRecords(Bytes data) {
  const MemberRecord member = DecodeMemberRecord(data);
  Require(member.join_state < 16 && member.shared.sl < 16, "a member's narrow fields stay narrow");
  Require(member.shared.mtu < 64 && member.shared.rate < 64, "a group's MTU and rate have six bits");
  Require(RateGbps(member.shared.rate) >= 0, "every rate is a number");
  const PathRecord path = DecodePathRecord(data);
  Require(path.sl < 16 && path.mtu < 64 && path.rate < 64, "a path's fields stay narrow");
}

void CheckTables(Bytes data) {
  for (const std::uint8_t vl : DecodeSlToVl(data)) Require(vl < 16, "a VL has four bits");
  const auto exits = DecodeLinearBlock(data);
  const auto keys = DecodePKeyBlock(data);
  const auto masks = DecodeMulticastBlock(data);
  for (std::size_t i = 0; i < exits.size(); ++i) {
    const unsigned octet = i < data.size() ? data[i] : 0u;
    Require(exits[i] == octet, "an exit port is an octet, and nothing beyond the data");
    const unsigned half = i % 2 == 0 ? keys[i / 2] >> 8 : keys[i / 2] & 0xffu;
    Require(half == octet, "P_Keys are pairs of octets");
  }
  Require(masks == keys, "port masks too");
  const bool off = data.size() < 4 || (data[3] & 1) == 0;
  Require(!off || !DecodeMlnxAdaptiveRouting(data), "adaptive routing that is not enabled is off");
}

void CheckAll(Bytes data, unsigned choice) {
  CheckDescription(data);
  CheckPortInfo(data, choice);
  CheckRecords(data);
  CheckTables(data);
  Require(DecodeNodeInfo(data).vendor_id < 1u << 24, "a vendor is an OUI");
  Require(DecodeSwitchInfo(data).lifetime_value < 32, "LifeTimeValue has five bits");
  Require(!ToString(DecodeSmInfo(data).state).empty(), "every SM state has a name");
  const ClassPortInfo info = DecodeClassPortInfo(data);
  Require(info.capability_mask2 < 1u << 27 && info.redirect_qp < 1u << 24,
          "ClassPortInfo's fields stay narrow");
  RegisterBuffer buffer;
  CheckRegisters(DecodePortCounters(data, (choice & 4) != 0, buffer, (choice & 8) != 0), /*narrow=*/true);
  CheckRegisters(DecodePortCountersExtended(data, (choice & 4) != 0, (choice & 8) != 0, buffer),
                 /*narrow=*/false);
  CheckRegisters(DecodePortRcvErrorDetails(data, buffer), /*narrow=*/true);
  CheckRegisters(DecodePortXmitDiscardDetails(data, buffer), /*narrow=*/true);
}

}  // namespace
}  // namespace aftershock::mad

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  aftershock::mad::CheckAll({data + 2, size - 2}, static_cast<unsigned>(data[0] << 8 | data[1]));
  return 0;
}

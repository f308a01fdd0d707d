// NodeInfo, NodeDescription, SwitchInfo, PortInfo, SMInfo and ClassPortInfo. Sections are of IBA 1.3
// volume 1.
#include <string_view>

#include "base/printable.h"
#include "probes/mad/decode.h"
#include "probes/mad/field.h"

namespace aftershock::mad {
namespace {

constexpr std::size_t kNodeDescriptionSize = 64;

// 14.2.5.3
constexpr std::tuple kNodeInfo{
    Row{&NodeInfo::type, 16, 8},
    Row{&NodeInfo::num_ports, 24, 8},
    Row{&NodeInfo::system_image_guid, 32, 64},
    Row{&NodeInfo::node_guid, 96, 64},
    Row{&NodeInfo::port_guid, 160, 64},
    Row{&NodeInfo::device_id, 240, 16},
    Row{&NodeInfo::revision, 256, 32},
    Row{&NodeInfo::local_port, 288, 8},
    Row{&NodeInfo::vendor_id, 296, 24},
};

// 14.2.5.4
constexpr std::tuple kSwitchInfo{
    Row{&SwitchInfo::linear_fdb_cap, 0, 16},      Row{&SwitchInfo::multicast_fdb_cap, 32, 16},
    Row{&SwitchInfo::linear_fdb_top, 48, 16},     Row{&SwitchInfo::lifetime_value, 88, 5},
    Row{&SwitchInfo::state_change, 93, 1},        Row{&SwitchInfo::optimised_sl_to_vl, 95, 1},
    Row{&SwitchInfo::enhanced_port0, 132, 1},     Row{&SwitchInfo::partition_enforcement_cap, 112, 16},
    Row{&SwitchInfo::multicast_fdb_top, 144, 16},
};

// 14.2.5.6, without the speeds
constexpr std::tuple kPortInfo{
    Row{&PortInfo::gid_prefix, 64, 64},
    Row{&PortInfo::lid, 128, 16},
    Row{&PortInfo::sm_lid, 144, 16},  // MasterSMLID
    Row{&PortInfo::capability_mask, 160, 32},
    Row{&PortInfo::width_enabled, 232, 8},
    Row{&PortInfo::width_supported, 240, 8},
    Row{&PortInfo::width_active, 248, 8},
    Row{&PortInfo::state, 260, 4},
    Row{&PortInfo::phys_state, 264, 4},
    Row{&PortInfo::m_key_protect, 272, 2},
    Row{&PortInfo::lmc, 277, 3},
    Row{&PortInfo::mtu_active, 288, 4},  // NeighborMTU
    Row{&PortInfo::sm_sl, 292, 4},       // MasterSMSL
    Row{&PortInfo::vl_capability, 296, 4},
    Row{&PortInfo::mtu_supported, 332, 4},  // MTUCap
    Row{&PortInfo::operational_vls, 344, 4},
    Row{&PortInfo::enforces_in, 348, 1},
    Row{&PortInfo::enforces_out, 349, 1},
    Row{&PortInfo::m_key_violations, 352, 16},
    Row{&PortInfo::p_key_violations, 368, 16},
    Row{&PortInfo::q_key_violations, 384, 16},
    Row{&PortInfo::capability_mask2, 480, 16},
};

struct SpeedCodes {
  std::uint8_t supported = 0, active = 0, enabled = 0;
};
// 14.2.5.6: LinkSpeed, LinkSpeedExt and, since XDR, LinkSpeedExt2
constexpr std::tuple kLinkSpeed{Row{&SpeedCodes::supported, 256, 4}, Row{&SpeedCodes::active, 280, 4},
                                Row{&SpeedCodes::enabled, 284, 4}};
constexpr std::tuple kLinkSpeedExt{Row{&SpeedCodes::active, 496, 4}, Row{&SpeedCodes::supported, 500, 4},
                                   Row{&SpeedCodes::enabled, 507, 5}};
constexpr std::tuple kLinkSpeedExt2{Row{&SpeedCodes::active, 449, 2}, Row{&SpeedCodes::supported, 451, 2},
                                    Row{&SpeedCodes::enabled, 453, 3}};
// Mellanox ExtendedPortInfo
constexpr std::tuple kMlnxLinkSpeed{Row{&SpeedCodes::supported, 56, 8}, Row{&SpeedCodes::enabled, 88, 8},
                                    Row{&SpeedCodes::active, 120, 8}};

// What the bits of a code mean, from the least significant one.
constexpr std::array kLinkSpeedBits{LinkSpeed::kSdr, LinkSpeed::kDdr, LinkSpeed::kQdr};
constexpr std::array kLinkSpeedExtBits{LinkSpeed::kFdr, LinkSpeed::kEdr, LinkSpeed::kHdr, LinkSpeed::kNdr};
constexpr std::array kLinkSpeedExt2Bits{LinkSpeed::kXdr};
constexpr std::array kMlnxLinkSpeedBits{LinkSpeed::kFdr10};
// LinkSpeedExtEnabled: the one code that is not a set, "extended speeds are disabled"
constexpr std::uint8_t kExtDisabled = 30;

// 14.2.5.13
constexpr std::tuple kSmInfo{
    Row{&SmInfo::guid, 0, 64},
    Row{&SmInfo::activity, 128, 32},
    Row{&SmInfo::priority, 160, 4},
    Row{&SmInfo::state, 164, 4},
};

// 13.4.8.1
constexpr std::tuple kClassPortInfo{
    Row{&ClassPortInfo::base_version, 0, 8},      Row{&ClassPortInfo::class_version, 8, 8},
    Row{&ClassPortInfo::capability_mask, 16, 16}, Row{&ClassPortInfo::capability_mask2, 32, 27},
    Row{&ClassPortInfo::response_time, 59, 5},    Row{&ClassPortInfo::redirect_sl, 200, 4},
    Row{&ClassPortInfo::redirect_lid, 224, 16},   Row{&ClassPortInfo::redirect_p_key, 240, 16},
    Row{&ClassPortInfo::redirect_qp, 264, 24},    Row{&ClassPortInfo::redirect_q_key, 288, 32},
};
constexpr unsigned kRedirectGid = 64;

// Bits that no speed is known for are left out.
SpeedSet Speeds(std::uint8_t code, std::span<const LinkSpeed> bits) {
  SpeedSet set;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if ((code >> i & 1) != 0) set.Add(bits[i]);
  }
  return set;
}

SpeedSet operator|(SpeedSet a, SpeedSet b) {
  return SpeedSet::FromBits(a.bits() | b.bits());
}

// A port at an extended speed says QDR or nothing in LinkSpeedActive, so the fastest of the three is the one
// it runs at.
void AddSpeeds(const SpeedCodes& codes, std::span<const LinkSpeed> bits, PortInfo& info) {
  info.speed_supported = info.speed_supported | Speeds(codes.supported, bits);
  info.speed_enabled = info.speed_enabled | Speeds(codes.enabled, bits);
  info.speed_active =
      std::max(info.speed_active, Speeds(codes.active, bits).Fastest().value_or(LinkSpeed::kSdr));
}

}  // namespace

NodeInfo DecodeNodeInfo(Bytes data) {
  return Filled(data, kNodeInfo);
}

std::string DecodeNodeDescription(Bytes data) {
  const Bytes text = data.first(std::min(data.size(), kNodeDescriptionSize));
  return Printable(std::string(text.begin(), std::find(text.begin(), text.end(), 0)));
}

SwitchInfo DecodeSwitchInfo(Bytes data) {
  return Filled(data, kSwitchInfo);
}

PortInfo DecodePortInfo(Bytes data, std::optional<std::uint32_t> capability_mask,
                        std::optional<std::uint16_t> capability_mask2) {
  PortInfo info = Filled(data, kPortInfo);
  AddSpeeds(Filled(data, kLinkSpeed), kLinkSpeedBits, info);
  const std::uint32_t mask = capability_mask.value_or(info.capability_mask);
  if ((mask & kCapExtendedSpeeds) == 0) return info;
  SpeedCodes extended = Filled(data, kLinkSpeedExt);
  if (extended.enabled == kExtDisabled) extended.enabled = 0;
  AddSpeeds(extended, kLinkSpeedExtBits, info);
  const std::uint16_t mask2 = capability_mask2.value_or(info.capability_mask2);
  if ((mask & kCapHasMask2) != 0 && (mask2 & kCap2ExtendedSpeeds2) != 0) {
    AddSpeeds(Filled(data, kLinkSpeedExt2), kLinkSpeedExt2Bits, info);
  }
  return info;
}

void MergeExtendedPortInfo(Bytes data, PortInfo& info) {
  SpeedCodes codes = Filled(data, kMlnxLinkSpeed);
  if (info.speed_active != LinkSpeed::kQdr) codes.active = 0;
  AddSpeeds(codes, kMlnxLinkSpeedBits, info);
}

SmInfo DecodeSmInfo(Bytes data) {
  return Filled(data, kSmInfo);
}

ClassPortInfo DecodeClassPortInfo(Bytes data) {
  ClassPortInfo info = Filled(data, kClassPortInfo);
  for (unsigned i = 0; i < info.redirect_gid.size(); ++i) {
    info.redirect_gid[i] = static_cast<std::uint8_t>(Read(data, {kRedirectGid + 8 * i, 8}));
  }
  return info;
}

}  // namespace aftershock::mad

#include "tests/fakes/encode.h"

#include <algorithm>
#include <limits>

namespace aftershock::fake {
namespace {

template <typename E>
constexpr std::uint64_t Number(E value) {
  return static_cast<std::uint64_t>(value);
}

struct Place {
  Counter counter;
  std::size_t bit, width;
};

constexpr std::array kPortCounters{
    Place{Counter::kSymbolErrors, 32, 16},
    Place{Counter::kLinkErrorRecovery, 48, 8},
    Place{Counter::kLinkDowned, 56, 8},
    Place{Counter::kRcvErrors, 64, 16},
    Place{Counter::kRcvRemotePhysicalErrors, 80, 16},
    Place{Counter::kRcvSwitchRelayErrors, 96, 16},
    Place{Counter::kXmitDiscards, 112, 16},
    Place{Counter::kXmitConstraintErrors, 128, 8},
    Place{Counter::kRcvConstraintErrors, 136, 8},
    Place{Counter::kLocalLinkIntegrityErrors, 152, 4},
    Place{Counter::kExcessiveBufferOverrunErrors, 156, 4},
    Place{Counter::kQp1Dropped, 160, 16},
    Place{Counter::kVl15Dropped, 176, 16},
    Place{Counter::kXmitData, 192, 32},
    Place{Counter::kRcvData, 224, 32},
    Place{Counter::kXmitPkts, 256, 32},
    Place{Counter::kRcvPkts, 288, 32},
    Place{Counter::kXmitWait, 320, 32},
};

// In the order of the attribute, 64 bits each.
constexpr std::array kExtended{Counter::kXmitData,
                               Counter::kRcvData,
                               Counter::kXmitPkts,
                               Counter::kRcvPkts,
                               Counter::kUnicastXmitPkts,
                               Counter::kUnicastRcvPkts,
                               Counter::kMulticastXmitPkts,
                               Counter::kMulticastRcvPkts,
                               Counter::kSymbolErrors,
                               Counter::kLinkErrorRecovery,
                               Counter::kLinkDowned,
                               Counter::kRcvErrors,
                               Counter::kRcvRemotePhysicalErrors,
                               Counter::kRcvSwitchRelayErrors,
                               Counter::kXmitDiscards,
                               Counter::kXmitConstraintErrors,
                               Counter::kRcvConstraintErrors,
                               Counter::kLocalLinkIntegrityErrors,
                               Counter::kExcessiveBufferOverrunErrors,
                               Counter::kVl15Dropped,
                               Counter::kXmitWait,
                               Counter::kQp1Dropped};
constexpr std::size_t kExtendedWithoutIetf = 4, kExtendedWithoutErrors = 8;

constexpr std::array kRcvErrorDetails{Counter::kLocalPhysicalErrors, Counter::kMalformedPacketErrors,
                                      Counter::kBufferOverrunErrors, Counter::kDlidMappingErrors,
                                      Counter::kVlMappingErrors,     Counter::kLoopingErrors};
constexpr std::array kXmitDiscardDetails{Counter::kInactiveDiscards, Counter::kNeighborMtuDiscards,
                                         Counter::kSwLifetimeLimitDiscards,
                                         Counter::kSwHoqLifetimeLimitDiscards};

void PutRegister(Data& data, std::span<const FakePort> ports, Place place) {
  std::uint64_t sum = 0;
  for (const FakePort& port : ports) {
    if (const auto found = port.registers.find(place.counter); found != port.registers.end())
      sum += found->second;
  }
  Put(data, place.bit, place.width,
      std::min(sum, std::numeric_limits<std::uint64_t>::max() >> (64 - place.width)));
}

void PutPortSelect(Data& data, std::span<const FakePort> ports) {
  Put(data, 8, 8, ports.size() == 1 ? ports.front().num : 0xff);
}

Data Details(std::span<const FakePort> ports, std::span<const Counter> counters) {
  Data data{};
  PutPortSelect(data, ports);
  for (std::size_t i = 0; i < counters.size(); ++i) PutRegister(data, ports, {counters[i], 32 + 16 * i, 16});
  return data;
}

// The codes of some speeds, the first of them the lowest bit.
std::uint64_t Codes(SpeedSet set, std::span<const LinkSpeed> speeds) {
  std::uint64_t codes = 0;
  for (std::size_t i = 0; i < speeds.size(); ++i) {
    if (set.Has(speeds[i])) codes |= 1u << i;
  }
  return codes;
}
constexpr std::array kOld{LinkSpeed::kSdr, LinkSpeed::kDdr, LinkSpeed::kQdr};
constexpr std::array kExt{LinkSpeed::kFdr, LinkSpeed::kEdr, LinkSpeed::kHdr, LinkSpeed::kNdr};
constexpr std::array kExt2{LinkSpeed::kXdr};
constexpr std::array kMlnx{LinkSpeed::kFdr10};

SpeedSet Only(LinkSpeed speed) {
  SpeedSet set;
  set.Add(speed);
  return set;
}

void PutSpeeds(Data& data, const PortInfo& info) {
  const SpeedSet active = Only(info.speed_active);
  Put(data, 256, 4, Codes(info.speed_supported, kOld));
  Put(data, 280, 4, info.speed_active > LinkSpeed::kQdr ? 4 : Codes(active, kOld));
  Put(data, 284, 4, Codes(info.speed_enabled, kOld));
  Put(data, 496, 4, Codes(active, kExt));
  Put(data, 500, 4, Codes(info.speed_supported, kExt));
  Put(data, 507, 5, Codes(info.speed_enabled, kExt));
  Put(data, 449, 2, Codes(active, kExt2));
  Put(data, 451, 2, Codes(info.speed_supported, kExt2));
  Put(data, 453, 3, Codes(info.speed_enabled, kExt2));
}

}  // namespace

void Put(std::span<std::uint8_t> data, std::size_t bit, std::size_t width, std::uint64_t value) {
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t at = bit + width - 1 - i;
    const auto mask = static_cast<std::uint8_t>(0x80u >> (at % 8));
    data[at / 8] =
        static_cast<std::uint8_t>((value >> i & 1) != 0 ? data[at / 8] | mask : data[at / 8] & ~mask);
  }
}

Data EncodeNodeInfo(const FakeNode& node, std::uint8_t entry) {
  Data data{};
  Put(data, 0, 8, 1);
  Put(data, 8, 8, 1);
  Put(data, 16, 8, Number(node.type));
  Put(data, 24, 8, node.num_ports());
  Put(data, 32, 64, Number(node.system_image_guid));
  Put(data, 96, 64, Number(node.guid));
  Put(data, 160, 64, Number(node.ports[node.IsSwitch() ? 0 : entry].guid));
  Put(data, 224, 16, 128);
  Put(data, 240, 16, node.device_id);
  Put(data, 256, 32, node.revision);
  Put(data, 288, 8, entry);
  Put(data, 296, 24, node.vendor_id);
  return data;
}

Data EncodeNodeDescription(const FakeNode& node) {
  Data data{};
  std::copy_n(node.description.begin(), std::min(node.description.size(), mad::kSmpDataSize), data.begin());
  return data;
}

Data EncodeSwitchInfo(const FakeNode& node) {
  const SwitchInfo& info = node.switch_info;
  Data data{};
  Put(data, 0, 16, info.linear_fdb_cap);
  Put(data, 32, 16, info.multicast_fdb_cap);
  Put(data, 48, 16, info.linear_fdb_top);
  Put(data, 88, 5, info.lifetime_value);
  Put(data, 93, 1, info.state_change);
  Put(data, 95, 1, info.optimised_sl_to_vl);
  Put(data, 112, 16, info.partition_enforcement_cap);
  Put(data, 132, 1, info.enhanced_port0);
  Put(data, 144, 16, info.multicast_fdb_top);
  return data;
}

Data EncodePortInfo(const FakeNode& node, std::uint8_t num, std::uint8_t entry) {
  const PortInfo& info = node.ports[num].info;
  const bool external = node.IsSwitch() && num != 0;
  Data data{};
  Put(data, 64, 64, info.gid_prefix);
  Put(data, 128, 16, external ? 0 : Number(info.lid));
  Put(data, 144, 16, external ? 0 : Number(info.sm_lid));
  Put(data, 160, 32, external ? 0 : info.capability_mask);
  Put(data, 224, 8, entry);
  Put(data, 232, 8, info.width_enabled);
  Put(data, 240, 8, info.width_supported);
  Put(data, 248, 8, info.width_active);
  Put(data, 260, 4, Number(info.state));
  Put(data, 264, 4, Number(info.phys_state));
  Put(data, 272, 2, info.m_key_protect);
  Put(data, 277, 3, info.lmc);
  Put(data, 288, 4, info.mtu_active);
  Put(data, 292, 4, info.sm_sl);
  Put(data, 296, 4, info.vl_capability);
  Put(data, 332, 4, info.mtu_supported);
  Put(data, 344, 4, info.operational_vls);
  Put(data, 348, 1, info.enforces_in);
  Put(data, 349, 1, info.enforces_out);
  Put(data, 352, 16, info.m_key_violations);
  Put(data, 368, 16, info.p_key_violations);
  Put(data, 384, 16, info.q_key_violations);
  Put(data, 480, 16, external ? 0 : info.capability_mask2);
  PutSpeeds(data, info);
  return data;
}

Data EncodeMlnxExtendedPortInfo(const FakePort& port) {
  Data data{};
  Put(data, 56, 8, Codes(port.info.speed_supported, kMlnx));
  Put(data, 88, 8, Codes(port.info.speed_enabled, kMlnx));
  Put(data, 120, 8, Codes(Only(port.info.speed_active), kMlnx));
  return data;
}

Data EncodeSmInfo(const SmInfo& sm) {
  Data data{};
  Put(data, 0, 64, Number(sm.guid));
  Put(data, 128, 32, sm.activity);
  Put(data, 160, 4, sm.priority);
  Put(data, 164, 4, Number(sm.state));
  return data;
}

Data EncodeLinearBlock(const FakeNode& node, std::uint32_t block) {
  Data data{};
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t lid = block * 64 + i;
    data[i] = lid < node.linear.size() ? node.linear[lid] : LinearTable::kNoExit;
  }
  return data;
}

Data EncodeMulticastBlock(const FakeNode& node, std::uint32_t block, std::uint32_t position) {
  Data data{};
  for (std::size_t i = 0; i < 32; ++i) {
    const auto group = node.multicast.find(static_cast<std::uint16_t>(0xc000 + block * 32 + i));
    if (group == node.multicast.end()) continue;
    for (std::size_t bit = 0; bit < 16; ++bit) {
      Put(data, 16 * i + 15 - bit, 1, group->second.test(16 * position + bit) ? 1 : 0);
    }
  }
  return data;
}

Data EncodeSlToVl(const FakeNode& node, std::uint8_t in, std::uint8_t out) {
  Data data{};
  const auto row = node.sl_to_vl.find({in, out});
  for (std::size_t sl = 0; sl < 16; ++sl) {
    Put(data, 4 * sl, 4, row != node.sl_to_vl.end() ? row->second[sl] : sl % 15);
  }
  return data;
}

Data EncodePKeyBlock(const FakePort& port, std::uint32_t block) {
  Data data{};
  for (std::size_t i = 0; i < 32 && block * 32 + i < port.p_keys.size(); ++i) {
    Put(data, 16 * i, 16, port.p_keys[block * 32 + i]);
  }
  return data;
}

Data EncodeMlnxAdaptiveRoutingInfo(bool on) {
  Data data{};
  Put(data, 31, 1, on);
  return data;
}

Data EncodeClassPortInfo(const ClassPortInfo& info) {
  Data data{};
  Put(data, 0, 8, info.base_version);
  Put(data, 8, 8, info.class_version);
  Put(data, 16, 16, info.capability_mask);
  Put(data, 32, 27, info.capability_mask2);
  Put(data, 59, 5, info.response_time);
  std::copy(info.redirect_gid.begin(), info.redirect_gid.end(), data.begin() + 8);
  Put(data, 200, 4, info.redirect_sl);
  Put(data, 224, 16, Number(info.redirect_lid));
  Put(data, 240, 16, info.redirect_p_key);
  Put(data, 264, 24, info.redirect_qp);
  Put(data, 288, 32, info.redirect_q_key);
  return data;
}

Data EncodePortCounters(const FakeNode& node, std::span<const FakePort> ports) {
  Data data{};
  PutPortSelect(data, ports);
  for (const Place& place : kPortCounters) {
    if (place.counter == Counter::kXmitWait && (node.pma.capability_mask & kPmaXmitWait) == 0) continue;
    if (place.counter == Counter::kQp1Dropped && (node.pma.capability_mask & kPmaQp1Drop) == 0) continue;
    PutRegister(data, ports, place);
  }
  return data;
}

Data EncodePortCountersExtended(const FakeNode& node, std::span<const FakePort> ports) {
  std::size_t count =
      (node.pma.capability_mask & kPmaExtendedWidth) != 0 ? kExtendedWithoutErrors : kExtendedWithoutIetf;
  if ((node.pma.capability_mask2 & kPmaExtendedErrors) != 0) count = kExtended.size();
  Data data{};
  PutPortSelect(data, ports);
  for (std::size_t i = 0; i < count; ++i) PutRegister(data, ports, {kExtended[i], 64 + 64 * i, 64});
  return data;
}

Data EncodePortRcvErrorDetails(std::span<const FakePort> ports) {
  return Details(ports, kRcvErrorDetails);
}
Data EncodePortXmitDiscardDetails(std::span<const FakePort> ports) {
  return Details(ports, kXmitDiscardDetails);
}

}  // namespace aftershock::fake

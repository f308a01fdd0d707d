// Every field of every attribute, compared with libibmad's own field table over random octets.
#include <infiniband/mad.h>
#include <catch2/catch.hpp>
#include <map>

#include "block.h"
#include "probes/mad/decode.h"

namespace aftershock::mad {
namespace {

constexpr int kBlocks = 2500;

// libibmad's view of a block. Its functions take void*, and do not write.
class Reference {
 public:
  explicit Reference(Block block) : block_(block) {}
  std::uint64_t operator[](MAD_FIELDS field) {
    std::uint32_t narrow = 0;
    mad_decode_field(block_.octets.data(), field, &narrow);
    return narrow;
  }
  std::uint64_t Wide(MAD_FIELDS field) {
    std::uint64_t wide = 0;
    mad_decode_field(block_.octets.data(), field, &wide);
    return wide;
  }

 private:
  Block block_;
};

template <typename T>
std::uint64_t Number(T value) {
  return static_cast<std::uint64_t>(value);
}

using FieldMap = std::map<Counter, MAD_FIELDS>;

const FieldMap kPortCounterFields{
    {Counter::kSymbolErrors, IB_PC_ERR_SYM_F},
    {Counter::kLinkErrorRecovery, IB_PC_LINK_RECOVERS_F},
    {Counter::kLinkDowned, IB_PC_LINK_DOWNED_F},
    {Counter::kRcvErrors, IB_PC_ERR_RCV_F},
    {Counter::kRcvRemotePhysicalErrors, IB_PC_ERR_PHYSRCV_F},
    {Counter::kRcvSwitchRelayErrors, IB_PC_ERR_SWITCH_REL_F},
    {Counter::kXmitDiscards, IB_PC_XMT_DISCARDS_F},
    {Counter::kXmitConstraintErrors, IB_PC_ERR_XMTCONSTR_F},
    {Counter::kRcvConstraintErrors, IB_PC_ERR_RCVCONSTR_F},
    {Counter::kLocalLinkIntegrityErrors, IB_PC_ERR_LOCALINTEG_F},
    {Counter::kExcessiveBufferOverrunErrors, IB_PC_ERR_EXCESS_OVR_F},
    {Counter::kVl15Dropped, IB_PC_VL15_DROPPED_F},
    {Counter::kXmitData, IB_PC_XMT_BYTES_F},
    {Counter::kRcvData, IB_PC_RCV_BYTES_F},
    {Counter::kXmitPkts, IB_PC_XMT_PKTS_F},
    {Counter::kRcvPkts, IB_PC_RCV_PKTS_F},
    {Counter::kXmitWait, IB_PC_XMT_WAIT_F},
};

const FieldMap kExtendedFields{
    {Counter::kXmitData, IB_PC_EXT_XMT_BYTES_F},
    {Counter::kRcvData, IB_PC_EXT_RCV_BYTES_F},
    {Counter::kXmitPkts, IB_PC_EXT_XMT_PKTS_F},
    {Counter::kRcvPkts, IB_PC_EXT_RCV_PKTS_F},
    {Counter::kUnicastXmitPkts, IB_PC_EXT_XMT_UPKTS_F},
    {Counter::kUnicastRcvPkts, IB_PC_EXT_RCV_UPKTS_F},
    {Counter::kMulticastXmitPkts, IB_PC_EXT_XMT_MPKTS_F},
    {Counter::kMulticastRcvPkts, IB_PC_EXT_RCV_MPKTS_F},
    {Counter::kSymbolErrors, IB_PC_EXT_ERR_SYM_F},
    {Counter::kLinkErrorRecovery, IB_PC_EXT_LINK_RECOVERS_F},
    {Counter::kLinkDowned, IB_PC_EXT_LINK_DOWNED_F},
    {Counter::kRcvErrors, IB_PC_EXT_ERR_RCV_F},
    {Counter::kRcvRemotePhysicalErrors, IB_PC_EXT_ERR_PHYSRCV_F},
    {Counter::kRcvSwitchRelayErrors, IB_PC_EXT_ERR_SWITCH_REL_F},
    {Counter::kXmitDiscards, IB_PC_EXT_XMT_DISCARDS_F},
    {Counter::kXmitConstraintErrors, IB_PC_EXT_ERR_XMTCONSTR_F},
    {Counter::kRcvConstraintErrors, IB_PC_EXT_ERR_RCVCONSTR_F},
    {Counter::kLocalLinkIntegrityErrors, IB_PC_EXT_ERR_LOCALINTEG_F},
    {Counter::kExcessiveBufferOverrunErrors, IB_PC_EXT_ERR_EXCESS_OVR_F},
    {Counter::kVl15Dropped, IB_PC_EXT_VL15_DROPPED_F},
    {Counter::kXmitWait, IB_PC_EXT_XMT_WAIT_F},
    {Counter::kQp1Dropped, IB_PC_EXT_QP1_DROP_F},
};

const FieldMap kRcvErrorFields{
    {Counter::kLocalPhysicalErrors, IB_PC_RCV_LOCAL_PHY_ERR_F},
    {Counter::kMalformedPacketErrors, IB_PC_RCV_MALFORMED_PKT_ERR_F},
    {Counter::kBufferOverrunErrors, IB_PC_RCV_BUF_OVR_ERR_F},
    {Counter::kDlidMappingErrors, IB_PC_RCV_DLID_MAP_ERR_F},
    {Counter::kVlMappingErrors, IB_PC_RCV_VL_MAP_ERR_F},
    {Counter::kLoopingErrors, IB_PC_RCV_LOOPING_ERR_F},
};

const FieldMap kXmitDiscardFields{
    {Counter::kInactiveDiscards, IB_PC_XMT_INACT_DISC_F},
    {Counter::kNeighborMtuDiscards, IB_PC_XMT_NEIGH_MTU_DISC_F},
    {Counter::kSwLifetimeLimitDiscards, IB_PC_XMT_SW_LIFE_DISC_F},
    {Counter::kSwHoqLifetimeLimitDiscards, IB_PC_XMT_SW_HOL_DISC_F},
};

// Each register of the attribute exactly once, with libibmad's value.
template <typename Decode>
void CompareRegisters(const FieldMap& fields, Decode decode) {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    RegisterBuffer buffer;
    const auto registers = decode(block.bytes(), buffer);
    REQUIRE(registers.size() == fields.size());
    for (const Register& r : registers) {
      CAPTURE(Spec(r.counter).name);
      const MAD_FIELDS field = fields.at(r.counter);
      CHECK(r.value == (&fields == &kExtendedFields ? reference.Wide(field) : reference[field]));
    }
  }
}

}  // namespace

TEST_CASE("NodeInfo agrees with libibmad", "[mad][unit]") {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    const NodeInfo info = DecodeNodeInfo(block.bytes());
    CHECK(Number(info.type) == reference[IB_NODE_TYPE_F]);
    CHECK(info.num_ports == reference[IB_NODE_NPORTS_F]);
    CHECK(Number(info.system_image_guid) == reference.Wide(IB_NODE_SYSTEM_GUID_F));
    CHECK(Number(info.node_guid) == reference.Wide(IB_NODE_GUID_F));
    CHECK(Number(info.port_guid) == reference.Wide(IB_NODE_PORT_GUID_F));
    CHECK(info.device_id == reference[IB_NODE_DEVID_F]);
    CHECK(info.revision == reference[IB_NODE_REVISION_F]);
    CHECK(info.local_port == reference[IB_NODE_LOCAL_PORT_F]);
    CHECK(info.vendor_id == reference[IB_NODE_VENDORID_F]);
  }
}

TEST_CASE("SwitchInfo agrees with libibmad", "[mad][unit]") {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    const SwitchInfo info = DecodeSwitchInfo(block.bytes());
    CHECK(info.linear_fdb_cap == reference[IB_SW_LINEAR_FDB_CAP_F]);
    CHECK(info.linear_fdb_top == reference[IB_SW_LINEAR_FDB_TOP_F]);
    CHECK(info.multicast_fdb_cap == reference[IB_SW_MCAST_FDB_CAP_F]);
    CHECK(info.lifetime_value == reference[IB_SW_LIFE_TIME_F]);
    CHECK(Number(info.state_change) == reference[IB_SW_STATE_CHANGE_F]);
    CHECK(Number(info.enhanced_port0) == reference[IB_SW_ENHANCED_PORT0_F]);
    CHECK(Number(info.optimised_sl_to_vl) == (reference[IB_SW_OPT_SLTOVL_MAPPING_F] & 1));  // 2, 3: reserved
    CHECK(info.partition_enforcement_cap == reference[IB_SW_PARTITION_ENFORCE_CAP_F]);
    CHECK(info.multicast_fdb_top == reference[IB_SW_MCAST_FDB_TOP_F]);
  }
}

TEST_CASE("PortInfo agrees with libibmad", "[mad][unit]") {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    const PortInfo info = DecodePortInfo(block.bytes());
    CHECK(info.gid_prefix == reference.Wide(IB_PORT_GID_PREFIX_F));
    CHECK(Number(info.lid) == reference[IB_PORT_LID_F]);
    CHECK(Number(info.sm_lid) == reference[IB_PORT_SMLID_F]);
    CHECK(info.capability_mask == reference[IB_PORT_CAPMASK_F]);
    CHECK(info.capability_mask2 == reference[IB_PORT_CAPMASK2_F]);
    CHECK(info.width_enabled == reference[IB_PORT_LINK_WIDTH_ENABLED_F]);
    CHECK(info.width_supported == reference[IB_PORT_LINK_WIDTH_SUPPORTED_F]);
    CHECK(info.width_active == reference[IB_PORT_LINK_WIDTH_ACTIVE_F]);
    CHECK(Number(info.state) == reference[IB_PORT_STATE_F]);
    CHECK(Number(info.phys_state) == reference[IB_PORT_PHYS_STATE_F]);
    CHECK(info.lmc == reference[IB_PORT_LMC_F]);
    CHECK(info.sm_sl == reference[IB_PORT_SMSL_F]);
    CHECK(info.mtu_supported == reference[IB_PORT_MTU_CAP_F]);
    CHECK(info.mtu_active == reference[IB_PORT_NEIGHBOR_MTU_F]);
    CHECK(info.vl_capability == reference[IB_PORT_VL_CAP_F]);
    CHECK(info.operational_vls == reference[IB_PORT_OPER_VLS_F]);
    CHECK(Number(info.enforces_in) == reference[IB_PORT_PART_EN_INB_F]);
    CHECK(Number(info.enforces_out) == reference[IB_PORT_PART_EN_OUTB_F]);
    CHECK(info.m_key_violations == reference[IB_PORT_MKEY_VIOL_F]);
    CHECK(info.p_key_violations == reference[IB_PORT_PKEY_VIOL_F]);
    CHECK(info.q_key_violations == reference[IB_PORT_QKEY_VIOL_F]);
    CHECK(info.m_key_protect == reference[IB_PORT_MKEY_PROT_BITS_F]);
  }
}

TEST_CASE("The speeds up to NDR agree with libibmad's codes", "[mad][unit]") {
  // The codes' bits stand in SpeedSet with room for FDR10 between QDR and FDR.
  const auto set = [](std::uint64_t base, std::uint64_t extended) {
    return SpeedSet::FromBits(static_cast<unsigned>((base & 7) | (extended & 15) << 4));
  };
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    const bool extended = (reference[IB_PORT_CAPMASK_F] & kCapExtendedSpeeds) != 0;
    const auto ext = [&](MAD_FIELDS field) { return extended ? reference[field] : 0; };
    const std::uint64_t enabled = ext(IB_PORT_LINK_SPEED_EXT_ENABLED_F);
    const PortInfo info = DecodePortInfo(block.bytes(), std::nullopt, /*capability_mask2=*/0);
    CHECK(info.speed_supported ==
          set(reference[IB_PORT_LINK_SPEED_SUPPORTED_F], ext(IB_PORT_LINK_SPEED_EXT_SUPPORTED_F)));
    CHECK(info.speed_enabled == set(reference[IB_PORT_LINK_SPEED_ENABLED_F], enabled == 30 ? 0 : enabled));
    const SpeedSet active = set(reference[IB_PORT_LINK_SPEED_ACTIVE_F], ext(IB_PORT_LINK_SPEED_EXT_ACTIVE_F));
    CHECK(info.speed_active == active.Fastest().value_or(LinkSpeed::kSdr));
  }
}

TEST_CASE("FDR10 agrees with libibmad", "[mad][unit]") {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    PortInfo info;
    info.speed_active = LinkSpeed::kQdr;
    MergeExtendedPortInfo(block.bytes(), info);
    CHECK(info.speed_supported.Has(LinkSpeed::kFdr10) ==
          ((reference[IB_MLNX_EXT_PORT_LINK_SPEED_SUPPORTED_F] & 1) != 0));
    CHECK(info.speed_enabled.Has(LinkSpeed::kFdr10) ==
          ((reference[IB_MLNX_EXT_PORT_LINK_SPEED_ENABLED_F] & 1) != 0));
    CHECK((info.speed_active == LinkSpeed::kFdr10) ==
          ((reference[IB_MLNX_EXT_PORT_LINK_SPEED_ACTIVE_F] & 1) != 0));
  }
}

TEST_CASE("SMInfo agrees with libibmad", "[mad][unit]") {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    const Block block = blocks.Next();
    Reference reference(block);
    const SmInfo info = DecodeSmInfo(block.bytes());
    CHECK(Number(info.guid) == reference.Wide(IB_SMINFO_GUID_F));
    CHECK(info.activity == reference[IB_SMINFO_ACT_F]);
    CHECK(info.priority == reference[IB_SMINFO_PRIO_F]);
    CHECK(Number(info.state) == reference[IB_SMINFO_STATE_F]);
  }
}

TEST_CASE("ClassPortInfo agrees with libibmad", "[mad][unit]") {
  RandomBlocks blocks;
  for (int i = 0; i < kBlocks; ++i) {
    Block block = blocks.Next();
    Reference reference(block);
    const ClassPortInfo info = DecodeClassPortInfo(block.bytes());
    std::array<std::uint8_t, 16> gid{};
    mad_decode_field(block.octets.data(), IB_CPI_REDIRECT_GID_F, gid.data());
    CHECK(info.redirect_gid == gid);
    CHECK(info.base_version == reference[IB_CPI_BASEVER_F]);
    CHECK(info.class_version == reference[IB_CPI_CLASSVER_F]);
    CHECK(info.capability_mask == reference[IB_CPI_CAPMASK_F]);
    CHECK(info.capability_mask2 == reference[IB_CPI_CAPMASK2_F]);
    CHECK(info.response_time == reference[IB_CPI_RESP_TIME_VALUE_F]);
    CHECK(info.redirect_sl == reference[IB_CPI_REDIRECT_SL_F]);
    CHECK(Number(info.redirect_lid) == reference[IB_CPI_REDIRECT_LID_F]);
    CHECK(info.redirect_p_key == reference[IB_CPI_REDIRECT_PKEY_F]);
    CHECK(info.redirect_qp == reference[IB_CPI_REDIRECT_QP_F]);
    CHECK(info.redirect_q_key == reference[IB_CPI_REDIRECT_QKEY_F]);
  }
}

TEST_CASE("PortCounters agrees with libibmad", "[mad][unit]") {
  CompareRegisters(kPortCounterFields, [](Bytes data, RegisterBuffer& buffer) {
    return DecodePortCounters(data, /*has_xmit_wait=*/true, buffer);
  });
}

TEST_CASE("PortCountersExtended agrees with libibmad", "[mad][unit]") {
  CompareRegisters(kExtendedFields, [](Bytes data, RegisterBuffer& buffer) {
    return DecodePortCountersExtended(data, /*no_ietf=*/false, /*errors=*/true, buffer);
  });
}

TEST_CASE("PortRcvErrorDetails agrees with libibmad", "[mad][unit]") {
  CompareRegisters(kRcvErrorFields, DecodePortRcvErrorDetails);
}

TEST_CASE("PortXmitDiscardDetails agrees with libibmad", "[mad][unit]") {
  CompareRegisters(kXmitDiscardFields, DecodePortXmitDiscardDetails);
}

}  // namespace aftershock::mad

// The counter attributes of performance management. Sections are of IBA 1.3 volume 1.
#include "probes/mad/decode.h"
#include "probes/mad/field.h"

namespace aftershock::mad {
namespace {

// What a device must have for a register to mean anything: without it the bits are reserved, and a zero there
// is no count.
enum Needs : unsigned { kNothing = 0, kXmitWait = 1, kQp1Dropped = 2, kIetf = 4, kErrors = 8 };

struct RegisterSpec {
  Counter counter;
  Field field;
  unsigned needs = kNothing;
};

// 16.1.3.5. QP1Dropped stands before VL15Dropped; libibmad reads the latter for both.
constexpr std::array kPortCounters{
    RegisterSpec{Counter::kSymbolErrors, {32, 16}},
    RegisterSpec{Counter::kLinkErrorRecovery, {48, 8}},
    RegisterSpec{Counter::kLinkDowned, {56, 8}},
    RegisterSpec{Counter::kRcvErrors, {64, 16}},
    RegisterSpec{Counter::kRcvRemotePhysicalErrors, {80, 16}},
    RegisterSpec{Counter::kRcvSwitchRelayErrors, {96, 16}},
    RegisterSpec{Counter::kXmitDiscards, {112, 16}},
    RegisterSpec{Counter::kXmitConstraintErrors, {128, 8}},
    RegisterSpec{Counter::kRcvConstraintErrors, {136, 8}},
    RegisterSpec{Counter::kLocalLinkIntegrityErrors, {152, 4}},
    RegisterSpec{Counter::kExcessiveBufferOverrunErrors, {156, 4}},
    RegisterSpec{Counter::kQp1Dropped, {160, 16}, kQp1Dropped},
    RegisterSpec{Counter::kVl15Dropped, {176, 16}},
    RegisterSpec{Counter::kXmitData, {192, 32}},
    RegisterSpec{Counter::kRcvData, {224, 32}},
    RegisterSpec{Counter::kXmitPkts, {256, 32}},
    RegisterSpec{Counter::kRcvPkts, {288, 32}},
    RegisterSpec{Counter::kXmitWait, {320, 32}, kXmitWait},
};

// 16.1.4.11
constexpr std::array kPortCountersExtended{
    RegisterSpec{Counter::kXmitData, {64, 64}},
    RegisterSpec{Counter::kRcvData, {128, 64}},
    RegisterSpec{Counter::kXmitPkts, {192, 64}},
    RegisterSpec{Counter::kRcvPkts, {256, 64}},
    RegisterSpec{Counter::kUnicastXmitPkts, {320, 64}, kIetf},
    RegisterSpec{Counter::kUnicastRcvPkts, {384, 64}, kIetf},
    RegisterSpec{Counter::kMulticastXmitPkts, {448, 64}, kIetf},
    RegisterSpec{Counter::kMulticastRcvPkts, {512, 64}, kIetf},
    RegisterSpec{Counter::kSymbolErrors, {576, 64}, kErrors},
    RegisterSpec{Counter::kLinkErrorRecovery, {640, 64}, kErrors},
    RegisterSpec{Counter::kLinkDowned, {704, 64}, kErrors},
    RegisterSpec{Counter::kRcvErrors, {768, 64}, kErrors},
    RegisterSpec{Counter::kRcvRemotePhysicalErrors, {832, 64}, kErrors},
    RegisterSpec{Counter::kRcvSwitchRelayErrors, {896, 64}, kErrors},
    RegisterSpec{Counter::kXmitDiscards, {960, 64}, kErrors},
    RegisterSpec{Counter::kXmitConstraintErrors, {1024, 64}, kErrors},
    RegisterSpec{Counter::kRcvConstraintErrors, {1088, 64}, kErrors},
    RegisterSpec{Counter::kLocalLinkIntegrityErrors, {1152, 64}, kErrors},
    RegisterSpec{Counter::kExcessiveBufferOverrunErrors, {1216, 64}, kErrors},
    RegisterSpec{Counter::kVl15Dropped, {1280, 64}, kErrors},
    RegisterSpec{Counter::kXmitWait, {1344, 64}, kErrors},
    RegisterSpec{Counter::kQp1Dropped, {1408, 64}, kErrors},
};

// 16.1.4.1
constexpr std::array kPortRcvErrorDetails{
    RegisterSpec{Counter::kLocalPhysicalErrors, {32, 16}},
    RegisterSpec{Counter::kMalformedPacketErrors, {48, 16}},
    RegisterSpec{Counter::kBufferOverrunErrors, {64, 16}},
    RegisterSpec{Counter::kDlidMappingErrors, {80, 16}},
    RegisterSpec{Counter::kVlMappingErrors, {96, 16}},
    RegisterSpec{Counter::kLoopingErrors, {112, 16}},
};

// 16.1.4.2
constexpr std::array kPortXmitDiscardDetails{
    RegisterSpec{Counter::kInactiveDiscards, {32, 16}},
    RegisterSpec{Counter::kNeighborMtuDiscards, {48, 16}},
    RegisterSpec{Counter::kSwLifetimeLimitDiscards, {64, 16}},
    RegisterSpec{Counter::kSwHoqLifetimeLimitDiscards, {80, 16}},
};

static_assert(std::max({kPortCounters.size(), kPortCountersExtended.size(), kPortRcvErrorDetails.size(),
                        kPortXmitDiscardDetails.size()}) <= kCounterCount,
              "an attribute's registers fit the buffer");

std::span<const Register> Registers(Bytes data, std::span<const RegisterSpec> table, unsigned has,
                                    RegisterBuffer& out) {
  std::size_t count = 0;
  for (const RegisterSpec& spec : table) {
    if ((spec.needs & ~has) != 0) continue;
    const std::uint64_t value = Read(data, spec.field);
    out[count++] = {spec.counter, value, value == spec.field.Max()};
  }
  return std::span<const Register>(out).first(count);
}

}  // namespace

std::span<const Register> DecodePortCounters(Bytes data, bool has_xmit_wait, RegisterBuffer& out,
                                             bool has_qp1_dropped) {
  return Registers(data, kPortCounters,
                   (has_xmit_wait ? kXmitWait : 0u) | (has_qp1_dropped ? kQp1Dropped : 0u), out);
}

std::span<const Register> DecodePortCountersExtended(Bytes data, bool no_ietf, bool errors,
                                                     RegisterBuffer& out) {
  return Registers(data, kPortCountersExtended, (no_ietf ? 0u : kIetf) | (errors ? kErrors : 0u), out);
}

std::span<const Register> DecodePortRcvErrorDetails(Bytes data, RegisterBuffer& out) {
  return Registers(data, kPortRcvErrorDetails, kNothing, out);
}

std::span<const Register> DecodePortXmitDiscardDetails(Bytes data, RegisterBuffer& out) {
  return Registers(data, kPortXmitDiscardDetails, kNothing, out);
}

}  // namespace aftershock::mad

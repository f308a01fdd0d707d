// LinearForwardingTable, MulticastForwardingTable, SLtoVLMappingTable, P_KeyTable and Mellanox'
// AdaptiveRoutingInfo. Sections are of IBA 1.3 volume 1.
#include "probes/mad/decode.h"
#include "probes/mad/field.h"

namespace aftershock::mad {
namespace {

// `Count` entries of one width, one behind the other from the first bit on.
template <typename Entry, std::size_t Count>
std::array<Entry, Count> Entries(Bytes data, unsigned width) {
  std::array<Entry, Count> entries{};
  for (unsigned i = 0; i < Count; ++i) entries[i] = static_cast<Entry>(Read(data, {i * width, width}));
  return entries;
}

constexpr unsigned kExitWidth = 8;       // 14.2.5.10
constexpr unsigned kPortMaskWidth = 16;  // 14.2.5.11
constexpr unsigned kVlWidth = 4;         // 14.2.5.8
constexpr unsigned kPKeyWidth = 16;      // 14.2.5.7

// As NVIDIA's ibis library lays it out: it is on, it is so for some SLs only, and for which.
constexpr Field kAdaptiveOn{31, 1}, kAdaptiveBySl{3, 1}, kAdaptiveSls{64, 16};

}  // namespace

std::array<std::uint8_t, kLinearBlock> DecodeLinearBlock(Bytes data) {
  return Entries<std::uint8_t, kLinearBlock>(data, kExitWidth);
}

std::array<std::uint16_t, kMulticastBlock> DecodeMulticastBlock(Bytes data) {
  return Entries<std::uint16_t, kMulticastBlock>(data, kPortMaskWidth);
}

std::array<std::uint8_t, kServiceLevels> DecodeSlToVl(Bytes data) {
  return Entries<std::uint8_t, kServiceLevels>(data, kVlWidth);
}

std::array<std::uint16_t, kPKeyBlock> DecodePKeyBlock(Bytes data) {
  return Entries<std::uint16_t, kPKeyBlock>(data, kPKeyWidth);
}

bool DecodeMlnxAdaptiveRouting(Bytes data) {
  if (Read(data, kAdaptiveOn) == 0) return false;
  return Read(data, kAdaptiveBySl) == 0 || Read(data, kAdaptiveSls) != 0;
}

}  // namespace aftershock::mad

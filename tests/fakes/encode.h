// The octets of attributes, written independently of the decoders they test.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tests/fakes/fake_node.h"

namespace aftershock::fake {

inline constexpr std::size_t kDataSize = 200;  // the longest of all classes
using Data = std::array<std::uint8_t, kDataSize>;

// Bit 0 is the most significant of the first octet.
void Put(std::span<std::uint8_t> data, std::size_t bit, std::size_t width, std::uint64_t value);

Data EncodeNodeInfo(const FakeNode& node, std::uint8_t entry);
Data EncodeNodeDescription(const FakeNode& node);
Data EncodeSwitchInfo(const FakeNode& node);
// REQUIRES: the node has the port
Data EncodePortInfo(const FakeNode& node, std::uint8_t num, std::uint8_t entry);
Data EncodeMlnxExtendedPortInfo(const FakePort& port);
Data EncodeSmInfo(const SmInfo& sm);
Data EncodeLinearBlock(const FakeNode& node, std::uint32_t block);
Data EncodeMulticastBlock(const FakeNode& node, std::uint32_t block, std::uint32_t position);
Data EncodeSlToVl(const FakeNode& node, std::uint8_t in, std::uint8_t out);
Data EncodePKeyBlock(const FakePort& port, std::uint32_t block);
Data EncodeMlnxAdaptiveRoutingInfo(bool on);
Data EncodeClassPortInfo(const ClassPortInfo& info);

// `ports`: one, or all of them summed up (AllPortSelect).
Data EncodePortCounters(const FakeNode& node, std::span<const FakePort> ports);
Data EncodePortCountersExtended(const FakeNode& node, std::span<const FakePort> ports);
Data EncodePortRcvErrorDetails(std::span<const FakePort> ports);
Data EncodePortXmitDiscardDetails(std::span<const FakePort> ports);

}  // namespace aftershock::fake

#include "probes/mad/decode.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string_view>
#include <vector>

#include "block.h"

namespace aftershock::mad {
namespace {

std::string Description(std::string_view text) {
  return DecodeNodeDescription(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

// A port that says all its speed fields are valid.
Block ExtendedPort() {
  return Block().Put(160, 32, kCapExtendedSpeeds | kCapHasMask2).Put(480, 16, kCap2ExtendedSpeeds2);
}

std::vector<Counter> Names(std::span<const Register> registers) {
  std::vector<Counter> names;
  for (const Register& r : registers) names.push_back(r.counter);
  return names;
}

bool Holds(std::span<const Register> registers, Counter counter) {
  return std::ranges::count(registers, counter, &Register::counter) == 1;
}

bool Same(std::span<const Register> a, std::span<const Register> b) {
  return std::ranges::equal(a, b);
}

}  // namespace

TEST_CASE("Octets that are not there read as zeros", "[mad][unit]") {
  RandomBlocks blocks;
  const Block whole = blocks.Next();
  for (std::size_t length = 0; length <= kBlockSize; ++length) {
    CAPTURE(length);
    Block padded;
    std::copy_n(whole.octets.begin(), length, padded.octets.begin());
    const Bytes cut = whole.bytes().first(length);
    CHECK(DecodeNodeInfo(cut) == DecodeNodeInfo(padded.bytes()));
    CHECK(DecodeSwitchInfo(cut) == DecodeSwitchInfo(padded.bytes()));
    CHECK(DecodePortInfo(cut) == DecodePortInfo(padded.bytes()));
    CHECK(DecodeSmInfo(cut) == DecodeSmInfo(padded.bytes()));
    CHECK(DecodeClassPortInfo(cut) == DecodeClassPortInfo(padded.bytes()));
    CHECK(DecodeLinearBlock(cut) == DecodeLinearBlock(padded.bytes()));
    CHECK(DecodeMulticastBlock(cut) == DecodeMulticastBlock(padded.bytes()));
    CHECK(DecodeSlToVl(cut) == DecodeSlToVl(padded.bytes()));
    CHECK(DecodePKeyBlock(cut) == DecodePKeyBlock(padded.bytes()));
    CHECK(DecodeMlnxAdaptiveRouting(cut) == DecodeMlnxAdaptiveRouting(padded.bytes()));
    RegisterBuffer a, b;
    CHECK(Same(DecodePortCounters(cut, true, a, true), DecodePortCounters(padded.bytes(), true, b, true)));
    CHECK(Same(DecodePortCountersExtended(cut, false, true, a),
               DecodePortCountersExtended(padded.bytes(), false, true, b)));
    CHECK(Same(DecodePortRcvErrorDetails(cut, a), DecodePortRcvErrorDetails(padded.bytes(), b)));
    CHECK(Same(DecodePortXmitDiscardDetails(cut, a), DecodePortXmitDiscardDetails(padded.bytes(), b)));
  }
}

TEST_CASE("A table's block holds its entries one behind the other", "[mad][unit]") {
  Block block;
  for (unsigned i = 0; i < 64; ++i) block.Put(8 * i, 8, 3 * i);
  const auto exits = DecodeLinearBlock(block.bytes());
  for (unsigned i = 0; i < 64; ++i) CHECK(exits[i] == 3 * i);

  for (unsigned i = 0; i < 32; ++i) block.Put(16 * i, 16, 0x8000 + 7 * i);
  const auto keys = DecodePKeyBlock(block.bytes());
  const auto masks = DecodeMulticastBlock(block.bytes());
  for (unsigned i = 0; i < 32; ++i) CHECK(keys[i] == 0x8000 + 7 * i);
  CHECK(masks == keys);

  for (unsigned sl = 0; sl < 16; ++sl) block.Put(4 * sl, 4, 15 - sl);
  const auto vls = DecodeSlToVl(block.bytes());
  for (unsigned sl = 0; sl < 16; ++sl) CHECK(vls[sl] == 15 - sl);
}

TEST_CASE("Adaptive routing is on where it is for any SL", "[mad][unit]") {
  CHECK_FALSE(DecodeMlnxAdaptiveRouting(Block().bytes()));
  CHECK(DecodeMlnxAdaptiveRouting(Block().Put(31, 1, 1).bytes()));
  CHECK_FALSE(DecodeMlnxAdaptiveRouting(Block().Put(31, 1, 1).Put(3, 1, 1).bytes()));
  CHECK(DecodeMlnxAdaptiveRouting(Block().Put(31, 1, 1).Put(3, 1, 1).Put(64, 16, 0x0100).bytes()));
}

TEST_CASE("A NodeDescription ends at its first NUL or after 64 octets", "[mad][unit]") {
  CHECK(Description("").empty());
  CHECK(Description({"sw1 HCA-1\0junk", 14}) == "sw1 HCA-1");
  CHECK(Description({"\0junk", 5}).empty());
  CHECK(Description(std::string(64, 'x')) == std::string(64, 'x'));
  CHECK(Description(std::string(64, 'x') + "of the next attribute") == std::string(64, 'x'));
}

TEST_CASE("A hostile NodeDescription comes out printable", "[mad][unit]") {
  CHECK(Description("a\nb\x1b[31m\xff\"\\") == "a\\x0ab\\x1b[31m\\xff\"\\");
  // The 64 octets end in the middle of a character.
  CHECK(Description(std::string(63, 'x') + "\xc3\xa9") == std::string(63, 'x') + "\\xc3");
}

TEST_CASE("XDR needs its fields and all three capability bits", "[mad][unit]") {
  const Block port = ExtendedPort().Put(449, 2, 1).Put(451, 2, 1).Put(453, 3, 1);
  const PortInfo info = DecodePortInfo(port.bytes());
  CHECK(info.speed_active == LinkSpeed::kXdr);
  CHECK(info.speed_supported.Has(LinkSpeed::kXdr));
  CHECK(info.speed_enabled.Has(LinkSpeed::kXdr));

  const auto unset = GENERATE(160u + 31 - 14, 160u + 31 - 15, 480u + 15 - 11);
  const PortInfo without = DecodePortInfo(Block(port).Put(unset, 1, 0).bytes());
  CHECK(without.speed_active == LinkSpeed::kSdr);
  CHECK(without.speed_supported.Empty());
  CHECK(without.speed_enabled.Empty());
}

TEST_CASE("LinkSpeedExt2 says nothing about speeds it does not know", "[mad][unit]") {
  const Block port = ExtendedPort().Put(449, 2, 2).Put(451, 2, 2).Put(453, 3, 6).Put(496, 4, 8);
  const PortInfo info = DecodePortInfo(port.bytes());
  CHECK(info.speed_active == LinkSpeed::kNdr);
  CHECK(info.speed_supported.Empty());
  CHECK(info.speed_enabled.Empty());
}

TEST_CASE("A switch's external port is read by the capabilities of port 0", "[mad][unit]") {
  const Block external = Block().Put(280, 4, 4).Put(496, 4, 4).Put(449, 2, 1);
  CHECK(DecodePortInfo(external.bytes()).speed_active == LinkSpeed::kQdr);
  CHECK(DecodePortInfo(external.bytes(), kCapExtendedSpeeds).speed_active == LinkSpeed::kHdr);
  CHECK(DecodePortInfo(external.bytes(), kCapExtendedSpeeds | kCapHasMask2).speed_active == LinkSpeed::kHdr);
  const PortInfo xdr =
      DecodePortInfo(external.bytes(), kCapExtendedSpeeds | kCapHasMask2, kCap2ExtendedSpeeds2);
  CHECK(xdr.speed_active == LinkSpeed::kXdr);
  CHECK(xdr.capability_mask == 0);
}

TEST_CASE("The capabilities of port 0 count more than those of the external port", "[mad][unit]") {
  const Block external = ExtendedPort().Put(280, 4, 2).Put(496, 4, 1).Put(449, 2, 1);
  CHECK(DecodePortInfo(external.bytes(), 0).speed_active == LinkSpeed::kDdr);
  CHECK(DecodePortInfo(external.bytes(), kCapExtendedSpeeds | kCapHasMask2, 0).speed_active ==
        LinkSpeed::kFdr);
}

TEST_CASE("Extended speeds that are disabled are not enabled", "[mad][unit]") {
  const Block port = ExtendedPort().Put(284, 4, 7).Put(500, 4, 15).Put(507, 5, 30);
  const PortInfo info = DecodePortInfo(port.bytes());
  CHECK(info.speed_enabled == SpeedSet::FromBits(7));
  CHECK(info.speed_supported == SpeedSet::FromBits(15u << 4));
}

TEST_CASE("An active speed is the fastest one that is known, and SDR without any", "[mad][unit]") {
  struct Case {
    unsigned active, extended;
    LinkSpeed expected;
  };
  const auto [active, extended, expected] =
      GENERATE(Case{0, 0, LinkSpeed::kSdr}, Case{8, 0, LinkSpeed::kSdr}, Case{1, 0, LinkSpeed::kSdr},
               Case{3, 0, LinkSpeed::kDdr}, Case{15, 0, LinkSpeed::kQdr}, Case{4, 1, LinkSpeed::kFdr},
               Case{0, 2, LinkSpeed::kEdr}, Case{4, 6, LinkSpeed::kHdr}, Case{4, 15, LinkSpeed::kNdr});
  CAPTURE(active, extended);
  CHECK(DecodePortInfo(ExtendedPort().Put(280, 4, active).Put(496, 4, extended).bytes()).speed_active ==
        expected);
}

TEST_CASE("FDR10 shows only where PortInfo reads QDR", "[mad][unit]") {
  const Block fdr10 = Block().Put(56, 8, 1).Put(88, 8, 1).Put(120, 8, 1);
  const auto merged = [&](LinkSpeed active) {
    PortInfo info;
    info.speed_active = active;
    MergeExtendedPortInfo(fdr10.bytes(), info);
    return info.speed_active;
  };
  CHECK(merged(LinkSpeed::kQdr) == LinkSpeed::kFdr10);
  CHECK(merged(LinkSpeed::kSdr) == LinkSpeed::kSdr);
  CHECK(merged(LinkSpeed::kEdr) == LinkSpeed::kEdr);
}

TEST_CASE("FDR10 is added to the speeds that PortInfo has", "[mad][unit]") {
  PortInfo info;
  info.speed_supported = info.speed_enabled = SpeedSet::FromBits(7);
  MergeExtendedPortInfo(Block().Put(56, 8, 1).bytes(), info);
  CHECK(info.speed_supported == SpeedSet::FromBits(15));
  CHECK(info.speed_enabled == SpeedSet::FromBits(7));
}

TEST_CASE("A register at the maximum of its width is saturated", "[mad][unit]") {
  Block full;
  full.octets.fill(0xff);
  RegisterBuffer buffer;
  const auto decode = GENERATE(0, 1, 2);
  const auto registers = decode == 0   ? DecodePortCounters(full.bytes(), true, buffer, true)
                         : decode == 1 ? DecodePortRcvErrorDetails(full.bytes(), buffer)
                                       : DecodePortXmitDiscardDetails(full.bytes(), buffer);
  for (const Register& r : registers) {
    CAPTURE(Spec(r.counter).name);
    CHECK(r.saturated);
    CHECK(r.value == (std::uint64_t{1} << Spec(r.counter).narrow_bits) - 1);
  }
}

TEST_CASE("A 64-bit register is saturated at 2^64 - 1 only", "[mad][unit]") {
  Block block;
  block.octets.fill(0xff);
  RegisterBuffer buffer;
  const auto full = DecodePortCountersExtended(block.bytes(), false, true, buffer);
  CHECK(std::ranges::all_of(full,
                            [](const Register& r) { return r.saturated && r.value == ~std::uint64_t{0}; }));
  block.Put(704, 64, 0xffffffff);
  CHECK(DecodePortCountersExtended(block.bytes(), false, true, buffer)[10].counter == Counter::kLinkDowned);
  CHECK_FALSE(buffer[10].saturated);
}

TEST_CASE("A register one below its maximum still counts", "[mad][unit]") {
  const Block block = Block().Put(56, 8, 254).Put(152, 4, 14).Put(156, 4, 15);
  RegisterBuffer buffer;
  for (const Register& r : DecodePortCounters(block.bytes(), false, buffer)) {
    CAPTURE(Spec(r.counter).name);
    CHECK(r.saturated == (r.counter == Counter::kExcessiveBufferOverrunErrors));
  }
}

TEST_CASE("PortCounters has XmitWait and QP1Dropped only where the device has them", "[mad][unit]") {
  RegisterBuffer buffer;
  const Block block = Block().Put(160, 16, 0x1234).Put(176, 16, 0x5678).Put(320, 32, 9);
  const auto plain = DecodePortCounters(block.bytes(), false, buffer);
  CHECK(plain.size() == 16);
  CHECK_FALSE(Holds(plain, Counter::kXmitWait));
  CHECK_FALSE(Holds(plain, Counter::kQp1Dropped));
  CHECK(Holds(DecodePortCounters(block.bytes(), true, buffer), Counter::kXmitWait));
  CHECK(DecodePortCounters(block.bytes(), true, buffer).size() == 17);
  CHECK(DecodePortCounters(block.bytes(), false, buffer, true).size() == 17);
  // QP1Dropped stands in front of VL15Dropped.
  CHECK(buffer[11] == Register{Counter::kQp1Dropped, 0x1234, false});
  CHECK(buffer[12] == Register{Counter::kVl15Dropped, 0x5678, false});
}

TEST_CASE("PortCountersExtended holds what the device's capabilities promise", "[mad][unit]") {
  RegisterBuffer buffer;
  CHECK(Names(DecodePortCountersExtended({}, true, false, buffer)) ==
        std::vector{Counter::kXmitData, Counter::kRcvData, Counter::kXmitPkts, Counter::kRcvPkts});
  const auto ietf = DecodePortCountersExtended({}, false, false, buffer);
  CHECK(ietf.size() == 8);
  CHECK(Holds(ietf, Counter::kMulticastRcvPkts));
  const auto errors = DecodePortCountersExtended({}, true, true, buffer);
  CHECK(errors.size() == 18);
  CHECK(Holds(errors, Counter::kQp1Dropped));
  CHECK_FALSE(Holds(errors, Counter::kUnicastRcvPkts));
  CHECK(DecodePortCountersExtended({}, false, true, buffer).size() == 22);
}

TEST_CASE("Data counters leave the decoder in the register's 4-octet words", "[mad][unit]") {
  RegisterBuffer buffer;
  const Block block = Block().Put(64, 64, 1000);
  CHECK(DecodePortCountersExtended(block.bytes(), true, false, buffer).front() ==
        Register{Counter::kXmitData, 1000, false});
}

}  // namespace aftershock::mad

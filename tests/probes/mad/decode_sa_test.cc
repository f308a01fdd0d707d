#include <catch2/catch.hpp>

#include "block.h"
#include "probes/mad/decode.h"

namespace aftershock::mad {

TEST_CASE("A member's record is read where the specification puts it", "[mad][unit]") {
  Block block;
  block.Put(0, 64, 0xff12401bffff0000).Put(64, 64, 0x00000000ffffffff);
  block.Put(128, 64, 0xfe80000000000000).Put(192, 64, 0x0002c90300f00001);
  block.Put(256, 32, 0x0b1b).Put(288, 16, 0xc001).Put(304, 2, 2).Put(306, 6, 4).Put(312, 8, 0xee);
  block.Put(320, 16, 0xffff).Put(336, 2, 2).Put(338, 6, 16).Put(344, 8, 0x92).Put(352, 4, 3);
  block.Put(356, 20, 0xfffff).Put(376, 8, 0xff).Put(384, 4, 2).Put(388, 4, 1).Put(392, 1, 1);
  const MemberRecord record = DecodeMemberRecord(block.bytes());
  CHECK(record.group == BroadcastGroup(0xffff));
  CHECK(record.port == Gid{.prefix = 0xfe80000000000000, .id = 0x0002c90300f00001});
  CHECK(record.join_state == 1);
  const GroupRecord shared{
      .q_key = 0x0b1b, .mtu = 4, .rate = 16, .sl = 3, .p_key = 0xffff, .mlid = Lid{0xc001}};
  CHECK(record.shared == shared);
}

TEST_CASE("The records of a table follow each other at multiples of eight octets, up to an empty one",
          "[mad][unit]") {
  Block block;
  for (unsigned i = 0; i < 3; ++i) {
    const unsigned at = i * 56 * 8;
    block.Put(at, 64, 0xff12401bffff0000).Put(at + 64, 64, 0xffffffff).Put(at + 192, 64, i + 1);
  }
  const auto records = DecodeMemberTable(block.bytes());
  REQUIRE(records.size() == 3);
  for (unsigned i = 0; i < 3; ++i) {
    CHECK(records[i].group == BroadcastGroup(0xffff));
    CHECK(records[i].port.id == i + 1);
  }
  CHECK(DecodeMemberTable(block.bytes().first(2 * 56 + 51)).size() == 2);
  CHECK(DecodeMemberTable({}).empty());
}

TEST_CASE("A path's record is read where the specification puts it", "[mad][unit]") {
  Block block;
  block.Put(0, 64, ~std::uint64_t{0});
  block.Put(64, 64, 0xfe80000000000000)
      .Put(128, 64, 0x11)
      .Put(192, 64, 0xfe80000000000001)
      .Put(256, 64, 0x22);
  block.Put(320, 16, 6).Put(336, 16, 2).Put(352, 48, 0xffffffffffff).Put(400, 16, 0x8001);
  block.Put(416, 12, 0xfff).Put(428, 4, 5).Put(432, 2, 2).Put(434, 6, 4).Put(440, 2, 2).Put(442, 6, 16);
  const PathRecord record = DecodePathRecord(block.bytes());
  CHECK(record.to == Gid{.prefix = 0xfe80000000000000, .id = 0x11});
  CHECK(record.from == Gid{.prefix = 0xfe80000000000001, .id = 0x22});
  CHECK(record.to_lid == Lid{6});
  CHECK(record.from_lid == Lid{2});
  CHECK(record.p_key == 0x8001);
  CHECK(record.sl == 5);
  CHECK(record.mtu == 4);
  CHECK(record.rate == 16);
}

TEST_CASE("A record that ends early reads as zeros", "[mad][unit]") {
  CHECK(DecodeMemberRecord({}).group == Gid{});
  CHECK(DecodeMemberRecord({}).shared == GroupRecord{});
  CHECK(DecodePathRecord({}).to == Gid{});
}

}  // namespace aftershock::mad

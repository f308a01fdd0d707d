#include "model/link.h"

#include <catch2/catch.hpp>

namespace aftershock {

TEST_CASE("The table of speeds stands in the order of its enumeration, each faster than the one before",
          "[model][unit]") {
  for (std::size_t i = 0; i < kSpeeds.size(); ++i) {
    CAPTURE(kSpeeds[i].name);
    CHECK(kSpeeds[i].speed == static_cast<LinkSpeed>(i));
    CHECK(ParseSpeed(kSpeeds[i].name) == kSpeeds[i].speed);
    CHECK(kSpeeds[i].lane_data_bits_per_second < kSpeeds[i].lane_raw_bits_per_second);
    if (i == 0) continue;
    CHECK(kSpeeds[i].lane_data_bits_per_second > kSpeeds[i - 1].lane_data_bits_per_second);
    CHECK(kSpeeds[i].lane_raw_bits_per_second > kSpeeds[i - 1].lane_raw_bits_per_second);
  }
}

TEST_CASE("Line coding leaves 8 of 10 bits up to QDR, and at most 64 of 66 above", "[model][unit]") {
  for (const SpeedSpec& spec : kSpeeds) {
    CAPTURE(spec.name);
    const double share = spec.lane_data_bits_per_second / spec.lane_raw_bits_per_second;
    if (spec.speed <= LinkSpeed::kQdr) {
      CHECK(share == Approx(0.8));
    } else {
      CHECK(share <= 64.0 / 66.0 * 1.001);
      CHECK(share > 0.93);
    }
  }
}

TEST_CASE("A width code is one known bit", "[model][unit]") {
  CHECK(WidthLanes(1) == 1);
  CHECK(WidthLanes(2) == 4);
  CHECK(WidthLanes(4) == 8);
  CHECK(WidthLanes(8) == 12);
  CHECK(WidthLanes(16) == 2);
  const auto unknown = GENERATE(0, 3, 32, 255);
  CHECK(WidthLanes(static_cast<std::uint8_t>(unknown)) == 0);
}

TEST_CASE("Rates are lanes times the rate of a lane", "[model][unit]") {
  CHECK(DataBitsPerSecond(2, LinkSpeed::kEdr) == Approx(100e9));
  CHECK(RawBitsPerSecond(2, LinkSpeed::kEdr) == Approx(103.125e9));
  CHECK(DataBitsPerSecond(2, LinkSpeed::kQdr) == Approx(32e9));
  CHECK(DataBitsPerSecond(16, LinkSpeed::kHdr) == Approx(100e9));
  CHECK(DataBitsPerSecond(2, LinkSpeed::kXdr) == Approx(800e9));
  CHECK(DataBitsPerSecond(0, LinkSpeed::kEdr) == 0);
  CHECK(LinkName(2, LinkSpeed::kEdr) == "4x EDR");
}

TEST_CASE("The fastest of a set of speeds is found, and none in an empty one", "[model][unit]") {
  SpeedSet set;
  CHECK(set.Empty());
  CHECK_FALSE(set.Fastest().has_value());
  set.Add(LinkSpeed::kFdr);
  set.Add(LinkSpeed::kSdr);
  CHECK(set.Fastest() == LinkSpeed::kFdr);
  CHECK_FALSE(set.Has(LinkSpeed::kFdr10));
  set.Add(LinkSpeed::kXdr);
  CHECK(set.Fastest() == LinkSpeed::kXdr);
}

TEST_CASE("What both ends can do is the intersection of their speeds", "[model][unit]") {
  const SpeedSet both = SpeedSet::FromBits(0b111) & SpeedSet::FromBits(0b110010);
  CHECK(both == SpeedSet::FromBits(0b010));
  CHECK(both.Fastest() == LinkSpeed::kDdr);
}

TEST_CASE("A set of speeds holds known speeds only", "[model][unit]") {
  CHECK(SpeedSet::FromBits(~0u).bits() == 0x1ff);
  CHECK(SpeedSet::FromBits(0x200).Empty());
  CHECK_FALSE(ParseSpeed("edr").has_value());
  CHECK_FALSE(ParseSpeed("").has_value());
}

}  // namespace aftershock

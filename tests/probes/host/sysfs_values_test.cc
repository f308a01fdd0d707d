#include "probes/host/sysfs_values.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

namespace aftershock::host {
namespace {

TEST_CASE("Rates are read with their tenths, and nothing beside them", "[host][sysfs]") {
  CHECK(ParseRateMbps("100 Gb/sec (4X EDR)") == 100'000u);
  CHECK(ParseRateMbps("2.5 Gb/sec (1X SDR)") == 2'500u);
  CHECK(ParseRateMbps("10 Gb/sec (4X)") == 10'000u);
  CHECK(ParseRateMbps("40 Gb/sec") == 40'000u);
  CHECK(ParseRateMbps("0 GB/sec") == 0u);
  for (const char* odd :
       {"", " Gb/sec", "100", "100 GB/sec", "-2 Gb/sec", "2. Gb/sec", "2.50 Gb/sec", ".5 Gb/sec",
        "100 Gb/sec (", "100 Gb/sec(4X)", "100 Gb/second", "1e3 Gb/sec", "100001 Gb/sec"}) {
    CAPTURE(odd);
    CHECK_FALSE(ParseRateMbps(odd).has_value());
  }
}

TEST_CASE("A state is believed when number and word agree", "[host][sysfs]") {
  CHECK(ParsePortState("4: ACTIVE") == PortState::kActive);
  CHECK(ParsePortState("1: DOWN") == PortState::kDown);
  CHECK(ParsePhysState("2: Polling") == PhysState::kPolling);
  CHECK(ParsePhysState("7: Phy Test") == PhysState::kPhyTest);
  CHECK_FALSE(ParsePortState("4: DOWN").has_value());
  CHECK_FALSE(ParsePortState("4").has_value());
  CHECK_FALSE(ParsePhysState("5: LinkUp ").has_value());
}

TEST_CASE("GUIDs of sysfs are four groups of four", "[host][sysfs]") {
  CHECK(ParseSysfsGuid("0002:c903:00f0:0001") == Guid{0x0002c90300f00001});
  for (const char* odd : {"", "0002c90300f00001", "0002:c903:00f0:000", "0002:c903:00f0-0001",
                          "0002:c903:00f0:00g1", "0002:c903:00f0:00011", "+002:c903:00f0:0001"}) {
    CAPTURE(odd);
    CHECK_FALSE(ParseSysfsGuid(odd).has_value());
  }
}

TEST_CASE("Numbers are bounded by what they are", "[host][sysfs]") {
  CHECK(ParseLid("0xffff") == Lid{0xffff});
  CHECK_FALSE(ParseLid("0x10000").has_value());
  CHECK_FALSE(ParseLid("1").has_value());
  CHECK(ParseServiceLevel("15") == std::uint8_t{15});
  CHECK_FALSE(ParseServiceLevel("16").has_value());
  CHECK_FALSE(ParseMask("0x100000000").has_value());
  CHECK_FALSE(ParseHex("0xffffffffffffffff0").has_value());
  CHECK_FALSE(ParseDecimal("18446744073709551616").has_value());
}

TEST_CASE("PCI addresses have a domain, a bus, a device and a function", "[host][sysfs]") {
  CHECK(IsPciAddress("0000:3b:00.0"));
  CHECK(IsPciAddress("10000:e1:00.7"));
  for (const char* odd : {"", "3b:00.0", "0000:3b:00.8", "0000:3b:00", "0000:3b:00.00", "0000:3B:00.0"}) {
    CAPTURE(odd);
    CHECK_FALSE(IsPciAddress(odd));
  }
}

TEST_CASE("What a number prints is what is read back", "[host][sysfs]") {
  CHECK(rc::check("decimal",
                  [](std::uint64_t value) { RC_ASSERT(ParseDecimal(std::to_string(value)) == value); }));
  CHECK(rc::check("no text but a number is a number", [](const std::string& text) {
    if (const auto value = ParseDecimal(text)) RC_ASSERT(text.find_first_not_of("0123456789") == text.npos);
  }));
}

}  // namespace
}  // namespace aftershock::host

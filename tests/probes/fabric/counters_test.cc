#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "probes/fabric/counters.h"
#include "world.h"

using namespace aftershock;
using namespace aftershock::fabric;

namespace {

mad::Register Reading(Counter counter, std::uint64_t value, bool saturated = false) {
  return {counter, value, saturated};
}

struct OnePort : TreeWorld {
  fake::FakeNode& leaf = *tree.leaves[0];
  void Count(Counter counter, std::uint64_t value) { leaf.At(1).registers[counter] = value; }
  CounterValues Read() { return PortOf(*Sweep(), leaf, 1).counters; }
};

}  // namespace

TEST_CASE("Data counters are told in octets", "[fabric][counters]") {
  OnePort port;
  port.Count(Counter::kXmitData, 1000);
  CHECK(port.Read()[Counter::kXmitData] == 4000);
}

TEST_CASE("A counter starts at the register's first value and goes on by what it gains",
          "[fabric][counters]") {
  OnePort port;
  port.Count(Counter::kSymbolErrors, 40);
  CHECK(port.Read()[Counter::kSymbolErrors] == 40);
  port.Count(Counter::kSymbolErrors, 47);
  CHECK(port.Read()[Counter::kSymbolErrors] == 47);
}

TEST_CASE("A cleared register is a reset and never a decrease", "[fabric][counters]") {
  OnePort port;
  port.Count(Counter::kSymbolErrors, 40);
  port.Read();
  port.Count(Counter::kSymbolErrors, 3);
  const CounterValues values = port.Read();
  CHECK(values[Counter::kSymbolErrors] == 43);
  CHECK(values.Resets(Counter::kSymbolErrors) == 1);
}

TEST_CASE("A register at its maximum is saturated until it is cleared", "[fabric][counters]") {
  OnePort port;
  port.leaf.pma.capability_mask2 &= ~kPmaExtendedErrors;
  port.Count(Counter::kLinkDowned, 300);
  CounterValues values = port.Read();
  CHECK(values[Counter::kLinkDowned] == 255);
  CHECK(values.Saturated(Counter::kLinkDowned));
  port.Count(Counter::kLinkDowned, 1);
  CHECK_FALSE(port.Read().Saturated(Counter::kLinkDowned));
}

TEST_CASE("XmitWait is absent where the port does not have it", "[fabric][counters]") {
  OnePort port;
  port.leaf.pma.capability_mask2 &= ~kPmaExtendedErrors;
  port.leaf.pma.capability_mask &= static_cast<std::uint16_t>(~kPmaXmitWait);
  port.Count(Counter::kXmitWait, 5);
  CHECK_FALSE(port.Read().Has(Counter::kXmitWait));
}

TEST_CASE("Details are read where their parent counter moved", "[fabric][counters]") {
  OnePort port;
  port.Count(Counter::kRcvErrors, 2);
  port.Count(Counter::kLocalPhysicalErrors, 2);
  CHECK(port.Read().Get(Counter::kLocalPhysicalErrors) == 2);
  port.Count(Counter::kRcvErrors, 5);
  port.Count(Counter::kLocalPhysicalErrors, 5);
  CHECK(port.Read().Get(Counter::kLocalPhysicalErrors) == 5);
}

TEST_CASE("A port whose counters all began again has restarted", "[fabric][counters]") {
  OnePort port;
  for (const CounterSpec& spec : Counters()) port.Count(spec.id, 50);
  port.Sweep();
  for (const CounterSpec& spec : Counters()) port.Count(spec.id, 1);
  CHECK(PortOf(*port.Sweep(), port.leaf, 1).restarted);
  CHECK_FALSE(PortOf(*port.Sweep(), port.leaf, 1).restarted);
}

TEST_CASE("An accumulation never decreases and counts every reset", "[fabric][counters]") {
  rc::check([](const std::vector<std::uint16_t>& readings) {
    RegisterTrack track;
    CounterValues values;
    std::uint64_t before = 0, expected_resets = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      Accumulate(Reading(Counter::kSymbolErrors, readings[i]), track, values);
      RC_ASSERT(values[Counter::kSymbolErrors] >= before);
      before = values[Counter::kSymbolErrors];
      if (i > 0 && readings[i] < readings[i - 1]) ++expected_resets;
    }
    RC_ASSERT(values.Resets(Counter::kSymbolErrors) == expected_resets);
  });
}

#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

const Guid kLeaf{7};

// What is found when `counter` of leaf0 port 1 (to host0, EDR 4x, 1e12 bits in 10 s) rises by `more` between
// two sweeps.
const std::vector<Finding>& After(Plane& plane, Counter counter, std::uint64_t more, Duration later = 10s) {
  auto fabric = FatTree();
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), counter, more);
  return plane.Sweep(fabric.Build(), later);
}

TEST_CASE("Symbol errors surely above 1e-12 are a warning that names the port", "[rules][unit]") {
  Plane plane;
  const auto found = Of(After(plane, Counter::kSymbolErrors, 4), "link-errors");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary == "leaf0 port 1 to host0 port 1: SymbolErrorCounter rose by 4 in 10 s");
  CHECK(ToString(found[0].subject) == "link:0x0000000000000007/1");
}

TEST_CASE("Symbol errors that could still be 1e-12 are no finding", "[rules][unit]") {
  Plane plane;
  CHECK(After(plane, Counter::kSymbolErrors, 3).empty());
}

TEST_CASE("The same count is harmless on a faster link", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  for (const auto& [guid, port] : {std::pair{kLeaf, 1}, std::pair{Guid{1}, 1}}) {
    fabric.At(guid, port).info->speed_active = LinkSpeed::kXdr;
  }
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 4);
  CHECK(Of(plane.Sweep(fabric.Build()), "link-errors").empty());
}

TEST_CASE("Errors above 1e-8 are critical", "[rules][unit]") {
  Plane plane;
  After(plane, Counter::kRcvErrors, 20000);
  CHECK(plane.verdict() == Verdict::kCritical);
}

TEST_CASE("Errors far between show as a note only in the longer window", "[rules][unit]") {
  Plane plane;
  const auto found = Of(After(plane, Counter::kSymbolErrors, 5, 400s), "link-errors");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("Errors leave the window", "[rules][unit]") {
  Plane plane;
  After(plane, Counter::kSymbolErrors, 10);
  auto fabric = FatTree();
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 10);
  for (int i = 0; i < 40; ++i) plane.Sweep(fabric.Build(), 400s);
  CHECK(plane.findings().empty());
}

TEST_CASE("Counters that a healthy fabric counts are not rated", "[rules][unit]") {
  Plane plane;
  const auto counter =
      GENERATE(Counter::kRcvSwitchRelayErrors, Counter::kRcvRemotePhysicalErrors, Counter::kXmitWait);
  CHECK(After(plane, counter, 1000000).empty());
}

TEST_CASE("Events are compared with their number", "[rules][unit]") {
  struct Row {
    Counter counter;
    std::uint64_t limit;
    const char* rule;
  };
  const auto row = GENERATE(Row{Counter::kLinkErrorRecovery, 5, "link-errors"},
                            Row{Counter::kLocalLinkIntegrityErrors, 3, "link-errors"},
                            Row{Counter::kExcessiveBufferOverrunErrors, 3, "link-errors"},
                            Row{Counter::kXmitDiscards, 200, "transmit-discards"},
                            Row{Counter::kXmitConstraintErrors, 200, "transmit-discards"},
                            Row{Counter::kRcvConstraintErrors, 200, "transmit-discards"},
                            Row{Counter::kVl15Dropped, 50, "transmit-discards"});
  Plane above, below;
  CHECK(Of(After(above, row.counter, row.limit), row.rule).size() == 1);
  CHECK(After(below, row.counter, row.limit - 1).empty());
}

TEST_CASE("What a counter holds at the first read is history", "[rules][unit]") {
  auto fabric = FatTree();
  for (const CounterSpec& spec : Counters()) Count(fabric.At(kLeaf, 1), spec.id, 100000);
  Plane plane;
  CHECK(plane.Sweep(fabric.Build()).empty());
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("Errors counted while the link trained are no fault", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 10000);
  Count(fabric.At(kLeaf, 1), Counter::kLinkDowned, 1);
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A saturated counter is flagged and never rated", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 65535);
  fabric.At(kLeaf, 1).counters.SetSaturated(Counter::kSymbolErrors, true);
  const auto& found = plane.Sweep(fabric.Build());
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "counter-saturated");
  CHECK(found[0].summary == "leaf0 port 1 to host0 port 1: SymbolErrorCounter is full and no longer counts");
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("Beside a saturated counter the port's others still judge", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(kLeaf, 1).counters.SetSaturated(Counter::kLinkDowned, true);
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 1000);
  CHECK(Of(plane.Sweep(fabric.Build()), "link-errors").size() == 1);
}

TEST_CASE("A full traffic register is not worth a note", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(kLeaf, 1).counters.SetSaturated(Counter::kXmitData, true);
  CHECK(Judged(fabric, "counter-saturated").empty());
}

TEST_CASE("A cleared counter is a note, void for the interval and rated again after it", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 5000);
  fabric.At(kLeaf, 1).counters.SetResets(Counter::kSymbolErrors, 1);
  const auto& cleared = plane.Sweep(fabric.Build());
  REQUIRE(cleared.size() == 1);
  CHECK(cleared[0].rule == "counter-reset");
  CHECK(cleared[0].summary == "Somebody cleared counters of leaf0 at port 1");
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 5000);
  const auto& after = plane.Sweep(fabric.Build());
  REQUIRE(after.size() == 1);
  CHECK(after[0].rule == "link-errors");
}

TEST_CASE("Resets known at the first read are history", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(kLeaf, 1).counters.SetResets(Counter::kSymbolErrors, 3);
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A restarted device's counters are void", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 5000);
  fabric.At(kLeaf, 1).restarted = true;
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("Counters that were not read in this sweep change nothing", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 5000);
  fabric.At(kLeaf, 1).counters_answer = Answer::kNotAsked;
  CHECK(plane.Sweep(fabric.Build()).empty());
}

TEST_CASE("A steady clock that stands still or goes back gives no rate", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Count(fabric.At(kLeaf, 1), Counter::kSymbolErrors, 5000);
  CHECK(plane.Sweep(fabric.Build(), GENERATE(0s, -5s)).empty());
}

}  // namespace
}  // namespace aftershock::tests

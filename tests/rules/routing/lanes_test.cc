#include <catch2/catch.hpp>

#include <memory>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

constexpr std::string_view kRule = "sl2vl-differs";
using Row = SlToVlTable::Row;

// FatTree(2): leaves are 11 to 14, with hosts at ports 1 to 4 and spines at 5 and 6.
FabricBuilder WithLanes(const auto& row) {
  FabricBuilder fabric = FatTree(2);
  for (std::uint64_t guid = 9; guid <= 14; ++guid) {
    auto table = std::make_shared<SlToVlTable>();
    for (std::uint8_t in = 1; in <= 6; ++in) {
      for (std::uint8_t out = 1; out <= 6; ++out) {
        if (in != out) table->vl[{in, out}] = row(Guid{guid}, in, out);
      }
    }
    fabric.At(Guid{guid}).tables.sl_to_vl = {table, Answer::kAnswered, 1, false};
  }
  return fabric;
}

Row AllOn(int vl) {
  Row row{};
  row.fill(static_cast<std::uint8_t>(vl));
  return row;
}

TEST_CASE("Lanes may differ by the role of ports", "[rules][routing][unit]") {
  CHECK(Judged(WithLanes([](Guid, int in, int out) { return AllOn(in > 4    ? 1
                                                                  : out > 4 ? 2
                                                                            : 0); }), kRule)
            .empty());
}

TEST_CASE("A switch that maps lanes unlike its peers is a note", "[rules][routing][unit]") {
  const auto found = Judged(WithLanes([](Guid guid, int in, int out) {
                              return AllOn(guid == Guid{12} && in == 1 && out == 5 ? 3 : 1);
                            }),
                            kRule);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(found[0].summary ==
        "leaf1 maps SLs to VLs differently from the switches like it, at 1 of its pairs of ports");
}

TEST_CASE("Where each switch has lanes of its own nothing is usual", "[rules][routing][unit]") {
  CHECK(Judged(WithLanes([](Guid guid, int in, int) { return AllOn((static_cast<int>(guid) + in) % 4); }),
               kRule)
            .empty());
}

TEST_CASE("Lanes of a table that was not still are not compared", "[rules][routing][unit]") {
  FabricBuilder fabric = WithLanes([](Guid guid, int, int) { return AllOn(guid == Guid{12} ? 3 : 1); });
  REQUIRE(Judged(fabric, kRule).size() == 1);
  fabric.At(Guid{12}).tables.sl_to_vl.unstable = true;
  CHECK(Judged(fabric, kRule).empty());
}

}  // namespace
}  // namespace aftershock::tests

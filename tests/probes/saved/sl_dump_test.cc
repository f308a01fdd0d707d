#include <catch2/catch.hpp>

#include <sstream>

#include "probes/saved/sl_dump.h"

namespace aftershock::saved {
namespace {

Result<PathSls> Parse(const std::string& text) {
  std::istringstream in(text);
  return ParseSlDump(in, "dump");
}

constexpr const char* kDump =
    "Channel Adapter 0x0002c903000c8fe5, base LID 12, \"host1, base LID 99, x\", port 1\n"
    "# LID  : SL : MTU : RATE\n"
    "0x000C : 0  : 4   : 16  \n"
    "0x000D : 3  : 4   : 16  \n"
    "0x000E : UNREACHABLE\n"
    "\n"
    "Switch 0x0002c903000c8fe6, base LID 3, \"leaf\", port 0\n"
    "# LID  : SL : MTU : RATE\n"
    "0x000C : 1  : 4   : 16  \n";

TEST_CASE("A dump of path records tells the level from each port to each LID", "[saved][unit]") {
  const auto sls = Parse(kDump);
  REQUIRE(sls);
  REQUIRE(sls->by_source.size() == 2);
  const auto& host = sls->by_source.at(12);
  REQUIRE(host.size() == 14);
  CHECK(host[12] == 0);
  CHECK(host[13] == 3);
  CHECK(host[1] == PathSls::kUnknown);
  CHECK(sls->by_source.at(3)[12] == 1);
}

TEST_CASE("What is no dump of path records is refused with its line", "[saved][unit]") {
  for (const char* text : {"", "\n\n", "0x000C : 0 : 4 : 16\n", "Channel Adapter 0x1, \"no lid\", port 1\n",
                           "Switch 0x1, base LID 3, \"x\"\n0x000C : 16 : 4 : 16\n",
                           "Switch 0x1, base LID 3, \"x\"\n0xC000 : 1 : 4 : 16\n",
                           "Switch 0x1, base LID 3, \"x\"\n0x000C 1 4 16\n", "{\"schema\": 1}\n"}) {
    CAPTURE(text);
    const auto sls = Parse(text);
    REQUIRE_FALSE(sls);
    CHECK(sls.error().code == Errc::kMalformed);
  }
  const auto second = Parse("Switch 0x1, base LID 3, \"x\"\nnonsense\n");
  REQUIRE_FALSE(second);
  CHECK(second.error().what.find("dump:2:") == 0);
  CHECK(Parse(std::string(5000, 'x')).error().code == Errc::kMalformed);
}

TEST_CASE("A dump that is not there, or is a folder, is told apart", "[saved][unit]") {
  CHECK(LoadSlDump("/nonexistent/dump").error().code == Errc::kAbsent);
  CHECK(LoadSlDump("/").error().code == Errc::kInvalid);
}

}  // namespace
}  // namespace aftershock::saved

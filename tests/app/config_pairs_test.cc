#include <catch2/catch.hpp>
#include <string>

#include "app/config.h"
#include "rules/judge.h"

using namespace aftershock;
using namespace aftershock::app;

namespace {

Result<Config> Parse(const std::string& text) {
  return ParseConfig(text, "a.yaml", rules::AllRules());
}

std::string Complaint(const std::string& text) {
  const auto config = Parse(text);
  return config ? "no error" : config.error().what;
}

const std::string kTwo =
    "pairs:\n"
    "  - name: core\n"
    "    members:\n"
    "      - switch: spine01\n"
    "        risks: {power: feed-A, rack: r12}\n"
    "      - switch: 0xb8cef60300000300\n";

}  // namespace

TEST_CASE("A pair is read with its members, their risks and where each stands", "[app][config][unit]") {
  const auto config = Parse(kTwo);
  REQUIRE(config);
  REQUIRE(config->settings.pairs.size() == 1);
  const PairGroup& group = config->settings.pairs[0];
  CHECK(group.name == "core");
  CHECK(group.must_live == 1);
  REQUIRE(group.members.size() == 2);
  CHECK(group.members[0].risks == std::map<std::string, std::string>{{"power", "feed-A"}, {"rack", "r12"}});
  CHECK(group.members[1].text == "0xb8cef60300000300");
  CHECK(group.members[1].where == "a.yaml:6: pairs[0].members[1]");
}

TEST_CASE("A group of one is an error that names line and key", "[app][config][unit]") {
  CHECK(Complaint("pairs:\n  - name: core\n    members:\n      - switch: spine01\n") ==
        "a.yaml:3: pairs[0].members: a group of one: redundancy takes at least two switches");
}

TEST_CASE("A member of two groups is an error that names line and key", "[app][config][unit]") {
  CHECK(
      Complaint(kTwo + "  - name: other\n    members:\n      - switch: leaf01\n      - switch: spine01\n") ==
      "a.yaml:10: pairs[1].members[1]: \"spine01\" is in \"core\" already");
}

TEST_CASE("A member that stands in its group twice is an error, however its GUID is written",
          "[app][config][unit]") {
  CHECK(Complaint("pairs:\n  - name: core\n    members:\n      - switch: 0xB8\n      - switch: 0x00b8\n") ==
        "a.yaml:5: pairs[0].members[1]: \"0x00b8\" is in \"core\" twice");
}

TEST_CASE("What makes no sense of a pair is an error that names line and key", "[app][config][unit]") {
  const auto [text, complaint] = GENERATE(table<std::string, std::string>({
      {"pairs: 3\n", "a.yaml:1: pairs: a list is expected"},
      {"pairs:\n  - members: [{switch: a}, {switch: b}]\n", "a.yaml:2: pairs[0]: \"name\" is missing"},
      {"pairs:\n  - name: x\n", "a.yaml:2: pairs[0]: \"members\" is missing"},
      {"pairs:\n  - {name: x, must_live: 3, members: [{switch: a}, {switch: b}]}\n",
       "a.yaml:2: pairs[0].must_live: 3 must live of 2 members"},
      {"pairs:\n  - {name: x, must_live: 0, members: [{switch: a}, {switch: b}]}\n",
       "a.yaml:2: pairs[0].must_live: \"0\" is not a whole number from 1 to 1024"},
      {"pairs:\n  - {name: x, members: [{switch: a}, {risks: {power: p}}]}\n",
       "a.yaml:2: pairs[0].members[1]: \"switch\" is missing"},
      {"pairs:\n  - {name: x, members: [{swich: a}, {switch: b}]}\n",
       "a.yaml:2: pairs[0].members[0].swich: unknown key; did you mean \"switch\"?"},
      {"pairs:\n  - {name: x, members: [{switch: a}, {switch: b}]}\n"
       "  - {name: x, members: [{switch: c}, {switch: d}]}\n",
       "a.yaml:3: pairs[1].name: \"x\" is another group's name too"},
  }));
  CHECK(Complaint(text) == complaint);
}

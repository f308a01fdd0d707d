// The files that people write beside the configuration.
#include <catch2/catch.hpp>
#include <filesystem>

#include "app/key_file.h"
#include "app/node_names.h"
#include "app/text_file.h"

using namespace aftershock;
using namespace aftershock::app;

namespace {

struct Wrong {
  std::string text;
  std::string where;
};

}  // namespace

TEST_CASE("A node-name map in OpenSM's format names nodes", "[app][names][unit]") {
  const auto names = ParseNodeNames(
      "# rack 1\r\n"
      "\n"
      "0x0002c90300f00001 \"leaf 1\" # left\n"
      "\t0X2\t\"spine\"\n"
      "0x2 \"spine\"",
      "map");
  REQUIRE(names);
  CHECK(names->size() == 2);
  CHECK(names->at(Guid{0x0002c90300f00001}) == "leaf 1");
  CHECK(names->at(Guid{2}) == "spine");
}

TEST_CASE("Hostile bytes in a name come out printable", "[app][names][unit]") {
  const auto names = ParseNodeNames(std::string("0x1 \"a\x1b[31m\xff\0b\"", 15), "map");
  REQUIRE(names);
  CHECK(names->at(Guid{1}) == "a\\x1b[31m\\xff\\x00b");
}

TEST_CASE("A wrong node-name map is an error that names the line", "[app][names][unit]") {
  const Wrong wrong = GENERATE(values<Wrong>({
      {"leaf1", "map:1:"},
      {"0x1 \"a\"\n2 \"b\"", "map:2:"},
      {"0x1", "map:1:"},
      {"0x1 leaf", "map:1:"},
      {"0x1 \"leaf", "map:1:"},
      {"0x1 \"\"", "map:1:"},
      {"0x1 \"a\" \"b\"", "map:1:"},
      {"0x11112222333344445 \"a\"", "map:1:"},
      {"0x \"a\"", "map:1:"},
      {"0x1 \"a\"\n\n0x1 \"b\"", "map:3: 0x0000000000000001 already has the name \"a\""},
  }));
  CAPTURE(wrong.text);
  const auto names = ParseNodeNames(wrong.text, "map");
  REQUIRE_FALSE(names);
  CHECK(names.error().code == Errc::kInvalid);
  CHECK(names.error().what.starts_with(wrong.where));
}

TEST_CASE("An M_Key file holds one key of 64 bits", "[app][m_key][unit]") {
  CHECK(ParseKey("0xdeadbeef00000001\n", "k") == 0xdeadbeef00000001u);
  CHECK(ParseKey("# the key\n\n  1f # of the lab\r\n", "k") == 0x1fu);
}

TEST_CASE("A wrong M_Key file is an error that does not repeat the key", "[app][m_key][unit]") {
  const std::string text = GENERATE("", "# none\n", "5ecret", "1\n2\n", "0x11112222333344445");
  CAPTURE(text);
  const auto key = ParseKey(text, "k");
  REQUIRE_FALSE(key);
  CHECK(key.error().what.starts_with("k: "));
  CHECK(key.error().what.find("5ecret") == std::string::npos);
}

TEST_CASE("What cannot be a text file is an error that names it", "[app][text][unit]") {
  CHECK(ReadTextFile("/no/such/file").error().code == Errc::kAbsent);
  CHECK(ReadTextFile("/").error().what == "/: is a directory; a file is expected");
  CHECK(ReadTextFile("/dev/zero").error().what == "/dev/zero: larger than 4 MiB");
  CHECK(CheckText("a\tb\r\n\xc3\xa4\n\xc3\n", "f").error().what.starts_with("f:3: not UTF-8"));
}

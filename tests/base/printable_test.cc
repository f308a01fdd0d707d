#include "base/printable.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "utf8.h"

namespace aftershock {
namespace {

// What printable.h calls a control character.
bool IsControl(char32_t code) {
  static const std::vector<std::pair<char32_t, char32_t>> kRanges{
      {0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c}, {0x200e, 0x200f},
      {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
  };
  return std::ranges::any_of(kRanges, [=](const auto& r) { return code >= r.first && code <= r.second; });
}

std::string Escaped(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    const auto octet = static_cast<std::uint8_t>(c);
    out += {'\\', 'x', kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return out;
}

// Character by character, or octet by octet where there is none: a text is as printable as its parts.
std::string Expected(std::string_view octets) {
  std::string out;
  while (!octets.empty()) {
    const std::size_t length = std::max<std::size_t>(Utf8Length(octets), 1);
    const bool good =
        Utf8Length(octets) != 0 && Printable(octets.substr(0, length)) == octets.substr(0, length);
    out += good ? std::string(octets.substr(0, length)) : Escaped(octets.substr(0, length));
    octets.remove_prefix(length);
  }
  return out;
}

}  // namespace

TEST_CASE("Text that people can read stays as it is", "[base][unit]") {
  const auto* const text = GENERATE("", "MF0;sw1:MQM8700/U1", "\"quotes\" and \\ are for the sink to escape",
                                    "K\xc3\xb6ln \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x94\x8c");
  CHECK(Printable(text) == text);
}

TEST_CASE("Every character is either kept or is a documented control character", "[base][unit]") {
  std::vector<char32_t> wrong;
  for (char32_t code = 0; code <= 0x10ffff; ++code) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const std::string text = Utf8(code);
    if (Printable(text) != (IsControl(code) ? Escaped(text) : text)) wrong.push_back(code);
  }
  CHECK(wrong.empty());
}

TEST_CASE("Every octet that is not part of a character is escaped", "[base][unit]") {
  std::vector<std::string> wrong;
  for (int pair = 0; pair < 0x10000; ++pair) {
    for (const char third : {'\x80', '\xc0'}) {
      for (const char fourth : {'a', '\xbf'}) {
        const std::string octets{static_cast<char>(pair >> 8), static_cast<char>(pair), third, fourth};
        const std::string out = Printable(octets);
        if (!IsUtf8(out) || out != Expected(octets)) wrong.push_back(Escaped(octets));
      }
    }
  }
  CHECK(wrong.empty());
}

TEST_CASE("Overlong forms, surrogates, truncated and too large characters are escaped octet by octet",
          "[base][unit]") {
  const std::string octets =
      GENERATE(as<std::string>(), "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
               "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff\xfe", "\x80", "\xe2\x82", "\xf0\x9f\x94");
  CHECK(Printable(octets) == Escaped(octets));
}

TEST_CASE("A broken character does not swallow the text behind it", "[base][unit]") {
  CHECK(Printable("\xe2\x82sw1") == "\\xe2\\x82sw1");
  CHECK(Printable("\xe2\xc3\xa9") == "\\xe2\xc3\xa9");
}

TEST_CASE("Characters that reorder or break a line are escaped", "[base][unit]") {
  CHECK(Printable("a\r\n\tb\x1b[2J") == "a\\x0d\\x0a\\x09b\\x1b[2J");
  CHECK(Printable("\xe2\x80\xae"
                  "1ws") == "\\xe2\\x80\\xae1ws");
  CHECK(Printable("\xd8\x9c") == "\\xd8\\x9c");
  CHECK(Printable(std::string_view("\0", 1)) == "\\x00");
}

}  // namespace aftershock

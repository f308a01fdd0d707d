// Whether octets are well-formed UTF-8, by the rows of Unicode 15's table 3-7: another way than the code
// under test.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace aftershock {

struct Utf8Row {
  std::uint8_t lead_first, lead_last, second_first, second_last;
  std::size_t length;
};
inline constexpr std::array kUtf8Rows{
    Utf8Row{0x00, 0x7f, 0x00, 0x00, 1}, Utf8Row{0xc2, 0xdf, 0x80, 0xbf, 2},
    Utf8Row{0xe0, 0xe0, 0xa0, 0xbf, 3}, Utf8Row{0xe1, 0xec, 0x80, 0xbf, 3},
    Utf8Row{0xed, 0xed, 0x80, 0x9f, 3}, Utf8Row{0xee, 0xef, 0x80, 0xbf, 3},
    Utf8Row{0xf0, 0xf0, 0x90, 0xbf, 4}, Utf8Row{0xf1, 0xf3, 0x80, 0xbf, 4},
    Utf8Row{0xf4, 0xf4, 0x80, 0x8f, 4},
};

// Octets of the well-formed character that `text` starts with; 0: none.
inline std::size_t Utf8Length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (const Utf8Row& row : kUtf8Rows) {
    if (text.size() < row.length || octet(0) < row.lead_first || octet(0) > row.lead_last) continue;
    bool good = row.length == 1 || (octet(1) >= row.second_first && octet(1) <= row.second_last);
    for (std::size_t i = 2; i < row.length; ++i) good = good && octet(i) >= 0x80 && octet(i) <= 0xbf;
    return good ? row.length : 0;
  }
  return 0;
}

inline bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

inline std::string Utf8(char32_t code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace aftershock

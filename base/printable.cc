#include "base/printable.h"

#include <cstdint>

#include <fmt/format.h>

namespace aftershock {
namespace {

struct Sequence {
  std::size_t length = 0;  // 0: not valid UTF-8 here
  char32_t code = 0;
};

// Unicode 15, table 3-7: well-formed byte sequences (no overlong forms, no surrogates, at most U+10FFFF).
Sequence Decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t code = lead & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return {};
  return {length, code};
}

bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

}  // namespace

std::string Printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Sequence s = Decode(bytes);
    const std::size_t taken = s.length == 0 ? 1 : s.length;
    if (s.length != 0 && !IsControl(s.code)) {
      out.append(bytes.substr(0, taken));
    } else {
      for (const char c : bytes.substr(0, taken)) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<std::uint8_t>(c));
      }
    }
    bytes.remove_prefix(taken);
  }
  return out;
}

}  // namespace aftershock

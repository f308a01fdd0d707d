#include "journal/chunks.h"

#include <cstdint>

namespace aftershock::journal {
namespace {

// On average; a piece of some 60 lines of 60 octets costs as much as the list of the pieces of a large fabric
// does, which is where both together are least.
constexpr std::uint32_t kLinesPerChunk = 64;
constexpr std::size_t kMaxChunk = 64 << 10;

// FNV-1a, finished as MurmurHash3 does: its low bits alone are not even.
std::uint32_t HashOf(std::string_view line) {
  std::uint32_t hash = 2166136261u;
  for (const char c : line) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

}  // namespace

std::vector<std::string_view> Chunks(std::string_view text) {
  std::vector<std::string_view> chunks;
  std::size_t begin = 0, line = 0;
  while (line < text.size()) {
    const auto end_of_line = text.find('\n', line);
    const auto next = end_of_line == std::string_view::npos ? text.size() : end_of_line + 1;
    const bool cut =
        HashOf(text.substr(line, next - line)) % kLinesPerChunk == 0 || next - begin >= kMaxChunk;
    line = next;
    if (!cut && next != text.size()) continue;
    chunks.push_back(text.substr(begin, next - begin));
    begin = next;
  }
  return chunks;
}

}  // namespace aftershock::journal

#include "exporter/svg_words.h"

#include <vector>

#include "base/printable.h"

namespace aftershock::exporter {

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Short(std::string_view name, std::size_t length) {
  std::vector<std::string_view> characters;
  while (!name.empty()) {
    std::size_t size = 1;
    while (size < name.size() && (static_cast<unsigned char>(name[size]) & 0xc0u) == 0x80u) ++size;
    characters.push_back(name.substr(0, size));
    name.remove_prefix(size);
  }
  const bool all = characters.size() <= length;
  const std::size_t head = all ? characters.size() : length / 2, tail = all ? 0 : length - head - 1;
  std::string out;
  for (std::size_t i = 0; i < head; ++i) out += characters[i];
  if (!all) out += "…";
  for (std::size_t i = characters.size() - tail; i < characters.size(); ++i) out += characters[i];
  return out;
}

}  // namespace aftershock::exporter

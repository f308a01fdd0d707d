#include "exporter/text_page.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::exporter {
namespace {

constexpr std::size_t kIndent = 10;  // as wide as the column of severities
constexpr std::size_t kMinWidth = 40;
constexpr std::size_t kGap = 2;             // between the columns of a table
constexpr std::size_t kMinLastColumn = 12;  // with less room, the last column has a line of its own

// Characters as a terminal counts them, to a good approximation: code points.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

// Of all columns but the last.
std::vector<std::size_t> ColumnWidths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i + 1 < table.head.size(); ++i) {
    std::size_t widest = Width(table.head[i]);
    for (const auto& row : table.rows) widest = std::max(widest, Width(Printable(row[i])));
    widths.push_back(widest + kGap);
  }
  return widths;
}

}  // namespace

Page::Page(const TextStyle& style)
    : colour_(style.colour),
      width_(std::max(kMinWidth, static_cast<std::size_t>(std::max(style.width, 0)))) {}

void Page::Verdict(aftershock::Verdict verdict, std::string_view text) {
  std::string word(ToString(verdict));
  std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  out_ += fmt::format("{}  {}\n", Coloured(ToString(verdict), word), text);
}

void Page::Entry(std::string_view word, std::string_view text) {
  out_ += Coloured(word, word) + std::string(kIndent - std::min(kIndent, word.size()), ' ');
  Wrap(text, kIndent);
}

void Page::Below(std::string_view text) {
  out_.append(kIndent, ' ');
  Wrap(text, kIndent);
}

void Page::Add(const Table& table) {
  const auto widths = ColumnWidths(table);
  const std::size_t used = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  const bool fits = used + kMinLastColumn <= width_;
  const auto add = [&](const auto& cells) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string cell = Printable(cells[i]);
      out_ += cell;
      if (fits || i + 1 < widths.size()) out_.append(widths[i] - Width(cell), ' ');
    }
    if (!fits) out_ += '\n' + std::string(kIndent, ' ');
    Wrap(cells.back(), fits ? used : kIndent);
  };
  add(table.head);
  for (const auto& row : table.rows) add(row);
}

std::string Page::Coloured(std::string_view kind, std::string_view text) const {
  static constexpr std::pair<std::string_view, std::string_view> kColours[] = {
      {"critical", "1;31"}, {"unknown", "1;35"}, {"warning", "1;33"}, {"ok", "1;32"}};
  const auto* it = std::ranges::find(kColours, kind, &std::pair<std::string_view, std::string_view>::first);
  if (!colour_ || it == std::end(kColours)) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", it->second, text);
}

void Page::Wrap(std::string_view raw, std::size_t indent) {
  const std::string text = Printable(raw);
  std::string_view rest = text;
  for (std::size_t used = indent; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (used > indent && used + 1 + Width(word) > width_) {
      out_ += '\n';
      out_.append(indent, ' ');
      used = indent;
    } else if (used > indent) {
      out_ += ' ';
      ++used;
    }
    out_ += word;
    used += Width(word);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  out_ += '\n';
}

}  // namespace aftershock::exporter

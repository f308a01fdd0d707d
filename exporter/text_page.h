// A page of text for a terminal: entries with a coloured word in front, tables, text that wraps. Internal to
// exporter.
//
// All text is made Printable().
#pragma once

#include <string>
#include <string_view>

#include "exporter/table.h"
#include "exporter/text_report.h"
#include "model/finding.h"

namespace aftershock::exporter {

class Page {
 public:
  explicit Page(const TextStyle& style);

  void Verdict(aftershock::Verdict verdict, std::string_view text);
  // `word` stands in the column of severities in its colour, the text beside it and, wrapped, below.
  void Entry(std::string_view word, std::string_view text);
  void Below(std::string_view text);
  void Line(std::string_view text) { Wrap(text, 0); }
  // Columns as wide as their contents; what does not fit into the last wraps in it, or below where the others
  // leave no room.
  void Add(const Table& table);
  void Blank() { out_ += '\n'; }
  std::string Take() { return std::move(out_); }

 private:
  std::string Coloured(std::string_view kind, std::string_view text) const;
  // Breaks between words; a word longer than a line stays whole, since it is a name to be copied.
  void Wrap(std::string_view raw, std::size_t indent);

  bool colour_;
  std::size_t width_;
  std::string out_;
};

}  // namespace aftershock::exporter

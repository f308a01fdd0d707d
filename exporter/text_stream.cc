#include "exporter/text_stream.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::exporter {
namespace {

// Of std::to_chars for a double in its shortest form and for 64 bits.
constexpr std::size_t kMaxNumberBytes = 32;

}  // namespace

TextStream::TextStream(const Sink& sink) : sink_(sink) {
  buffer_.reserve(kChunkBytes);
}

void TextStream::Family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  header_ = fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

template <typename T>
void TextStream::Write(std::string_view labels, T value) {
  if (broken_) return;
  if (!header_.empty()) {
    Raw(header_);
    header_.clear();
  }
  Room(name_.size() + labels.size() + kMaxNumberBytes + 4);
  buffer_ += name_;
  buffer_ += '{';
  buffer_ += labels;
  buffer_ += "} ";
  std::array<char, kMaxNumberBytes> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  buffer_.append(digits.data(), end.ptr);
  buffer_ += '\n';
}

void TextStream::Line(std::string_view labels, std::uint64_t value) {
  Write(labels, value);
}
void TextStream::Line(std::string_view labels, double value) {
  Write(labels, value);
}

void TextStream::Raw(std::string_view text) {
  Room(text.size());
  buffer_ += text;
}

void TextStream::Room(std::size_t bytes) {
  if (!buffer_.empty() && buffer_.size() + bytes > kChunkBytes) Flush();
}

void TextStream::Flush() {
  if (!broken_ && !buffer_.empty()) broken_ = !sink_(buffer_);
  buffer_.clear();
}

bool TextStream::Finish() {
  Flush();
  return !broken_;
}

std::string EscapeLabel(std::string_view value) {
  const std::string text = Printable(value);
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace aftershock::exporter

// Lines of Prometheus' text format, written into a buffer that goes to the sink when it is full.
//
// Internal to exporter. prometheus-cpp serialises a model of every series held in memory, about 1 KB each;
// ports have too many for that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/metrics.h"

namespace aftershock::exporter {

class TextStream {
 public:
  // Both must outlive the stream.
  explicit TextStream(const Sink& sink);

  // Announces a family; HELP and TYPE are written when its first line is.
  void Family(std::string_view name, std::string_view type, std::string_view help);
  // One line of the family. `labels` is the text between the braces, values escaped.
  void Line(std::string_view labels, std::uint64_t value);
  void Line(std::string_view labels, double value);
  // Text that is already in the format.
  void Raw(std::string_view text);

  // Hands on what is left. False: the sink gave up; from then on nothing is kept.
  bool Finish();
  bool broken() const { return broken_; }

 private:
  template <typename T>
  void Write(std::string_view labels, T value);
  void Room(std::size_t bytes);
  void Flush();

  const Sink& sink_;
  std::string buffer_;
  std::string name_;
  std::string header_;  // of a family without a line so far
  bool broken_ = false;
};

// A label's value between its quotes: valid UTF-8, with backslash, quote and line feed escaped.
std::string EscapeLabel(std::string_view value);

}  // namespace aftershock::exporter

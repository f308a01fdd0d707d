// A report for people: what is wrong, worst first, why it is thought so, and what to look at.
//
// Threading: pure functions.
#pragma once

#include <string>

#include "model/report.h"

namespace aftershock::exporter {

struct TextStyle {
  bool colour = false;  // ANSI colours; the caller knows whether there is a terminal and NO_COLOR
  bool all = false;     // list folded findings and notes instead of counting them
  int width = 100;      // columns; text wraps there
};

// Ends with a line feed. Text from outside comes out as Printable() shows it.
std::string TextReport(const Report& report, const TextStyle& style);

}  // namespace aftershock::exporter

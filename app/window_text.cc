#include "app/window_text.h"

#include <fmt/format.h>

namespace aftershock::app {
namespace {

std::string Spell(const WindowSeen& seen) {
  if (!seen.until) return fmt::format("since {}", FormatTime(seen.since));
  return fmt::format("{} to {}", FormatTime(seen.since), FormatTime(*seen.until));
}

}  // namespace

std::vector<std::string> ChangedLines(const Window& window) {
  std::vector<std::string> lines;
  for (const WindowSeen& seen : window.changes)
    lines.push_back(fmt::format("{}: {} ({})", seen.key, seen.summary, Spell(seen)));
  return lines;
}

std::vector<std::string> ExpectedLines(const Window& window) {
  std::vector<std::string> lines;
  for (const Expectation& expectation : window.expect) {
    std::string line = "down:" + expectation.down.text;
    if (expectation.went) {
      line += fmt::format(" was gone at {}", FormatTime(*expectation.went));
      line += expectation.back ? fmt::format(", and back at {}", FormatTime(*expectation.back))
                               : ", and is not back";
    } else if (expectation.watched) {
      line += window.closed ? " was not seen to go" : " was not seen to go so far";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> StoodLines(const Window& window) {
  std::vector<std::string> lines;
  for (const WindowSeen& seen : window.stood) {
    if (seen.until || seen.worst == Severity::kNote) continue;
    lines.push_back(fmt::format("{}: {} (since {}, before it was opened)", seen.key, seen.summary,
                                FormatTime(seen.since)));
  }
  return lines;
}

}  // namespace aftershock::app

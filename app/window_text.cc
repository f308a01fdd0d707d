#include "app/window_text.h"

#include <fmt/format.h>

namespace aftershock::app {
namespace {

std::string Seen(const WindowSeen& seen, const std::string& when) {
  return fmt::format("{} [{}]: {} ({})", seen.key, ToString(seen.worst), seen.summary, when);
}

std::string When(const WindowSeen& seen, const Window& window) {
  if (seen.until) return fmt::format("{} to {}", FormatTime(seen.since), FormatTime(*seen.until));
  return fmt::format("since {}{}", FormatTime(seen.since), Ended(window.state) ? ", and when it ended" : "");
}

std::string Fate(const Expectation& expectation, const Window& window) {
  if (!expectation.watched) return {};
  if (!expectation.went) return window.closed ? " was not seen to go" : " was not seen to go so far";
  std::string text = expectation.times > 1 ? fmt::format(" was gone {} times, first at", expectation.times)
                                           : std::string(" was gone at");
  text += " " + FormatTime(*expectation.went);
  return text + (expectation.back ? ", and back at " + FormatTime(*expectation.back) : ", and is not back");
}

}  // namespace

std::vector<std::string> ChangedLines(const Window& window) {
  std::vector<std::string> lines;
  for (const WindowSeen& seen : window.changes) lines.push_back(Seen(seen, When(seen, window)));
  return lines;
}

std::vector<std::string> ExpectedLines(const Window& window) {
  std::vector<std::string> lines;
  for (const Expectation& expectation : window.expect)
    lines.push_back("down:" + expectation.down.text + Fate(expectation, window));
  return lines;
}

std::vector<std::string> StoodLines(const Window& window) {
  std::vector<std::string> lines;
  for (const WindowSeen& seen : window.stood) {
    if (seen.worst != Severity::kNote)
      lines.push_back(Seen(seen, When(seen, window) + "; it stood before the window was opened"));
  }
  return lines;
}

}  // namespace aftershock::app

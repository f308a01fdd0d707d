#include "app/gate_verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/times.h"
#include "app/window_text.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::string Title(const Window& window) {
  return fmt::format("{} \"{}\"", WindowName(window.id), Printable(window.title));
}

// What is left of verifying and soaking when nothing comes between.
Duration Remaining(const Window& window) {
  const auto left = [](Duration needed, Duration watched) {
    return std::max(needed - watched, Duration::zero());
  };
  if (window.state == WindowState::kVerifying) return left(window.verify, window.watched) + window.soak;
  return left(window.soak, window.watched);
}

bool Watched(WindowState state) {
  return state == WindowState::kVerifying || state == WindowState::kSoaking;
}

GateAnswer NoGo(const Window& window, const GateFacts& facts) {
  GateAnswer answer;
  answer.gate = Gate::kNoGo;
  answer.final = window.state == WindowState::kFailed;
  answer.headline = answer.final ? Title(window) + " has failed"
                                 : Title(window) + ": hosts in scope found something since it was opened";
  for (const WindowFinding& finding : window.findings)
    answer.because.push_back(fmt::format("{}: {} ({})", finding.key, finding.summary, finding.because));
  if (answer.because.empty() && answer.final && !window.transitions.empty())
    answer.because.push_back(window.transitions.back().why);
  answer.because.insert(answer.because.end(), facts.against.begin(), facts.against.end());
  return answer;
}

GateAnswer Unseen(const Window& window, std::vector<std::string> missing) {
  GateAnswer answer;
  answer.headline = Title(window) + ": not all is known";
  answer.missing = std::move(missing);
  return answer;
}

GateAnswer Hold(const Window& window, const GateFacts& facts) {
  GateAnswer answer;
  answer.gate = Gate::kHold;
  answer.headline = fmt::format("{} is {}", Title(window), ToString(window.state));
  if (window.state == WindowState::kPassed) {
    answer.headline = Title(window) + " has passed, and hosts in scope have not";
    answer.awaited = facts.awaited;
    return answer;
  }
  if (!Watched(window.state)) {
    answer.awaited.push_back(window.state == WindowState::kOpen ? "it is still open: close it first"
                                                                : "the monitor has not opened it so far");
    return answer;
  }
  const Duration remaining = Remaining(window);
  answer.not_before = facts.now + duration_cast<milliseconds>(remaining);
  answer.awaited = window.awaited;
  answer.awaited.insert(answer.awaited.end(), facts.awaited.begin(), facts.awaited.end());
  const auto rounded = std::chrono::ceil<std::chrono::seconds>(remaining);
  if (rounded.count() > 0) {
    answer.awaited.push_back(fmt::format("{} more to watch, until {} if nothing comes between",
                                         FormatDuration(rounded), FormatTime(*answer.not_before)));
  }
  if (answer.awaited.empty()) answer.awaited.push_back("the monitor's next look");
  return answer;
}

GateAnswer Weigh(const Window& window, const GateFacts& facts) {
  if (window.state == WindowState::kFailed ||
      (!facts.against.empty() && window.state != WindowState::kCancelled))
    return NoGo(window, facts);
  std::vector<std::string> missing = facts.missing;
  if (window.state == WindowState::kCancelled) {
    missing.push_back("it was cancelled, and nobody watches it");
    GateAnswer answer = Unseen(window, std::move(missing));
    answer.final = true;
    return answer;
  }
  if (!Ended(window.state) && facts.nobody) missing.push_back(*facts.nobody);
  if (Watched(window.state)) missing.insert(missing.end(), window.missing.begin(), window.missing.end());
  if (!missing.empty()) return Unseen(window, std::move(missing));
  if (window.state != WindowState::kPassed || !facts.awaited.empty()) return Hold(window, facts);
  GateAnswer answer;
  answer.gate = Gate::kGo;
  answer.final = true;
  answer.headline = Title(window) + " has passed";
  return answer;
}

// Of a fabric that falls apart, the first lines.
constexpr std::size_t kMostLines = 12;

void AddLines(std::string& text, std::string_view word, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) text += fmt::format("{:<9} {}\n", word, Printable(line));
}

void AddFirstLines(std::string& text, std::string_view word, std::vector<std::string> lines) {
  const std::size_t more = lines.size() - std::min(lines.size(), kMostLines);
  lines.resize(lines.size() - more);
  if (more > 0) lines.push_back(fmt::format("and {} more: aftershock window show", more));
  AddLines(text, word, lines);
}

}  // namespace

std::string_view ToString(Gate gate) {
  switch (gate) {
    case Gate::kGo:
      return "passed";
    case Gate::kHold:
      return "hold";
    case Gate::kNoGo:
      return "failed";
    case Gate::kUnknown:
      return "unknown";
  }
  return "unknown";
}

GateAnswer GateUnknown(std::string why, bool final) {
  GateAnswer answer;
  answer.headline = "nothing is known of this window";
  answer.missing.push_back(std::move(why));
  answer.final = final;
  return answer;
}

GateAnswer JudgeGate(const Window& window, const GateFacts& facts) {
  GateAnswer answer = Weigh(window, facts);
  answer.changed = ChangedLines(window);
  answer.expected = ExpectedLines(window);
  answer.stood = StoodLines(window);
  return answer;
}

std::string ToText(const GateAnswer& answer) {
  std::string word(ToString(answer.gate));
  std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  std::string text = fmt::format("{}  {}\n", word, answer.headline);
  AddLines(text, "because", answer.because);
  AddLines(text, "missing", answer.missing);
  AddLines(text, "awaits", answer.awaited);
  AddFirstLines(text, "expected", answer.expected);
  AddFirstLines(text, "changed", answer.changed);
  AddFirstLines(text, "stood", answer.stood);
  return text;
}

nlohmann::json ToJson(const GateAnswer& answer, const Window* window) {
  using nlohmann::json;
  const auto list = [](const std::vector<std::string>& lines) {
    json array = json::array();
    for (const std::string& line : lines) array.push_back(Printable(line));
    return array;
  };
  return {{"schema", 1},
          {"window", window != nullptr ? json(WindowName(window->id)) : json()},
          {"title", window != nullptr ? json(Printable(window->title)) : json()},
          {"state", window != nullptr ? json(ToString(window->state)) : json()},
          {"verdict", ToString(answer.gate)},
          {"exit_code", ExitCode(answer.gate)},
          {"headline", Printable(answer.headline)},
          {"because", list(answer.because)},
          {"missing", list(answer.missing)},
          {"awaited", list(answer.awaited)},
          {"expected", list(answer.expected)},
          {"changed", list(answer.changed)},
          {"stood", list(answer.stood)},
          {"not_before", answer.not_before ? json(FormatTime(*answer.not_before)) : json()}};
}

}  // namespace aftershock::app

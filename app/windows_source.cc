#include "app/windows_source.h"

#include <fmt/format.h>

#include "app/http_access.h"
#include "probes/fleet/http.h"

namespace aftershock::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20;
constexpr const char* kPath = "/windows.json";

}  // namespace

WindowsSource::WindowsSource(const WindowsConfig& config, const Clock& clock, Ask ask)
    : config_(config), clock_(clock), ask_(std::move(ask)) {}

Result<void> WindowsSource::Fetch() {
  const WallTime asked = clock_.Wall();
  const SteadyTime began = clock_.Steady();
  auto told = ask_();
  const Duration took = clock_.Steady() - began;
  const std::lock_guard lock(mutex_);
  if (!told) {
    why_ = told.error().what;
    return tl::unexpected(told.error());
  }
  // The answer was written somewhere between the question and now.
  const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(took / 2);
  const auto ahead = asked + half - told->served;
  windows_.clear();
  for (Window& window : told->windows) windows_.push_back(Shifted(std::move(window), ahead));
  as_of_ = asked;
  heard_ = began;
  why_.clear();
  return {};
}

Announced WindowsSource::Known() const {
  const std::lock_guard lock(mutex_);
  Announced known;
  const Duration stale_after = 3 * config_.interval + config_.http.timeout;
  const SteadyTime now = clock_.Steady();
  if (heard_ && now - *heard_ <= stale_after) {
    known.windows = windows_;
    known.as_of = as_of_;
    return known;
  }
  known.why_unknown = why_.empty() ? fmt::format("{}: not read lately", config_.source) : why_;
  if (heard_) known.why_unknown += fmt::format("; last read {:.0f} s ago", ToSeconds(now - *heard_));
  return known;
}

WindowsSource::Ask AskOverHttp(const WindowsConfig& config) {
  return [config]() -> Result<WindowsTold> {
    const auto url = fleet::ParseUrl(config.source);
    if (!url) return tl::unexpected(url.error());
    const auto access = AccessOf(config.http);
    if (!access) return tl::unexpected(access.error());
    const auto text = fleet::HttpGet(*url, kPath, *access, kMostBytes);
    if (!text) return tl::unexpected(text.error());
    auto told = WindowsFromJson(*text);
    if (!told) return Fail(told.error().code, fmt::format("{}{}: {}", url->Text(), kPath, told.error().what));
    return told;
  };
}

Window Shifted(Window window, std::chrono::milliseconds ahead) {
  window.asked += ahead;
  for (auto* time : {&window.opened, &window.closed, &window.ended}) {
    if (*time) **time += ahead;
  }
  for (Transition& transition : window.transitions) transition.at += ahead;
  for (WindowFinding& finding : window.findings) finding.since += ahead;
  return window;
}

}  // namespace aftershock::app

#include "exporter/window_families.h"

#include <algorithm>

namespace aftershock::exporter {

Verdict VerdictOf(const Window& window) {
  switch (window.state) {
    case WindowState::kPassed:
      return Verdict::kOk;
    case WindowState::kFailed:
      return Verdict::kCritical;
    case WindowState::kCancelled:
      return Verdict::kUnknown;
    case WindowState::kVerifying:
    case WindowState::kSoaking:
      return window.missing.empty() ? Verdict::kWarning : Verdict::kUnknown;
    default:
      return Verdict::kWarning;
  }
}

void AddWindows(std::span<const Window> windows, Families& out) {
  out.Start("aftershock_window_state", MetricType::Gauge,
            "1 for the state that the change window is in, 0 for the others.");
  for (const Window& window : windows) {
    for (int code = 0; code <= static_cast<int>(WindowState::kCancelled); ++code) {
      const auto state = static_cast<WindowState>(code);
      out.Add({{"window", WindowName(window.id)}, {"state", std::string(ToString(state))}},
              state == window.state ? 1 : 0);
    }
  }
  out.Start("aftershock_window_soak_remaining_seconds", MetricType::Gauge,
            "How much longer a soaking window has to be watched.");
  for (const Window& window : windows) {
    if (window.state != WindowState::kSoaking) continue;
    out.Add({{"window", WindowName(window.id)}},
            ToSeconds(std::max(window.soak - window.watched, Duration::zero())));
  }
}

}  // namespace aftershock::exporter

#include "before_after.h"

#include <algorithm>

namespace aftershock::tests {

Image ImageOf(const FabricBuilder& fabric) {
  Image image;
  image.planes[std::string(kPlane)] = aftershock::ImageOf(fabric.Build());
  return image;
}

Image ImageOf(const HostBuilder& host) {
  Image image;
  image.hosts[host.hostname] = aftershock::ImageOf(host);
  return image;
}

const std::vector<Finding>& BeforeAfter::Look(const Image& now, Duration later) {
  steady += later;
  wall += std::chrono::duration_cast<std::chrono::milliseconds>(later);
  rules::ChangeFacts facts;
  facts.now = &now;
  facts.baseline = baseline ? &*baseline : nullptr;
  facts.complete = complete;
  facts.critical = critical;
  facts.at = steady;
  facts.windows = windows;
  facts.findings = others;
  facts.errors = errors;
  facts.events = events;
  facts.knows_windows = knows_windows;
  facts.this_host = this_host;
  judgement = rules::JudgeChange(std::move(judgement.state), facts, {wall, &settings});
  return judgement.findings;
}

void BeforeAfter::Restart() {
  judgement.state.last.reset();
  steady = SteadyTime(std::chrono::seconds(5));
}

std::vector<Finding> BeforeAfter::Of(std::string_view rule) const {
  return tests::Of(judgement.findings, rule);
}

std::vector<std::string> BeforeAfter::Told() const {
  std::vector<std::string> rules;
  for (const Finding& f : judgement.findings) {
    if (!f.because) rules.push_back(f.rule);
  }
  std::ranges::sort(rules);
  return rules;
}

Window OpenWindow(Subject scope) {
  Window window;
  window.id = 12;
  window.title = "exclude";
  window.scope.push_back({ToString(scope), scope, "thing"});
  window.state = WindowState::kOpen;
  window.opened = WallTime(std::chrono::hours(24 * 365 * 40 - 1));
  window.transitions.push_back({WindowState::kPlanned, WindowState::kOpen, *window.opened, "root", ""});
  return window;
}

}  // namespace aftershock::tests

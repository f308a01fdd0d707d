#include "app/gate_prometheus.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace aftershock::app {
namespace {

// Since when a critical finding fails a window even if it is gone again: since it soaks, as in rules/windows.
std::optional<WallTime> SoaksSince(const Window& window) {
  for (const Transition& transition : window.transitions) {
    if (transition.to == WindowState::kSoaking) return transition.at;
  }
  return std::nullopt;
}

// "aftershock_host_info{node_guid=~"0x…|0x…"}": nothing of it comes from elsewhere than GUIDs.
std::string InfoOf(std::span<const HostInScope> hosts) {
  std::string guids;
  for (const HostInScope& host : hosts) {
    for (const Guid guid : host.nodes) guids += (guids.empty() ? "" : "|") + ToString(guid);
  }
  return fmt::format("aftershock_host_info{{node_guid=~\"{}\"}}", guids);
}

// In some 1,500 steps, however long it was: a Prometheus bounds what one question may cost.
long long StepOf(std::chrono::seconds past) {
  return std::max<long long>(past.count() / 1500, 1);
}

void Append(std::vector<fleet::Sample>& into, std::vector<fleet::Sample> more) {
  std::ranges::move(more, std::back_inserter(into));
}

}  // namespace

Result<PrometheusView> AskOfHosts(fleet::Prometheus& prometheus, const Window& window,
                                  std::span<const HostInScope> hosts, WallTime now) {
  PrometheusView view;
  const auto moment = prometheus.Now();
  if (!moment) return tl::unexpected(moment.error());
  view.now = *moment;
  const std::string info = InfoOf(hosts);
  const std::string its = " and on (job, instance) " + info;
  // Over the soak, and some more than it takes to ask.
  std::string past;
  if (const auto since = SoaksSince(window)) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(now - *since).count();
    past = fmt::format("[{}s]", std::max<long long>(seconds, 1));
  }
  struct Ask {
    std::string query;
    std::vector<fleet::Sample>* into;
  };
  std::vector<Ask> asks{{info, &view.info},
                        {"aftershock_clock_timestamp_seconds" + its, &view.clock},
                        {"timestamp(aftershock_clock_timestamp_seconds)" + its, &view.scraped},
                        {"aftershock_status{scope=\"host\"} == 1" + its, &view.status},
                        {"aftershock_finding == 1" + its, &view.findings}};
  if (past.empty()) {
    asks.push_back({"aftershock_finding_since_timestamp_seconds" + its, &view.since});
  } else {
    asks.push_back(
        {"last_over_time(aftershock_finding{severity=\"critical\"}" + past + ")" + its, &view.findings});
    asks.push_back(
        {"last_over_time(aftershock_finding_since_timestamp_seconds" + past + ")" + its, &view.since});
  }
  if (window.closed && now > *window.closed) {
    const auto past_closing = std::chrono::ceil<std::chrono::seconds>(now - *window.closed);
    const long long step = StepOf(past_closing);
    view.seen_step = static_cast<double>(step);
    asks.push_back({fmt::format("count_over_time((time() - timestamp({}) < {:.0f})[{}s:{}s]) * {}", info,
                                kFreshSeconds, past_closing.count(), step, step),
                    &view.seen});
  }
  for (const Ask& ask : asks) {
    auto samples = prometheus.Query(ask.query);
    if (!samples) return tl::unexpected(samples.error());
    Append(*ask.into, std::move(*samples));
  }
  return view;
}

}  // namespace aftershock::app

#include "probes/host/probe_history.h"

#include <algorithm>

namespace aftershock::host {

void ProbeHistory::Add(const ProbeKey& key, bool sent, std::optional<Duration> latency) {
  std::deque<Sample>& samples = samples_[key];
  samples.push_back({sent, latency});
  if (samples.size() > window_) samples.pop_front();
}

ProbeResult ProbeHistory::Result(const ProbeKey& key) const {
  ProbeResult result;
  result.kind = key.kind;
  result.peer = key.peer;
  result.interface = key.interface;
  const auto it = samples_.find(key);
  if (it == samples_.end()) return result;
  Duration total{};
  for (const Sample& sample : it->second) {
    result.sent += sample.sent ? 1 : 0;
    if (!sample.latency) continue;
    ++result.answered;
    total += *sample.latency;
    result.latency_min = std::min(result.latency_min.value_or(*sample.latency), *sample.latency);
    result.latency_max = std::max(result.latency_max.value_or(*sample.latency), *sample.latency);
  }
  if (result.answered > 0) result.latency_mean = total / static_cast<Duration::rep>(result.answered);
  return result;
}

void ProbeHistory::Keep(const std::set<ProbeKey>& keys) {
  std::erase_if(samples_, [&](const auto& entry) { return !keys.contains(entry.first); });
}

}  // namespace aftershock::host

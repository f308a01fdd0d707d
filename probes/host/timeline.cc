#include "probes/host/timeline.h"

#include <algorithm>

namespace aftershock::host {
namespace {

std::string Source(const HostEvent& event) {
  if (!event.interface.empty()) return event.interface;
  return event.port == 0 ? event.device : ToString(HcaPortName{event.device, event.port});
}

}  // namespace

void Timeline::Add(HostEvent event) {
  const std::lock_guard lock(mutex_);
  event.sequence = ++seen_;
  event.at = clock_.Steady();
  event.wall = clock_.Wall();
  ++counts_[{event.kind, Source(event)}];
  if (!event.device.empty()) last_of_[{event.kind, HcaPortName{event.device, event.port}}] = seen_;
  events_.push_back(std::move(event));
  if (events_.size() > kCapacity) events_.pop_front();
}

void Timeline::CopyTo(HostSnapshot& snapshot) const {
  const std::lock_guard lock(mutex_);
  snapshot.events.assign(events_.begin(), events_.end());
  snapshot.events_seen = seen_;
  snapshot.event_counts = counts_;
}

std::uint64_t Timeline::LastOf(std::uint32_t kinds, const HcaPortName& port) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t last = 0;
  for (const auto& [key, sequence] : last_of_) {
    const auto kind = static_cast<unsigned>(key.first);
    if ((kinds >> kind & 1u) != 0 && key.second == port) last = std::max(last, sequence);
  }
  return last;
}

}  // namespace aftershock::host

#include "rules/whatif/load_history.h"

#include <algorithm>
#include <chrono>

namespace aftershock::whatif {
namespace {

constexpr Duration kSlice = std::chrono::minutes(5);
constexpr double kBitsPerOctet = 8;
// A slice of which less was seen is no measure of a peak, unless there is no other.
constexpr double kFullEnough = 60;

std::int64_t SliceOf(SteadyTime time) {
  return time.time_since_epoch() / kSlice;
}

bool Readable(const Port& port) {
  const auto good = [&](Counter c) { return port.counters.Has(c) && !port.counters.Saturated(c); };
  return port.counters_answer == Answer::kAnswered && good(Counter::kXmitData) && good(Counter::kRcvData);
}

}  // namespace

void LoadHistory::Add(const FabricSnapshot& snapshot) {
  const SteadyTime started = snapshot.sweep.started_steady;
  if (started < last_) ports_.clear();
  last_ = started;
  for (const Node& node : snapshot.nodes) {
    if (node.duplicate) continue;  // nothing tells whose history it would be
    for (const Port& port : node.ports) {
      if (port.num == 0 || port.counters_answer == Answer::kNotAsked) continue;
      const PortKey key{node.guid, port.num};
      if (!Readable(port)) {
        if (const auto at = ports_.find(key); at != ports_.end()) at->second.last.reset();
        continue;
      }
      const Reading now{started + port.counters_read, port.counters[Counter::kXmitData],
                        port.counters[Counter::kRcvData],
                        port.counters.Resets(Counter::kXmitData) + port.counters.Resets(Counter::kRcvData)};
      Count(ports_[key], now);
    }
  }
  // A port that was not read for an hour has no slice left.
  const std::int64_t oldest = SliceOf(started) - static_cast<std::int64_t>(kSlices);
  std::erase_if(ports_, [&](const auto& port) {
    const History& history = port.second;
    return (!history.last || SliceOf(history.last->at) < oldest) &&
           std::ranges::all_of(history.slices, [&](const Slice& s) { return s.number < oldest; });
  });
}

void LoadHistory::Count(History& history, const Reading& now) {
  const std::optional<Reading> last = history.last;
  history.last = now;
  if (!last || now.at <= last->at || now.resets != last->resets || now.xmit < last->xmit ||
      now.rcv < last->rcv)
    return;
  // The whole interval belongs to the slice it ends in; sweeps are shorter than slices.
  const std::int64_t number = SliceOf(now.at);
  Slice& slice = history.slices[static_cast<std::size_t>(number) % kSlices];
  if (slice.number != number) slice = {number};
  slice.seconds += ToSeconds(now.at - last->at);
  slice.xmit += static_cast<double>(now.xmit - last->xmit);
  slice.rcv += static_cast<double>(now.rcv - last->rcv);
}

PortLoads LoadHistory::Loads() const {
  PortLoads loads;
  const std::int64_t oldest = SliceOf(last_) - static_cast<std::int64_t>(kSlices) + 1;
  for (const auto& [key, history] : ports_) {
    PortLoad load;
    double xmit = 0, rcv = 0;
    bool full = false;
    for (const Slice& slice : history.slices) {
      if (slice.number < oldest || slice.seconds <= 0) continue;
      load.seconds += slice.seconds;
      xmit += slice.xmit;
      rcv += slice.rcv;
      full |= slice.seconds >= kFullEnough;
    }
    if (load.seconds <= 0) continue;
    for (const Slice& slice : history.slices) {
      if (slice.number < oldest || slice.seconds <= 0 || (full && slice.seconds < kFullEnough)) continue;
      load.peak_xmit = std::max(load.peak_xmit, kBitsPerOctet * slice.xmit / slice.seconds);
      load.peak_rcv = std::max(load.peak_rcv, kBitsPerOctet * slice.rcv / slice.seconds);
    }
    load.mean_xmit = kBitsPerOctet * xmit / load.seconds;
    load.mean_rcv = kBitsPerOctet * rcv / load.seconds;
    loads.emplace(key, load);
  }
  return loads;
}

}  // namespace aftershock::whatif

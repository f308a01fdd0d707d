#include "rules/counting.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace aftershock::rules {
namespace {

constexpr auto kReadCounters = [] {
  std::array<Counter, kReadCounterCount> all{};
  auto end = std::ranges::copy(kBitErrorCounters, all.begin()).out;
  end = std::ranges::copy(kEventCounters, end).out;
  *end = Counter::kLinkDowned;
  return all;
}();
constexpr std::size_t kFirstEvent = kBitErrorCounters.size();
constexpr std::size_t kLinkDownedIndex = kReadCounterCount - 1;

CounterReading Read(const Port& port, SteadyTime at) {
  CounterReading reading;
  reading.at = at;
  const CounterValues& counters = port.counters;
  for (std::size_t i = 0; i < kReadCounterCount; ++i) {
    const Counter c = kReadCounters[i];
    if (!counters.Has(c)) continue;
    reading.value[i] = counters[c];
    reading.usable[i] = !counters.Saturated(c);
  }
  reading.resets = counters.resets();
  return reading;
}

std::uint32_t Resets(const CounterReading& reading, Counter counter) {
  const auto it = std::ranges::find(reading.resets, counter, &std::pair<Counter, std::uint32_t>::first);
  return it == reading.resets.end() ? 0 : it->second;
}

// nullopt: void. A register that is full now, was cleared in between or went backwards says nothing of the
// interval.
std::optional<std::uint32_t> Delta(const CounterReading& before, const CounterReading& after, std::size_t i) {
  if (!before.usable[i] || !after.usable[i]) return std::nullopt;
  if (after.value[i] < before.value[i]) return std::nullopt;
  const Counter c = kReadCounters[i];
  if (before.resets != after.resets && Resets(before, c) != Resets(after, c)) return std::nullopt;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(after.value[i] - before.value[i], kMost));
}

void AddTo(std::uint32_t& sum, std::uint32_t delta) {
  sum += std::min(delta, std::numeric_limits<std::uint32_t>::max() - sum);
}

struct Interval {
  float seconds = 0;
  float gigabits = 0;  // 0: a time in which the link trained, when errors are no fault
  std::array<std::optional<std::uint32_t>, kReadCounterCount> delta;
};

void Add(WindowHalf& half, const Interval& interval) {
  half.seconds += interval.seconds;
  for (std::size_t i = 0; i < kBitErrorCounters.size() && interval.gigabits > 0; ++i) {
    if (!interval.delta[i]) continue;
    AddTo(half.bit_errors[i].count, *interval.delta[i]);
    half.bit_errors[i].gigabits += interval.gigabits;
  }
  for (std::size_t i = 0; i < kEventCounters.size(); ++i) {
    AddTo(half.events[i], interval.delta[kFirstEvent + i].value_or(0));
  }
}

std::vector<Counter> ClearedBetween(const CounterReading& before, const CounterReading& after) {
  std::vector<Counter> cleared;
  if (before.resets == after.resets) return cleared;
  for (const auto& [counter, count] : after.resets) {
    if (count > Resets(before, counter)) cleared.push_back(counter);
  }
  return cleared;
}

}  // namespace

std::uint32_t CountInterval(PortMemory& memory, const Port& port, SteadyTime started,
                            const WindowLengths& lengths) {
  const SteadyTime at = started + port.counters_read;
  const std::optional<CounterReading> before = std::exchange(memory.reading, Read(port, at));
  const CounterReading& now = *memory.reading;
  memory.cleared.clear();
  if (!before || at <= before->at) return 0;
  // A restart after a down is no news; without one, somebody cleared every register.
  const bool device_restarted = port.restarted && memory.uncounted_downs > 0;
  if (!device_restarted) memory.cleared = ClearedBetween(*before, now);
  if (port.restarted) {
    memory.uncounted_downs = 0;
    return 0;
  }

  Interval interval;
  interval.seconds = static_cast<float>(ToSeconds(at - before->at));
  for (std::size_t i = 0; i < kReadCounterCount; ++i) interval.delta[i] = Delta(*before, now, i);
  const std::uint32_t downs = interval.delta[kLinkDownedIndex].value_or(0);
  if (downs == 0 && memory.uncounted_downs == 0 && port.Linked()) {
    const double bits = RawBitsPerSecond(port.info->width_active, port.info->speed_active) * interval.seconds;
    interval.gigabits = static_cast<float>(bits / 1e9);
  }
  for (std::size_t w = 0; w < kWindowCount; ++w) {
    memory.windows[w].Turn(before->at, lengths[w]);
    Add(memory.windows[w].newer, interval);
  }
  const std::uint32_t seen = std::min(downs, memory.uncounted_downs);
  memory.uncounted_downs = port.Linked() ? 0 : memory.uncounted_downs - seen;
  return downs - seen;
}

bool NeedsLid(const Node& node, const Port& port) {
  if (!port.info) return false;
  const auto active = [](const Port& p) {
    return p.Linked() && (p.info->state == PortState::kActive || p.info->state == PortState::kActiveDefer);
  };
  if (!node.IsSwitch()) return active(port);
  return port.num == 0 && std::ranges::any_of(node.ports, active);
}

}  // namespace aftershock::rules

// link-errors and transmit-discards: what was counted within the windows.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"
#include "rules/stats/poisson.h"

namespace aftershock::rules {
namespace {

struct RatioLimit {
  WindowLength window;
  std::string_view ratio_key;
  std::string_view length_key;
  Severity severity;
  bool needs_time;  // says something only after half its length: a single error soon after the start is no
                    // ratio
};
// The worst first.
constexpr std::array kRatioLimits{
    RatioLimit{WindowLength::kShort, "critical_bit_error_ratio", "window_seconds", Severity::kCritical,
               false},
    RatioLimit{WindowLength::kShort, "bit_error_ratio", "window_seconds", Severity::kWarning, false},
    RatioLimit{WindowLength::kMedium, "medium_bit_error_ratio", "medium_window_seconds", Severity::kNote,
               true},
    RatioLimit{WindowLength::kLong, "long_bit_error_ratio", "long_window_seconds", Severity::kNote, true},
};

struct EventLimit {
  Counter counter;
  const RuleSpec* rule;
  std::string_view key;
};
constexpr std::array kEventLimits{
    EventLimit{Counter::kLinkErrorRecovery, &kLinkErrors, "link_error_recoveries"},
    EventLimit{Counter::kLocalLinkIntegrityErrors, &kLinkErrors, "local_link_integrity_errors"},
    EventLimit{Counter::kExcessiveBufferOverrunErrors, &kLinkErrors, "excessive_buffer_overruns"},
    EventLimit{Counter::kXmitDiscards, &kTransmitDiscards, "transmit_discards"},
    EventLimit{Counter::kXmitConstraintErrors, &kTransmitDiscards, "transmit_constraint_errors"},
    EventLimit{Counter::kRcvConstraintErrors, &kTransmitDiscards, "receive_constraint_errors"},
    EventLimit{Counter::kVl15Dropped, &kTransmitDiscards, "vl15_drops"},
};

// What one port has too much of.
struct Excess {
  Severity severity = Severity::kNote;
  std::vector<std::string> parts;
  std::vector<Evidence> evidence;
};

// One row of kRatioLimits with its numbers.
struct Ratio {
  const RatioLimit* limit;
  double bound;
  double needed_seconds;
};

class Rater {
 public:
  explicit Rater(const View& view)
      : confidence_(view.Threshold(kLinkErrors, "confidence")),
        min_errors_(view.Threshold(kLinkErrors, "min_bit_errors")) {
    for (std::size_t i = 0; i < kRatioLimits.size(); ++i) {
      const RatioLimit& limit = kRatioLimits[i];
      const double length = view.Threshold(kLinkErrors, limit.length_key);
      ratios_[i] = {&limit, view.Threshold(kLinkErrors, limit.ratio_key), limit.needs_time ? length / 2 : 0};
    }
    for (std::size_t i = 0; i < kEventLimits.size(); ++i) {
      events_[i] = view.Threshold(*kEventLimits[i].rule, kEventLimits[i].key);
    }
  }

  // `worst` is the severity of the rule as configured: a critical ratio and a note keep their distance to it.
  void AddRatio(const PortMemory& memory, std::size_t counter, Severity warning, Excess& excess) const {
    for (const Ratio& ratio : ratios_) {
      const WindowHalf total = memory.windows[static_cast<std::size_t>(ratio.limit->window)].Total();
      const BitErrors& errors = total.bit_errors[counter];
      const bool weighs = ratio.limit->severity != Severity::kNote;
      if (errors.count == 0 || errors.gigabits <= 0 || total.seconds < ratio.needed_seconds) continue;
      if (weighs && errors.count < min_errors_) continue;
      const double least = PoissonLowerLimit(errors.count, confidence_) / (double{errors.gigabits} * 1e9);
      if (least <= ratio.bound) continue;
      const Severity severity = ratio.limit->severity == Severity::kWarning ? warning : ratio.limit->severity;
      excess.severity = std::max(excess.severity, severity);
      const std::string name(Spec(kBitErrorCounters[counter]).iba_name);
      const std::string in = "in " + DurationText(total.seconds);
      excess.parts.push_back(fmt::format("{} rose by {} {}", name, errors.count, in));
      excess.evidence.push_back({name, std::int64_t{errors.count}, "errors " + in});
      excess.evidence.push_back(
          {"bit error ratio at least", least, fmt::format("(limit {:.0e})", ratio.bound)});
      return;
    }
  }

  void AddEvents(const PortMemory& memory, const RuleSpec& rule, Severity warning, Excess& excess) const {
    const SlidingWindow& window = memory.windows[static_cast<std::size_t>(WindowLength::kShort)];
    for (std::size_t i = 0; i < kEventLimits.size(); ++i) {
      if (kEventLimits[i].rule != &rule) continue;
      const std::uint64_t count = std::uint64_t{window.older.events[i]} + window.newer.events[i];
      if (count == 0 || static_cast<double>(count) < events_[i]) continue;
      const std::string name(Spec(kEventLimits[i].counter).iba_name);
      const std::string in = "in " + DurationText(window.older.seconds + window.newer.seconds);
      excess.severity = std::max(excess.severity, warning);
      excess.parts.push_back(fmt::format("{} rose by {} {}", name, count, in));
      excess.evidence.push_back(
          {name, static_cast<std::int64_t>(count), fmt::format("{} (limit {:.0f})", in, events_[i])});
    }
  }

 private:
  double confidence_, min_errors_;
  std::array<Ratio, kRatioLimits.size()> ratios_{};
  std::array<double, kEventLimits.size()> events_{};
};
// The windows keep events in the order of kEventCounters.
static_assert(std::ranges::equal(kEventLimits, kEventCounters, {}, &EventLimit::counter));

bool CountedNothing(const PortMemory& memory) {
  const auto nothing = [](const WindowHalf& half) {
    return std::ranges::all_of(half.bit_errors, [](const BitErrors& e) { return e.count == 0; }) &&
           std::ranges::all_of(half.events, [](std::uint32_t n) { return n == 0; });
  };
  return std::ranges::all_of(memory.windows,
                             [&](const SlidingWindow& w) { return nothing(w.older) && nothing(w.newer); });
}

// Calls add(memory, excess) for each port with a signal, and makes a finding of what it added.
template <typename Add>
std::vector<Finding> FindExcess(const View& view, const RuleSpec& rule, Add add) {
  std::vector<Finding> findings;
  for (const Node& node : view.snapshot().nodes) {
    for (const Port& port : node.ports) {
      const PortMemory* memory = port.Linked() ? view.Memory(node, port) : nullptr;
      if (memory == nullptr || Missing(port.counters_answer) || CountedNothing(*memory)) continue;
      Excess excess;
      add(*memory, excess);
      if (excess.parts.empty()) continue;
      Finding finding =
          view.Found(rule, SubjectOf(node, port),
                     fmt::format("{}: {}", NameWithPeer(view, node, port), fmt::join(excess.parts, ", ")),
                     std::move(excess.evidence));
      finding.severity = excess.severity;
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

Severity Configured(const View& view, const RuleSpec& rule) {
  return view.Found(rule, {}, {}, {}).severity;
}

}  // namespace

std::vector<Finding> FindLinkErrors(const View& view) {
  const Rater rater(view);
  const Severity warning = Configured(view, kLinkErrors);
  return FindExcess(view, kLinkErrors, [&](const PortMemory& memory, Excess& excess) {
    for (std::size_t c = 0; c < kBitErrorCounters.size(); ++c) rater.AddRatio(memory, c, warning, excess);
    rater.AddEvents(memory, kLinkErrors, warning, excess);
  });
}

std::vector<Finding> FindDiscards(const View& view) {
  const Rater rater(view);
  const Severity warning = Configured(view, kTransmitDiscards);
  return FindExcess(view, kTransmitDiscards, [&](const PortMemory& memory, Excess& excess) {
    rater.AddEvents(memory, kTransmitDiscards, warning, excess);
  });
}

}  // namespace aftershock::rules

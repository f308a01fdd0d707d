// The port counters of IBA chapter 16 and volume 1 annex A8: one table of what each is, and the values of one
// port.
//
// Values are 64-bit accumulations that start at the register's first reading. A register that stands at its
// maximum has stopped counting (16.1.3.5: counters stick, they do not wrap); one that went backwards was
// cleared by somebody else.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace aftershock {

enum class Counter : std::uint8_t {
  kXmitData,
  kRcvData,
  kXmitPkts,
  kRcvPkts,
  kUnicastXmitPkts,
  kUnicastRcvPkts,
  kMulticastXmitPkts,
  kMulticastRcvPkts,
  kSymbolErrors,
  kLinkErrorRecovery,
  kLinkDowned,
  kRcvErrors,
  kRcvRemotePhysicalErrors,
  kRcvSwitchRelayErrors,
  kXmitDiscards,
  kXmitConstraintErrors,
  kRcvConstraintErrors,
  kLocalLinkIntegrityErrors,
  kExcessiveBufferOverrunErrors,
  kVl15Dropped,
  kXmitWait,
  kQp1Dropped,
  kLocalPhysicalErrors,
  kMalformedPacketErrors,
  kBufferOverrunErrors,
  kDlidMappingErrors,
  kVlMappingErrors,
  kLoopingErrors,
  kInactiveDiscards,
  kNeighborMtuDiscards,
  kSwLifetimeLimitDiscards,
  kSwHoqLifetimeLimitDiscards,
};
inline constexpr std::size_t kCounterCount = 32;

// Where a counter's registers are. A counter may stand in PortCounters (narrow) and in PortCountersExtended
// (64 bits).
enum class CounterGroup : std::uint8_t { kTraffic, kErrors, kRcvErrorDetails, kXmitDiscardDetails };

struct CounterSpec {
  Counter id;
  CounterGroup group;
  std::string_view name;      // snake_case of the IBA name: JSON keys and the counter label
  std::string_view iba_name;  // what operators know: "SymbolErrorCounter"
  std::string_view metric;  // the rest of infiniband_{switch,hca}_; empty: not one of the compatible families
  std::string_view help;
  int narrow_bits;  // width in PortCounters or in the details attribute; 0: only in PortCountersExtended
  int scale;        // octets per unit for the data counters (the registers count 4-octet words), else 1
};

const std::array<CounterSpec, kCounterCount>& Counters();
const CounterSpec& Spec(Counter counter);
std::optional<Counter> ParseCounter(std::string_view name);

// The counters of one port as last read. Data counters are in octets.
class CounterValues {
 public:
  bool Has(Counter c) const { return present_[Index(c)]; }
  // REQUIRES: Has(c)
  std::uint64_t operator[](Counter c) const { return value_[Index(c)]; }
  std::optional<std::uint64_t> Get(Counter c) const {
    return Has(c) ? std::optional(value_[Index(c)]) : std::nullopt;
  }
  void Set(Counter c, std::uint64_t value) {
    value_[Index(c)] = value;
    present_.set(Index(c));
  }

  // Takes a reading of the register, in the counter's unit, after `last`, the reading before it (ignored for
  // the first). One that went backwards was cleared by somebody else: what it has counted since is all there
  // is to know.
  void Take(Counter c, std::uint64_t reading, std::uint64_t last, bool saturated);

  bool Saturated(Counter c) const { return saturated_[Index(c)]; }
  void SetSaturated(Counter c, bool saturated) { saturated_[Index(c)] = saturated; }
  bool AnySaturated() const { return saturated_.any(); }
  bool Empty() const { return present_.none(); }

  // How often somebody else cleared the register since this process first read it. Sorted by counter, without
  // zeros.
  const std::vector<std::pair<Counter, std::uint32_t>>& resets() const { return resets_; }
  std::uint32_t Resets(Counter c) const;
  void SetResets(Counter c, std::uint32_t count);

 private:
  static constexpr std::size_t Index(Counter c) { return static_cast<std::size_t>(c); }
  std::array<std::uint64_t, kCounterCount> value_{};
  std::bitset<kCounterCount> present_;
  std::bitset<kCounterCount> saturated_;
  std::vector<std::pair<Counter, std::uint32_t>> resets_;
};

}  // namespace aftershock

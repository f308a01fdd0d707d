// How the probes of the last rounds went, by kind, peer and interface.
//
// Threading: one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "model/host.h"

namespace aftershock::host {

struct ProbeKey {
  ProbeKind kind = ProbeKind::kArpBroadcast;
  std::string peer, interface;
  friend auto operator<=>(const ProbeKey&, const ProbeKey&) = default;
};

class ProbeHistory {
 public:
  // `window`: rounds that a result covers, at least one.
  explicit ProbeHistory(std::uint32_t window) : window_(window == 0 ? 1 : window) {}

  // One round's probe; `latency`: of its answer. Not sent: neither lost nor answered, but a round.
  void Add(const ProbeKey& key, bool sent, std::optional<Duration> latency);
  // Without address and error, which are of a round.
  ProbeResult Result(const ProbeKey& key) const;
  // Forgets what is not probed any more.
  void Keep(const std::set<ProbeKey>& keys);

 private:
  struct Sample {
    bool sent = false;
    std::optional<Duration> latency;
  };
  std::uint32_t window_;
  std::map<ProbeKey, std::deque<Sample>> samples_;
};

}  // namespace aftershock::host

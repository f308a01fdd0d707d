#include "probes/host/active_probes.h"

#include <poll.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>

#include "probes/host/arp_leg.h"
#include "probes/host/echo_socket.h"
#include "probes/host/probe_history.h"
#include "probes/host/probe_target.h"

namespace aftershock::host {
namespace {

using namespace std::chrono_literals;

// What a peer on the same subnet needs is far below it; what comes later is lost.
constexpr Duration kPatience = 1s;
constexpr Duration kStopCheck = 100ms;
constexpr std::size_t kMaxSightings = 1024;

// A probe of this round.
struct Attempt {
  ProbeKey key;
  std::uint32_t ip = 0;
  int leg = 0;                       // index; of ARP
  std::unique_ptr<EchoSocket> echo;  // of an echo
  SteadyTime at{};
  bool sent = false, waiting = false;
  std::optional<Duration> latency;
  std::optional<LinkAddress> address;
  std::optional<Error> error;
};

class Prober final : public ActiveProber {
 public:
  Prober(ProberOptions options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        history_(options_.window),
        random_(std::random_device{}()) {}

  ProbeRound Round(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop) override;

 private:
  std::vector<ResolvedTarget> ResolveAll(const HostSnapshot& seen, ProbeRound& round) const;
  void OpenLegs(const std::vector<ResolvedTarget>& targets);
  void Broadcast(const std::vector<ResolvedTarget>& targets);
  void Unicast(const std::vector<ResolvedTarget>& targets);
  void Echo(const std::vector<ResolvedTarget>& targets);
  Attempt* Add(ProbeKind kind, const ResolvedTarget& target, const std::string& interface);
  void SendArp(Attempt& attempt, const ProbeLeg& leg, const std::optional<LinkAddress>& to);
  void Sent(Attempt& attempt, const Result<void>& result);
  void Collect(SteadyTime until, const std::stop_token& stop);
  void TakeArp(ArpLeg& leg, int index);
  void TakeEcho(Attempt& attempt);
  void Answered(Attempt& attempt);
  void Report(ProbeRound& round);

  const ProberOptions options_;
  const Clock& clock_;
  ProbeHistory history_;
  std::mt19937_64 random_;
  std::map<int, std::unique_ptr<ArpLeg>> legs_;  // by index
  std::map<int, Error> closed_;                  // of this round: why a leg could not be opened
  std::map<std::pair<std::string, std::uint32_t>, LinkAddress> known_;  // by leg and peer, of the last reply
  // Of this round.
  std::vector<std::unique_ptr<Attempt>> attempts_;
  std::set<ProbeKey> keys_;
  std::set<std::tuple<std::string, std::uint32_t, IpoibAddress>> sightings_;
};

std::vector<ResolvedTarget> Prober::ResolveAll(const HostSnapshot& seen, ProbeRound& round) const {
  std::vector<ResolvedTarget> targets;
  for (const ProbeTarget& target : options_.targets) {
    auto resolved = Resolve(target, seen);
    if (resolved) {
      targets.push_back(std::move(*resolved));
      continue;
    }
    ProbeResult result;
    result.peer = target.peer;
    result.interface = target.interface;
    result.error = std::move(resolved.error());
    round.results.push_back(std::move(result));
  }
  return targets;
}

// Sockets stay open between rounds, so that what others say meanwhile is seen.
void Prober::OpenLegs(const std::vector<ResolvedTarget>& targets) {
  std::map<int, std::unique_ptr<ArpLeg>> before = std::exchange(legs_, {});
  closed_.clear();
  for (const ResolvedTarget& target : targets) {
    for (const ProbeLeg& leg : target.legs) {
      if (legs_.contains(leg.index) || closed_.contains(leg.index)) continue;
      if (const auto it = before.find(leg.index); it != before.end() && it->second->name() == leg.name) {
        TakeArp(*it->second, leg.index);
        if (it->second->Refresh()) {
          legs_[leg.index] = std::move(it->second);
          continue;
        }
      }
      auto opened = ArpLeg::Open(leg.index, leg.name);
      if (opened) {
        legs_[leg.index] = std::move(*opened);
      } else {
        closed_.emplace(leg.index, std::move(opened.error()));
      }
    }
  }
}

Attempt* Prober::Add(ProbeKind kind, const ResolvedTarget& target, const std::string& interface) {
  ProbeKey key{kind, target.peer, interface};
  if (!keys_.insert(key).second) return nullptr;  // configured twice, or as a bond and as its leg
  attempts_.push_back(std::make_unique<Attempt>());
  attempts_.back()->key = std::move(key);
  attempts_.back()->ip = target.ip;
  return attempts_.back().get();
}

void Prober::Sent(Attempt& attempt, const Result<void>& result) {
  attempt.sent = attempt.waiting = result.has_value();
  if (!result) attempt.error = result.error();
}

void Prober::SendArp(Attempt& attempt, const ProbeLeg& leg, const std::optional<LinkAddress>& to) {
  attempt.leg = leg.index;
  const auto it = legs_.find(leg.index);
  if (it == legs_.end()) {
    attempt.error = closed_.at(leg.index);
    return;
  }
  attempt.at = clock_.Steady();
  Sent(attempt, it->second->Probe(attempt.ip, to, leg.group));
}

void Prober::Broadcast(const std::vector<ResolvedTarget>& targets) {
  for (const ResolvedTarget& target : targets) {
    for (const ProbeLeg& leg : target.legs) {
      if (Attempt* attempt = Add(ProbeKind::kArpBroadcast, target, leg.name)) SendArp(*attempt, leg, {});
    }
  }
}

// To where the kernel would send, so that a stale entry of its table shows; else to where the last reply came
// from.
void Prober::Unicast(const std::vector<ResolvedTarget>& targets) {
  for (const ResolvedTarget& target : targets) {
    for (const ProbeLeg& leg : target.legs) {
      Attempt* attempt = Add(ProbeKind::kArpUnicast, target, leg.name);
      if (attempt == nullptr) continue;
      const auto known = known_.find({leg.name, target.ip});
      if (leg.neighbour || known != known_.end() || closed_.contains(leg.index)) {
        SendArp(*attempt, leg, leg.neighbour || known == known_.end() ? leg.neighbour : known->second);
      } else {
        attempt->error =
            Error{Errc::kAbsent, "the link-layer address of " + target.peer + " is not known so far"};
      }
    }
  }
}

void Prober::Echo(const std::vector<ResolvedTarget>& targets) {
  for (const ResolvedTarget& target : targets) {
    Attempt* attempt = Add(ProbeKind::kEcho, target, target.interface);
    if (attempt == nullptr) continue;
    auto socket = EchoSocket::Open(target.interface, target.ip);
    if (!socket) {
      attempt->error = std::move(socket.error());
      continue;
    }
    attempt->echo = std::move(*socket);
    const std::uint64_t token = random_();
    attempt->at = clock_.Steady();
    Sent(*attempt, attempt->echo->Send({.id = static_cast<std::uint16_t>(token >> 16),
                                        .sequence = static_cast<std::uint16_t>(token),
                                        .token = random_()},
                                       target.mtu));
  }
}

void Prober::Answered(Attempt& attempt) {
  attempt.latency = clock_.Steady() - attempt.at;
  attempt.waiting = false;
}

void Prober::TakeArp(ArpLeg& leg, int index) {
  constexpr int kMost = 1000;  // before the others have their turn
  for (int i = 0; i < kMost; ++i) {
    const auto packet = leg.Receive();
    if (!packet) return;
    const auto address = packet->sender.Ipoib();
    if (address && packet->sender_ip != 0 && sightings_.size() < kMaxSightings) {
      sightings_.emplace(leg.name(), packet->sender_ip, *address);
    }
    for (const auto& attempt : attempts_) {
      const bool asked = attempt->waiting && !attempt->echo && attempt->leg == index;
      if (!asked || !Answers(*packet, attempt->ip, leg.own())) continue;
      Answered(*attempt);
      attempt->address = packet->sender;
      known_[{leg.name(), attempt->ip}] = packet->sender;
    }
  }
}

void Prober::TakeEcho(Attempt& attempt) {
  if (attempt.echo->Answered()) Answered(attempt);
}

void Prober::Collect(SteadyTime until, const std::stop_token& stop) {
  const auto waits = [](const auto& attempt) { return attempt->waiting; };
  while (std::ranges::any_of(attempts_, waits) && !stop.stop_requested()) {
    const SteadyTime now = clock_.Steady();
    if (now >= until) break;
    std::vector<pollfd> polled;
    for (const auto& [index, leg] : legs_)
      polled.push_back({.fd = leg->fd(), .events = POLLIN, .revents = 0});
    for (const auto& attempt : attempts_) {
      if (attempt->waiting && attempt->echo) {
        polled.push_back({.fd = attempt->echo->fd(), .events = POLLIN, .revents = 0});
      }
    }
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(until - now, kStopCheck));
    if (::poll(polled.data(), polled.size(), static_cast<int>(wait.count())) <= 0) continue;
    for (const auto& [index, leg] : legs_) TakeArp(*leg, index);
    for (const auto& attempt : attempts_) {
      if (attempt->waiting && attempt->echo) TakeEcho(*attempt);
    }
  }
}

void Prober::Report(ProbeRound& round) {
  history_.Keep(keys_);
  std::erase_if(known_, [&](const auto& entry) {
    const auto& [leg, ip] = entry.first;
    return !keys_.contains({ProbeKind::kArpUnicast, FormatIpv4(ip), leg});
  });
  for (const auto& attempt : attempts_) {
    history_.Add(attempt->key, attempt->sent, attempt->latency);
    ProbeResult result = history_.Result(attempt->key);
    if (attempt->address) result.address = attempt->address->Ipoib();
    result.error = std::move(attempt->error);
    round.results.push_back(std::move(result));
  }
  for (const auto& [interface, ip, address] : sightings_) {
    round.sightings.push_back({interface, FormatIpv4(ip), address});
  }
  const bool any = std::ranges::any_of(attempts_, [](const auto& attempt) { return attempt->sent; });
  const auto failed =
      std::ranges::find_if(round.results, [](const ProbeResult& r) { return r.error.has_value(); });
  if (!any && failed != round.results.end()) round.error = failed->error;
}

ProbeRound Prober::Round(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop) {
  ProbeRound round;
  attempts_.clear();
  keys_.clear();
  sightings_.clear();
  const std::vector<ResolvedTarget> targets = ResolveAll(seen, round);
  OpenLegs(targets);
  const SteadyTime start = clock_.Steady();
  // One after the other: a reply does not tell which of the two it answers.
  Broadcast(targets);
  Echo(targets);
  Collect(std::min(start + kPatience, start + (deadline - start) / 2), stop);
  for (const auto& attempt : attempts_) attempt->waiting = attempt->waiting && attempt->echo != nullptr;
  for (const auto& [index, leg] : legs_) TakeArp(*leg, index);
  Unicast(targets);
  Collect(std::min(clock_.Steady() + kPatience, deadline), stop);
  Report(round);
  return round;
}

}  // namespace

std::unique_ptr<ActiveProber> MakeActiveProber(ProberOptions options, const Clock& clock) {
  return std::make_unique<Prober>(std::move(options), clock);
}

}  // namespace aftershock::host

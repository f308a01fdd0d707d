// How interfaces ran: their settings when first up, their queues, and how often they lost their carrier.
#include <algorithm>
#include <chrono>
#include <utility>

#include "rules/host/memory.h"
#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

using namespace std::chrono_literals;

// An interface that is gone for longer is another one when it comes back.
constexpr Duration kForgetLink = 1h;
// A carrier that is lost so close to an administrator's taking the interface down was taken with it.
constexpr Duration kTogether = 1s;
// More flaps than that within one window are one number.
constexpr std::size_t kMostFlaps = 64;

Duration Seconds(const Settings& settings, const RuleSpec& rule, std::string_view key) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(settings.Threshold(rule, key)));
}

struct Limits {
  Duration heals, flap_window, stall, clear;
};
Limits LimitsOf(const Settings& settings) {
  return {Seconds(settings, kIpoibFlapping, "heal_seconds"),
          Seconds(settings, kIpoibFlapping, "window_seconds"),
          Seconds(settings, kIpoibTxStalled, "stall_seconds"),
          Seconds(settings, kIpoibTxStalled, "clear_seconds")};
}

void CountFlap(LinkMemory& memory, SteadyTime at) {
  if (memory.flaps.size() >= kMostFlaps) memory.flaps.erase(memory.flaps.begin());
  memory.flaps.push_back(at);
  memory.carrier_lost.reset();
}

void TakeDown(LinkMemory& memory, SteadyTime at) {
  memory.taken_down = at;
  if (memory.carrier_lost && at - *memory.carrier_lost < kTogether) memory.carrier_lost.reset();
}

void TakeEvent(LinkMemory& memory, const HostEvent& event, const Limits& limits) {
  switch (event.kind) {
    case HostEventKind::kLinkDown:
    case HostEventKind::kLinkRemoved:
    case HostEventKind::kLinkMoved:
      return TakeDown(memory, event.at);
    case HostEventKind::kCarrierDown:
      if (memory.taken_down && event.at - *memory.taken_down < kTogether) return;
      if (!memory.carrier_lost) memory.carrier_lost = event.at;
      return;
    case HostEventKind::kCarrierUp:
      if (!memory.carrier_lost) return;
      if (event.at - *memory.carrier_lost > limits.heals) return CountFlap(memory, *memory.carrier_lost);
      memory.carrier_lost.reset();
      return;
    case HostEventKind::kTransmitTimeout:
      if (memory.transmit) memory.transmit->timed_out = event.at;
      return;
    default:
      return;
  }
}

// Takes the events of each interface in; an interface that is not known has no history so far.
void TakeEvents(HostState& state, const NewEvents& news, const Limits& limits) {
  for (const HostEvent* event : news.events) {
    if (event->kind == HostEventKind::kLinkRenamed && !state.links.contains(event->interface)) {
      if (auto old = state.links.extract(event->detail)) {
        old.key() = event->interface;
        state.links.insert(std::move(old));
      }
    }
    const auto memory = state.links.find(event->interface);
    if (memory != state.links.end()) TakeEvent(memory->second, *event, limits);
  }
}

void TakeCarrier(LinkMemory& memory, const IpoibLink& link, bool lost_events, SteadyTime now,
                 const Limits& limits) {
  if (!link.Up()) memory.carrier_lost.reset();
  const auto before = std::exchange(memory.carrier_changes, link.carrier_changes);
  // Nobody told what happened meanwhile: the kernel's own count does, each flap being two changes.
  const bool counts_on = before && link.carrier_changes && *link.carrier_changes >= *before;
  if (lost_events && counts_on) {
    const std::uint32_t unseen = (*link.carrier_changes - *before) / 2;
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(unseen, kMostFlaps); ++i) CountFlap(memory, now);
  } else if (memory.carrier_lost && now - *memory.carrier_lost > limits.heals) {
    CountFlap(memory, *memory.carrier_lost);
  }
  std::erase_if(memory.flaps, [&](SteadyTime at) { return now - at > limits.flap_window; });
}

// Still stuck, or stuck again before it has moved for a while: the same stall.
void Judge(TransmitMemory& memory, bool stuck, SteadyTime now, Duration clear) {
  if (stuck) {
    memory.stalled = true;
    memory.calm_since.reset();
  } else if (memory.stalled) {
    if (!memory.calm_since) memory.calm_since = now;
    if (now - *memory.calm_since >= clear) memory.stalled = false;
  }
}

void TakeQueue(LinkMemory& memory, const IpoibLink& link, SteadyTime now, const Limits& limits) {
  if (!link.Up() || !link.carrier || !link.statistics) return memory.transmit.reset();
  const std::uint64_t sent = link.statistics->tx_packets;
  if (!memory.transmit) {
    memory.transmit.emplace();
    memory.transmit->sent = sent;
    memory.transmit->moved = now;
  }
  TransmitMemory& transmit = *memory.transmit;
  const bool moved = std::exchange(transmit.sent, sent) != sent;
  const bool waits = link.backlog && link.backlog->packets > 0;
  if (moved) transmit.moved = now;
  if (!waits) {
    transmit.waiting_since.reset();
  } else if (moved || !transmit.waiting_since) {
    transmit.waiting_since = now;
  }
  const bool waits_long = transmit.waiting_since && now - *transmit.waiting_since >= limits.stall;
  const bool timed_out = transmit.timed_out && *transmit.timed_out > transmit.moved;
  Judge(transmit, waits_long || timed_out, now, limits.clear);
}

void TakeSettings(LinkSettings& first, const IpoibLink& link) {
  // It is set up first: a new interface has the driver's defaults until then.
  if (!link.Up()) return;
  if (!first.mode) first.mode = link.mode;
  if (!first.mtu && link.mtu != 0) first.mtu = link.mtu;
  if (!first.p_key) first.p_key = link.p_key;
}

}  // namespace

void RememberLinks(HostState& state, const HostSnapshot& snapshot, const Settings& settings) {
  const Limits limits = LimitsOf(settings);
  const SteadyTime now = snapshot.taken_steady;
  const NewEvents news = EventsSince(state, snapshot);
  const bool overrun = std::ranges::any_of(
      news.events, [](const HostEvent* e) { return e->kind == HostEventKind::kNetlinkOverrun; });
  TakeEvents(state, news, limits);
  if (!snapshot.Saw(HostPart::kInterfaces)) return;
  for (const IpoibLink& link : snapshot.links) {
    LinkMemory& memory = state.links[link.name];
    memory.seen = now;
    TakeSettings(memory.first, link);
    TakeCarrier(memory, link, news.lost || overrun, now, limits);
    TakeQueue(memory, link, now, limits);
  }
  std::erase_if(state.links, [&](const auto& entry) { return now - entry.second.seen > kForgetLink; });
}

}  // namespace aftershock::rules

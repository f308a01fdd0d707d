#include "probes/host/timeline.h"

#include <catch2/catch.hpp>

#include "tests/fakes/fake_clock.h"

namespace aftershock::host {
namespace {

HostEvent Of(HostEventKind kind, std::string device, std::uint8_t port) {
  HostEvent event;
  event.kind = kind;
  event.device = std::move(device);
  event.port = port;
  return event;
}

constexpr std::uint32_t Bit(HostEventKind kind) {
  return 1u << static_cast<unsigned>(kind);
}

TEST_CASE("Events are numbered without gaps, and counted when they are no longer kept", "[host][unit]") {
  fake::FakeClock clock;
  Timeline timeline(clock);
  for (std::size_t i = 0; i < Timeline::kCapacity + 10; ++i) {
    timeline.Add(Of(HostEventKind::kPortErr, "mlx5_0", 1));
  }
  HostSnapshot snapshot;
  timeline.CopyTo(snapshot);
  CHECK(snapshot.events.size() == Timeline::kCapacity);
  CHECK(snapshot.events.front().sequence == 11);
  CHECK(snapshot.events_seen == Timeline::kCapacity + 10);
  CHECK(snapshot.event_counts.at({HostEventKind::kPortErr, "mlx5_0:1"}) == Timeline::kCapacity + 10);
}

TEST_CASE("The last event of a kind is told by port", "[host][unit]") {
  fake::FakeClock clock;
  Timeline timeline(clock);
  timeline.Add(Of(HostEventKind::kSmChange, "mlx5_0", 1));
  timeline.Add(Of(HostEventKind::kSmChange, "mlx5_0", 2));
  timeline.Add(Of(HostEventKind::kPortErr, "mlx5_0", 1));
  CHECK(timeline.LastOf(Bit(HostEventKind::kSmChange), {"mlx5_0", 1}) == 1);
  CHECK(timeline.LastOf(Bit(HostEventKind::kSmChange) | Bit(HostEventKind::kPortErr), {"mlx5_0", 1}) == 3);
  CHECK(timeline.LastOf(Bit(HostEventKind::kLidChange), {"mlx5_0", 1}) == 0);
}

}  // namespace
}  // namespace aftershock::host

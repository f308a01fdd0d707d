#include "probes/host/p_key_cache.h"

#include <catch2/catch.hpp>

#include "tests/fakes/fake_clock.h"

namespace aftershock::host {
namespace {

HostEvent At(HostEventKind kind, std::string device, std::uint8_t port) {
  HostEvent event;
  event.kind = kind;
  event.device = std::move(device);
  event.port = port;
  return event;
}

struct World {
  fake::FakeClock clock;
  Timeline timeline{clock};
  PKeyCache cache{timeline};

  // One look at the adapter, which has these P_Keys now; what the snapshot shows of them.
  std::vector<std::uint16_t> Look(std::vector<std::uint16_t> now, bool events_seen = true) {
    const bool read = cache.Wants("mlx5_0", events_seen);
    reads += read ? 1 : 0;
    Hca hca;
    hca.name = "mlx5_0";
    hca.ports.resize(1);
    hca.ports[0].num = 1;
    if (read) hca.ports[0].p_keys = std::move(now);
    cache.Apply(hca, read);
    return hca.ports[0].p_keys;
  }
  int reads = 0;
};

TEST_CASE("A P_Key table that nothing changed is read once and shown always", "[host][unit]") {
  World world;
  for (int i = 0; i < 10; ++i) CHECK(world.Look({0xffff}) == std::vector<std::uint16_t>{0xffff});
  CHECK(world.reads == 1);
}

TEST_CASE("An event of the adapter has its P_Key tables read again", "[host][unit]") {
  World world;
  world.Look({0xffff});
  const auto [device, kind, read] = GENERATE(std::tuple{"mlx5_0", HostEventKind::kPkeyChange, true},
                                             std::tuple{"mlx5_0", HostEventKind::kClientReregister, true},
                                             std::tuple{"mlx5_0", HostEventKind::kLidChange, false},
                                             std::tuple{"mlx5_1", HostEventKind::kPkeyChange, false});
  world.timeline.Add(At(kind, device, 1));
  CHECK((world.Look({0x8001}) == std::vector<std::uint16_t>{0x8001}) == read);
}

TEST_CASE("Without events the P_Key tables are read in every look", "[host][unit]") {
  World world;
  world.Look({0xffff}, false);
  CHECK(world.Look({0x8001}, false) == std::vector<std::uint16_t>{0x8001});
}

}  // namespace
}  // namespace aftershock::host

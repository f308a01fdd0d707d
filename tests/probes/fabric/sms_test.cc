// Subnet managers as the sweep sees them.
#include <catch2/catch.hpp>

#include "world.h"

namespace aftershock::fabric {
namespace {

using mad::Attribute;
using namespace std::chrono_literals;

void RunStandby(fake::FakeNode& node, std::uint8_t port, std::uint8_t priority) {
  node.sm =
      SmInfo{.guid = node.At(port).guid, .activity = 9, .priority = priority, .state = SmState::kStandby};
  node.At(port).info.capability_mask |= kCapIsSm;
}

}  // namespace

TEST_CASE("Every port with an SM is asked for what it says of itself, in every sweep", "[fabric][sm]") {
  TreeWorld world;
  auto& master = *world.tree.hosts[0];
  auto& standby = *world.tree.hosts[3];
  auto& on_switch = *world.tree.spines[0];
  RunStandby(standby, 2, 5);
  RunStandby(on_switch, 0, 1);
  for (int i = 0; i < 2; ++i) {
    const auto s = world.Sweep();
    REQUIRE(s->sms.size() == 3);
    CHECK(std::ranges::is_sorted(s->sms, {}, &SmSeen::port));
    for (const SmSeen& sm : s->sms) {
      CHECK(sm.answer == Answer::kAnswered);
      REQUIRE(sm.info);
      CHECK(sm.info->guid == sm.port_guid);
    }
    const auto seen = std::ranges::find(s->sms, PortKey{standby.guid, 2}, &SmSeen::port);
    REQUIRE(seen != s->sms.end());
    CHECK(seen->lid == standby.At(2).info.lid);
    CHECK(seen->info->priority == 5);
    CHECK(seen->info->state == SmState::kStandby);
    CHECK(s->sm.info->guid == master.At(1).guid);
  }
}

TEST_CASE("An SM's port without a LID is asked by its route", "[fabric][sm]") {
  TreeWorld world;
  auto& standby = *world.tree.hosts[3];
  RunStandby(standby, 2, 5);
  standby.At(2).info.lid = Lid{};
  const auto s = world.Sweep();
  const auto seen = std::ranges::find(s->sms, PortKey{standby.guid, 2}, &SmSeen::port);
  REQUIRE(seen != s->sms.end());
  CHECK(seen->info);
}

TEST_CASE("An SM that is stopped is one time-out, and its port is in the list", "[fabric][sm]") {
  TreeWorld world;
  world.net.undelivered = fake::FakeFabric::Undelivered::kNever;
  world.Sweep();
  world.tree.hosts[0]->misbehaviours.push_back({.attribute = Attribute::kSmInfo});
  const auto s = world.Sweep();
  CHECK(s->sweep.complete);
  CHECK(s->sm.answer == Answer::kTimeout);
  REQUIRE(s->sms.size() == 1);
  CHECK(s->sms[0].answer == Answer::kTimeout);
  CHECK_FALSE(s->sms[0].info);
  CHECK(s->sweep.duration < 1500ms);
}

TEST_CASE("A port that no longer says that an SM runs there is asked no more", "[fabric][sm]") {
  TreeWorld world;
  auto& standby = *world.tree.hosts[3];
  RunStandby(standby, 2, 5);
  CHECK(world.Sweep()->sms.size() == 2);
  standby.At(2).info.capability_mask &= ~kCapIsSm;
  CHECK(world.Sweep()->sms.size() == 1);
}

}  // namespace aftershock::fabric

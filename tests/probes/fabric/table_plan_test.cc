// Which tables a sweep reads anew, and how it tells that they stand still.
#include <catch2/catch.hpp>
#include <set>

#include "probes/fabric/sm_pulse.h"
#include "probes/fabric/table_plan.h"
#include "probes/mad/wire.h"
#include "world.h"

namespace aftershock::fabric {
namespace {

using mad::Attribute;
using namespace std::chrono_literals;

constexpr std::uint8_t kElsewhere = 0xfd;

// 40 switches of which each takes a hundred MADs: more than one sweep's budget.
struct LargeWorld : TreeWorld {
  LargeWorld() : TreeWorld({.spines = 2, .leaf_pairs = 19, .hosts_per_pair = 2, .host_ports = 1}) {
    Spread();
  }
  void Spread() {
    for (auto& node : net.nodes()) {
      if (node.IsSwitch()) node.switch_info.linear_fdb_top = 6'399;
    }
  }
};

std::uint64_t LinearAsked(const World& world, fake::FakeFabric& net) {
  static_cast<void>(world);
  std::uint64_t asked = 0;
  for (auto& node : net.nodes()) asked += node.Asked(MadClass::kSmp, Attribute::kLinearForwardingTable);
  return asked;
}

void Forget(fake::FakeFabric& net) {
  for (auto& node : net.nodes()) node.ForgetWhatWasAsked();
}

std::size_t SwitchesRead(fake::FakeFabric& net) {
  return static_cast<std::size_t>(std::ranges::count_if(net.nodes(), [](const fake::FakeNode& node) {
    return node.Asked(MadClass::kSmp, Attribute::kLinearForwardingTable) > 0;
  }));
}

const TableReading<LinearTable>& LinearOf(const FabricSnapshot& snapshot, const fake::FakeNode& node) {
  return NodeOf(snapshot, node).tables.linear;
}

bool AnyUnstable(const FabricSnapshot& snapshot) {
  return std::ranges::any_of(snapshot.nodes, [](const Node& node) {
    return node.tables.linear.unstable || node.tables.multicast.unstable || node.tables.sl_to_vl.unstable;
  });
}

// Calls `change` before every so-many-th question for a linear table.
void WhileReading(fake::FakeFabric& net, std::uint32_t every, std::function<void()> change) {
  net.before_request = [every, change, asked = 0u](const mad::RequestMad& mad) mutable {
    const auto attribute = mad::wire::Load<std::uint16_t>(mad.bytes(), mad::wire::kAttribute);
    if (static_cast<Attribute>(attribute) != Attribute::kLinearForwardingTable) return;
    if (++asked % every == 0) change();
  };
}

}  // namespace

TEST_CASE("A small fabric is read whole in every sweep, and keeps the tables that read the same",
          "[fabric][tables]") {
  TreeWorld world;
  const auto first = world.Sweep();
  Forget(world.net);
  const auto second = world.Sweep();
  CHECK_FALSE(second->sweep.full);
  CHECK(SwitchesRead(world.net) == 6);
  for (const auto* leaf : world.tree.leaves) {
    CHECK(LinearOf(*second, *leaf).table == LinearOf(*first, *leaf).table);
    CHECK(LinearOf(*second, *leaf).sweep == 2);
  }
}

TEST_CASE("Of a large fabric where nothing changes no more than a share is read anew", "[fabric][tables]") {
  LargeWorld world;
  const auto first = world.Sweep();
  Forget(world.net);
  const auto s = world.Sweep();
  CHECK(SwitchesRead(world.net) >= 40 / 16);
  CHECK(LinearAsked(world, world.net) <= TablePlan::kRollingBudget);
  for (const auto* leaf : world.tree.leaves)
    CHECK(LinearOf(*s, *leaf).table == LinearOf(*first, *leaf).table);
}

TEST_CASE("A changed entry is found within sixteen sweeps although nothing tells of it", "[fabric][tables]") {
  LargeWorld world;
  for (auto& node : world.net.nodes()) node.switch_info.linear_fdb_top = 0xbfff;  // dearer than the budget
  world.Sweep();
  auto& leaf = *world.tree.leaves[17];
  leaf.linear[5] = kElsewhere;
  int sweeps = 0;
  for (; sweeps < 16; ++sweeps) {
    const auto s = world.Sweep();
    if (LinearOf(*s, leaf).table->ExitOf(Lid{5}) != kElsewhere) continue;
    CHECK_FALSE(AnyUnstable(*s));
    break;
  }
  CHECK(sweeps < 16);
}

TEST_CASE("A change that nothing explains has every table read in the same sweep", "[fabric][tables]") {
  LargeWorld world;
  world.Sweep();
  for (auto* leaf : world.tree.leaves) leaf->linear[5] = kElsewhere;
  const auto s = world.Sweep();
  for (const auto* leaf : world.tree.leaves) CHECK(LinearOf(*s, *leaf).table->ExitOf(Lid{5}) == kElsewhere);
  CHECK_FALSE(AnyUnstable(*s));
}

TEST_CASE("The switch that reports a change is read in that sweep", "[fabric][tables]") {
  LargeWorld world;
  world.Sweep();
  auto& leaf = *world.tree.leaves[17];
  leaf.switch_info.state_change = true;
  leaf.linear[5] = kElsewhere;
  CHECK(LinearOf(*world.Sweep(), leaf).table->ExitOf(Lid{5}) == kElsewhere);
}

TEST_CASE("A table whose size has changed is read in that sweep", "[fabric][tables]") {
  LargeWorld world;
  world.Sweep();
  auto& leaf = *world.tree.leaves[17];
  leaf.switch_info.linear_fdb_top = 7000;
  CHECK(LinearOf(*world.Sweep(), leaf).table->exit.size() == 7001);
}

TEST_CASE("After a topology change every table is read anew", "[fabric][tables]") {
  LargeWorld world;
  world.Sweep();
  Forget(world.net);
  world.net.Unplug(*world.tree.hosts[7], 1);
  CHECK(world.Sweep()->sweep.full);
  CHECK(SwitchesRead(world.net) == 40);
}

TEST_CASE("An SM that did more than look has every table read anew", "[fabric][tables]") {
  LargeWorld world;
  world.Sweep();
  Forget(world.net);
  auto& sm = *world.tree.hosts[0]->sm;
  SECTION("a light sweep is no reason") {
    sm.activity += 40;
    world.Sweep();
    CHECK(SwitchesRead(world.net) < 40);
  }
  SECTION("a heavy one is") {
    sm.activity += 1000;
    world.Sweep();
    CHECK(SwitchesRead(world.net) == 40);
  }
  SECTION("another SM is") {
    sm.guid = Guid{0x77};
    world.Sweep();
    CHECK(SwitchesRead(world.net) == 40);
  }
}

TEST_CASE("An entry that is written while the table is read is read once more, and stands",
          "[fabric][tables]") {
  TreeWorld world;
  world.Sweep();
  auto& leaf = *world.tree.leaves[2];
  int writes = 0;
  WhileReading(world.net, 3, [&] {
    if (++writes == 1) leaf.linear[5] = kElsewhere;
  });
  world.Sweep();
  const auto s = world.Sweep();
  CHECK(LinearOf(*s, leaf).table->exit == leaf.linear);
  CHECK_FALSE(AnyUnstable(*s));
}

TEST_CASE("A table that never stands still is marked, and read again by the next sweep", "[fabric][tables]") {
  LargeWorld world;
  world.Sweep();
  auto& leaf = *world.tree.leaves[2];
  leaf.switch_info.state_change = true;
  std::uint8_t now = 0;
  WhileReading(world.net, 1, [&] { leaf.linear[5] = ++now; });
  const auto restless = world.Sweep();
  CHECK(LinearOf(*restless, leaf).unstable);
  CHECK_FALSE(LinearOf(*restless, *world.tree.leaves[9]).unstable);
  CHECK(restless->sweep.complete);
  world.net.before_request = nullptr;
  leaf.switch_info.state_change = false;
  const auto s = world.Sweep();
  CHECK_FALSE(LinearOf(*s, leaf).unstable);
  CHECK(LinearOf(*s, leaf).table->exit[5] == now);
}

TEST_CASE("While the SM is at work every table is marked", "[fabric][tables]") {
  LargeWorld world;
  auto& sm = *world.tree.hosts[0]->sm;
  WhileReading(world.net, 10, [&] { sm.activity += 30; });
  const auto s = world.Sweep();
  for (const auto* leaf : world.tree.leaves) CHECK(LinearOf(*s, *leaf).unstable);
  world.net.before_request = nullptr;
  CHECK_FALSE(AnyUnstable(*world.Sweep()));
}

TEST_CASE("Without an SM that answers a first reading is compared with a second", "[fabric][tables]") {
  TreeWorld world;
  world.tree.hosts[0]->sm.reset();
  auto& leaf = *world.tree.leaves[2];
  const auto s = world.Sweep();
  CHECK(LinearOf(*s, leaf).table->exit == leaf.linear);
  CHECK(leaf.Asked(MadClass::kSmp, Attribute::kLinearForwardingTable) == 2);
  CHECK_FALSE(AnyUnstable(*s));
}

TEST_CASE("A sweep whose deadline comes among the tables keeps what it has, and goes on in the next",
          "[fabric][tables]") {
  const auto whole = LargeWorld().Sweep();
  LargeWorld world;
  const auto cut = world.Sweep({.deadline = whole->sweep.duration - whole->sweep.tables / 2});
  CHECK_FALSE(cut->sweep.complete);
  CHECK(cut->sweep.coverage.ports_unanswered == 0);
  for (int i = 0; i < 30; ++i) world.Sweep();
  const auto s = world.Sweep();
  for (const auto* leaf : world.tree.leaves) CHECK(LinearOf(*s, *leaf).table);
}

TEST_CASE("Tables and P_Keys outlive a discovery", "[fabric][tables]") {
  LargeWorld world;
  const auto before = world.Sweep();
  world.net.Unplug(*world.tree.hosts[7], 1);
  auto& leaf = *world.tree.leaves[30];
  leaf.misbehaviours.push_back({.attribute = Attribute::kLinearForwardingTable});
  const auto s = world.Sweep();
  CHECK(s->sweep.full);
  CHECK(LinearOf(*s, leaf).table == LinearOf(*before, leaf).table);
  CHECK(LinearOf(*s, leaf).sweep == 1);
}

TEST_CASE("Activity counts wrap around, and an SM that is always busy is believed less",
          "[fabric][tables][unit]") {
  const auto at = [](std::uint32_t activity, int seconds) {
    return SmPulse{Guid{1}, activity, SteadyTime(std::chrono::seconds(seconds))};
  };
  ActivityJudge judge;
  CHECK_FALSE(judge.Busy(at(0xffffffff, 0), at(100, 1), 100));
  CHECK(judge.Busy(at(0xffffffff, 0), at(1000, 1), 100));
  CHECK_FALSE(judge.Busy(at(0, 0), at(1000, 60), 200));
  judge.Learn(false);
  judge.Learn(false);
  judge.Learn(false);
  CHECK_FALSE(judge.Busy(at(0, 0), at(1000, 1), 100));
  judge.Learn(true);
  CHECK(judge.Busy(at(0, 0), at(1000, 1), 100));
}

}  // namespace aftershock::fabric

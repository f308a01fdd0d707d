// Forwarding, SL-to-VL and P_Key tables as one sweep reads them.
#include <catch2/catch.hpp>

#include "world.h"

namespace aftershock::fabric {
namespace {

using fake::Misdeed;
using mad::Attribute;

PortSet Ports(std::initializer_list<std::size_t> ports) {
  PortSet set;
  for (const std::size_t port : ports) set.set(port);
  return set;
}

const SwitchTables& TablesOf(const FabricSnapshot& snapshot, const fake::FakeNode& node) {
  return NodeOf(snapshot, node).tables;
}

SlToVlTable::Row Row(std::uint8_t vl) {
  SlToVlTable::Row row{};
  row.fill(vl);
  return row;
}

void AllowSeveralVls(fake::FakeNode& node) {
  node.At(0).info.capability_mask |= kCapSlMapping;
}

}  // namespace

TEST_CASE("The first sweep reads every switch's linear table up to its top", "[fabric][tables]") {
  TreeWorld world;
  const auto s = world.Sweep();
  for (auto* leaf : {world.tree.leaves[0], world.tree.leaves[3], world.tree.spines[1]}) {
    const auto& linear = TablesOf(*s, *leaf).linear;
    REQUIRE(linear.table);
    CHECK(linear.answer == Answer::kAnswered);
    CHECK(linear.sweep == 1);
    CHECK_FALSE(linear.unstable);
    CHECK(linear.table->exit == leaf->linear);
    CHECK(linear.table->ExitOf(leaf->At(0).info.lid) == 0);
  }
  CHECK(s->sweep.table_mads > 0);
  CHECK(s->sweep.complete);
}

TEST_CASE("A linear table is read as far as it goes and not beyond its capacity", "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  leaf.switch_info.linear_fdb_top = 0xffff;
  SECTION("up to the last unicast LID") {
    leaf.switch_info.linear_fdb_cap = 0xffff;
    CHECK(TablesOf(*world.Sweep(), leaf).linear.table->exit.size() == 0xc000);
    CHECK(leaf.Asked(MadClass::kSmp, Attribute::kLinearForwardingTable) == 768);
  }
  SECTION("up to what it holds") {
    leaf.switch_info.linear_fdb_cap = 100;
    CHECK(TablesOf(*world.Sweep(), leaf).linear.table->exit.size() == 100);
    CHECK(leaf.Asked(MadClass::kSmp, Attribute::kLinearForwardingTable) == 2);
  }
  SECTION("not at all where there is none") {
    leaf.switch_info.linear_fdb_cap = 0;
    const auto s = world.Sweep();
    CHECK(TablesOf(*s, leaf).linear.answer == Answer::kUnsupported);
    CHECK_FALSE(TablesOf(*s, leaf).linear.table);
  }
}

TEST_CASE("A multicast table has the groups that lead to a port, of all its ports", "[fabric][tables]") {
  TreeWorld world({.spines = 20, .leaf_pairs = 1, .hosts_per_pair = 20});
  auto& leaf = *world.tree.leaves[0];
  leaf.multicast[0xc000] = Ports({0, 1, 15, 16, 31, 32, 40});
  leaf.multicast[0xc003] = Ports({7});
  const auto s = world.Sweep();
  CHECK(TablesOf(*s, leaf).multicast.table->groups == leaf.multicast);
  CHECK(TablesOf(*s, *world.tree.leaves[1]).multicast.table->groups.empty());
}

TEST_CASE("Multicast tables are read as far as any switch uses its own", "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  auto& other = *world.tree.leaves[1];
  for (std::uint16_t mlid = 0xc000; mlid < 0xc000 + 200; ++mlid) leaf.multicast[mlid] = Ports({1});
  other.multicast[0xc000 + 150] = Ports({2});
  const auto s = world.Sweep();
  CHECK(TablesOf(*s, leaf).multicast.table->groups == leaf.multicast);
  CHECK(TablesOf(*s, other).multicast.table->groups == other.multicast);
  CHECK_FALSE(TablesOf(*s, other).multicast.unstable);
  CHECK(other.Asked(MadClass::kSmp, Attribute::kMulticastForwardingTable) < 60);
}

TEST_CASE("A switch that says how far its multicast table goes is asked no further", "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  leaf.At(0).info.capability_mask |= kCapMulticastFdbTop;
  leaf.switch_info.multicast_fdb_top = 0xbfff;  // nothing in it
  const auto s = world.Sweep();
  CHECK(TablesOf(*s, leaf).multicast.answer == Answer::kAnswered);
  CHECK(TablesOf(*s, leaf).multicast.table->groups.empty());
  CHECK(leaf.Asked(MadClass::kSmp, Attribute::kMulticastForwardingTable) == 0);
}

TEST_CASE("SL-to-VL tables are read pair by pair of linked ports where several VLs are in use",
          "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  auto& other = *world.tree.leaves[1];
  AllowSeveralVls(leaf);
  AllowSeveralVls(other);
  for (auto& port : other.ports) port.info.operational_vls = 1;
  leaf.sl_to_vl[{1, 2}] = Row(3);
  const auto s = world.Sweep();
  const auto& read = TablesOf(*s, leaf).sl_to_vl;
  REQUIRE(read.table);
  CHECK(read.table->vl.at({1, 2}) == Row(3));
  CHECK(read.table->vl.size() == 6 * 5);  // four hosts and two spines
  CHECK(TablesOf(*s, other).sl_to_vl.answer == Answer::kNotAsked);
  CHECK_FALSE(TablesOf(*s, other).sl_to_vl.table);
  CHECK(other.Asked(MadClass::kSmp, Attribute::kSlToVlMappingTable) == 0);
}

TEST_CASE("One answer for all incoming ports is taken where the switch can give it, and checked",
          "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  AllowSeveralVls(leaf);
  leaf.switch_info.optimised_sl_to_vl = true;
  SECTION("it holds") {
    const auto s = world.Sweep();
    CHECK(TablesOf(*s, leaf).sl_to_vl.table->vl.size() == 6 * 5);
    CHECK(leaf.Asked(MadClass::kSmp, Attribute::kSlToVlMappingTable) == 2 * 6);
  }
  SECTION("it does not hold for every port") {
    for (std::uint8_t in = 1; in <= 6; ++in) leaf.sl_to_vl[{in, 2}] = Row(in);
    const auto s = world.Sweep();
    for (std::uint8_t in = 1; in <= 6; ++in) {
      if (in != 2) CHECK(TablesOf(*s, leaf).sl_to_vl.table->vl.at({in, 2}) == Row(in));
    }
  }
  SECTION("it is refused after all") {
    leaf.misbehaviours.push_back({.misdeed = Misdeed::kStatus,
                                  .attribute = Attribute::kSlToVlMappingTable,
                                  .port = 0x20001,
                                  .status = 0x1c});
    CHECK(TablesOf(*world.Sweep(), leaf).sl_to_vl.table->vl.size() == 6 * 5);
  }
}

TEST_CASE("P_Keys are read of port 0, of adapters' ports and of switch ports that enforce",
          "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  auto& host = *world.tree.hosts[1];
  leaf.At(0).p_keys = {0xffff, 0, 0x8001};
  leaf.At(2).info.enforces_out = true;
  leaf.At(2).p_keys = {0x8002};
  host.At(1).p_keys = {0x7fff, 0x8001};
  host.At(2).p_keys = {0xffff};
  const auto s = world.Sweep();
  using Keys = std::vector<std::uint16_t>;
  CHECK(PortOf(*s, leaf, 0).partitions.keys == Keys{0xffff, 0x8001});
  CHECK(PortOf(*s, leaf, 2).partitions.keys == Keys{0x8002});
  CHECK_FALSE(PortOf(*s, leaf, 1).partitions.keys);
  CHECK(PortOf(*s, leaf, 1).partitions.answer == Answer::kNotAsked);
  CHECK(PortOf(*s, host, 1).partitions.keys == Keys{0x7fff, 0x8001});
  CHECK(PortOf(*s, host, 2).partitions.keys == Keys{0xffff});
}

TEST_CASE("A P_Key table that fills its first block is read on", "[fabric][tables]") {
  TreeWorld world;
  auto& host = *world.tree.hosts[1];
  host.At(1).p_keys.clear();
  for (std::uint16_t key = 1; key <= 70; ++key)
    host.At(1).p_keys.push_back(static_cast<std::uint16_t>(0x8000 | key));
  CHECK(PortOf(*world.Sweep(), host, 1).partitions.keys == host.At(1).p_keys);
}

TEST_CASE("Whether a switch routes adaptively is asked of those that may know, once", "[fabric][tables]") {
  TreeWorld world;
  auto& on = *world.tree.leaves[0];
  auto& ignorant = *world.tree.leaves[1];
  auto& mute = *world.tree.leaves[2];
  auto& stranger = *world.tree.leaves[3];
  on.adaptive = true;
  mute.misbehaviours.push_back({.attribute = Attribute::kMlnxAdaptiveRoutingInfo});
  stranger.vendor_id = 0x00066a;
  auto s = world.Sweep();
  CHECK(TablesOf(*s, on).adaptive == true);
  CHECK_FALSE(TablesOf(*s, ignorant).adaptive.has_value());
  for (int i = 0; i < 5; ++i) s = world.Sweep();
  CHECK_FALSE(TablesOf(*s, mute).adaptive.has_value());
  CHECK(NodeOf(*s, mute).lost == 0);
  CHECK(ignorant.Asked(MadClass::kSmp, Attribute::kMlnxAdaptiveRoutingInfo) == 1);
  CHECK(mute.Asked(MadClass::kSmp, Attribute::kMlnxAdaptiveRoutingInfo) == 3);
  CHECK(stranger.Asked(MadClass::kSmp, Attribute::kMlnxAdaptiveRoutingInfo) == 0);
}

TEST_CASE("Of a switch that does not answer the last table stands, and the sweep is complete",
          "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  const auto before = world.Sweep();
  leaf.misbehaviours.push_back({.attribute = Attribute::kLinearForwardingTable});
  leaf.linear[3] = 0xfe;
  const auto s = world.Sweep();
  CHECK(TablesOf(*s, leaf).linear.answer == Answer::kTimeout);
  CHECK(TablesOf(*s, leaf).linear.table == TablesOf(*before, leaf).linear.table);
  CHECK(s->sweep.complete);
  leaf.misbehaviours.clear();
  CHECK(TablesOf(*world.Sweep(), leaf).linear.table->exit == leaf.linear);
}

TEST_CASE("A switch whose table was never answered has none", "[fabric][tables]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  leaf.misbehaviours.push_back(
      {.misdeed = Misdeed::kStatus, .attribute = Attribute::kMulticastForwardingTable, .status = 0x000c});
  leaf.misbehaviours.push_back(
      {.misdeed = Misdeed::kStatus, .attribute = Attribute::kPKeyTable, .status = 0x001c});
  const auto s = world.Sweep();
  CHECK(TablesOf(*s, leaf).multicast.answer == Answer::kUnsupported);
  CHECK_FALSE(TablesOf(*s, leaf).multicast.table);
  CHECK(PortOf(*s, leaf, 0).partitions.answer == Answer::kUnsupported);
  CHECK(TablesOf(*s, leaf).linear.answer == Answer::kAnswered);
}

TEST_CASE("A switch that has fallen silent says so for its tables, and keeps them", "[fabric][tables]") {
  TreeWorld world({.host_ports = 1});
  const auto before = world.Sweep();
  auto& leaf = *world.tree.leaves[2];
  leaf.forwards = false;
  leaf.misbehaviours.push_back({});
  const auto s = world.Sweep();
  CHECK(TablesOf(*s, leaf).linear.answer == Answer::kTimeout);
  CHECK(TablesOf(*s, leaf).linear.table == TablesOf(*before, leaf).linear.table);
}

TEST_CASE("Nonsense in tables is read and nothing else happens", "[fabric][tables][hostile]") {
  TreeWorld world;
  for (auto& node : world.net.nodes()) {
    for (const auto attribute : {Attribute::kLinearForwardingTable, Attribute::kMulticastForwardingTable,
                                 Attribute::kPKeyTable, Attribute::kSlToVlMappingTable}) {
      node.misbehaviours.push_back({.misdeed = Misdeed::kNonsense, .attribute = attribute, .percent = 60});
    }
    if (node.IsSwitch()) AllowSeveralVls(node);
  }
  for (int i = 0; i < 3; ++i) {
    const auto s = world.Sweep();
    CHECK(s->sweep.complete);
    CHECK(s->sweep.table_mads < 40'000);
  }
}

}  // namespace aftershock::fabric

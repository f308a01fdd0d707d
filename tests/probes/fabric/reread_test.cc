#include <catch2/catch.hpp>

#include "world.h"

using namespace aftershock;
using namespace aftershock::fabric;
using fake::Misdeed;
using mad::Attribute;
using namespace std::chrono_literals;

namespace {

// Without tables, whose bound is of its own, and the few questions to the SA.
double MadsPerPort(const World& world, const FabricSnapshot& s) {
  const std::uint64_t others =
      s.sweep.table_mads + s.sweep.mads[static_cast<std::size_t>(MadClass::kSa)].sent;
  return static_cast<double>(world.SentBy(s) - others) / s.sweep.coverage.ports_expected;
}

}  // namespace

TEST_CASE("A steady sweep re-reads without discovering", "[fabric][steady]") {
  TreeWorld world;
  world.Sweep();
  const auto s = world.Sweep();
  CHECK_FALSE(s->sweep.full);
  CHECK(s->sweep.complete);
  CHECK(s->sweep.number == 2);
  CHECK(s->sweep.coverage.ports_answered == 48);
}

TEST_CASE("With 64-bit error counters a steady sweep asks at most 1.6 MADs per linked port",
          "[fabric][load]") {
  TreeWorld world({.spines = 6, .leaf_pairs = 3, .hosts_per_pair = 30, .cables_per_spine = 2});
  for (auto& node : world.net.nodes()) node.pma.capability_mask2 |= kPmaExtendedErrors;
  world.Sweep();
  double worst = 0;
  for (int i = 0; i < 130; ++i) worst = std::max(worst, MadsPerPort(world, *world.Sweep()));
  CHECK(worst <= 1.6);
  CHECK(world.tree.leaves[0]->Asked(MadClass::kPma, Attribute::kPortCounters) == 0);
}

TEST_CASE("With both register sets a steady sweep asks at most 2.6 MADs per linked port", "[fabric][load]") {
  TreeWorld world({.spines = 6, .leaf_pairs = 3, .hosts_per_pair = 30, .cables_per_spine = 2});
  for (auto& node : world.net.nodes()) node.pma.capability_mask2 &= ~kPmaExtendedErrors;
  world.Sweep();
  double worst = 0;
  for (int i = 0; i < 130; ++i) worst = std::max(worst, MadsPerPort(world, *world.Sweep()));
  CHECK(worst <= 2.6);
}

TEST_CASE("Tables cost a steady sweep of a small fabric no more than their budget", "[fabric][load]") {
  TreeWorld world({.spines = 6, .leaf_pairs = 3, .hosts_per_pair = 30, .cables_per_spine = 2});
  world.Sweep();
  for (int i = 0; i < 20; ++i) CHECK(world.Sweep()->sweep.table_mads <= 2'000);
}

TEST_CASE("A pulled cable is seen by the next sweep, and its return by the one after", "[fabric][change]") {
  TreeWorld world;
  world.Sweep();
  world.Sweep();
  auto& host = *world.tree.hosts[5];
  world.net.Unplug(host, 2);
  const auto pulled = world.Sweep();
  CHECK(CountCables(*pulled) == 23);
  CHECK(pulled->nodes.size() == 14);
  world.net.Plug(host, 2);
  CHECK(CountCables(*world.Sweep()) == 24);
}

TEST_CASE("A switch that was taken out is gone with the next sweep, and back with the one after",
          "[fabric][change]") {
  TreeWorld world;
  world.Sweep();
  auto& spine = *world.tree.spines[1];
  world.net.UnplugAll(spine);
  const auto without = world.Sweep();
  CHECK(without->FindNode(spine.guid) == nullptr);
  CHECK(without->sweep.complete);
  CHECK(without->sweep.coverage.nodes_unanswered == 0);
  for (std::uint8_t p = 1; p <= spine.num_ports(); ++p) world.net.Plug(spine, p);
  CHECK(world.Sweep()->FindNode(spine.guid) != nullptr);
}

TEST_CASE("A switch that falls silent stays in the picture, with all that only it leads to",
          "[fabric][silence]") {
  TreeWorld world({.host_ports = 1});
  world.Sweep();
  auto& leaf = *world.tree.leaves[2];  // of the second pair: its hosts hang on it alone
  leaf.forwards = false;
  leaf.misbehaviours.push_back({.misdeed = Misdeed::kSilent});
  const auto s = world.Sweep();
  CHECK(s->sweep.coverage.nodes_expected == 14);
  CHECK(NodeOf(*s, leaf).answer == Answer::kTimeout);
  CHECK(s->sweep.coverage.nodes_unanswered == 1 + 4);
  CHECK(s->sweep.duration < 5s);

  const auto still = world.Sweep();
  CHECK_FALSE(still->sweep.full);
  CHECK(still->sweep.coverage.nodes_unanswered == 5);

  leaf.misbehaviours.clear();
  leaf.forwards = true;
  const auto back = world.Sweep();
  CHECK(back->sweep.coverage.nodes_unanswered == 0);
  CHECK(back->sweep.coverage.nodes_answered == 14);
}

TEST_CASE("A node that stays silent is asked less and less often", "[fabric][silence]") {
  TreeWorld world({.host_ports = 1});
  world.Sweep();
  auto& host = *world.tree.hosts[4];
  host.misbehaviours.push_back({.misdeed = Misdeed::kSilent});
  for (int i = 0; i < 40; ++i) world.Sweep();
  host.ForgetWhatWasAsked();
  for (int i = 0; i < 64; ++i) world.Sweep();
  CHECK(host.requests > 0);
  CHECK(host.requests <= 16);
}

TEST_CASE("A switch behind a wrong M_Key is not asked again and again", "[fabric][m_key]") {
  TreeWorld world;
  world.tree.spines[1]->misbehaviours.push_back(
      {.misdeed = Misdeed::kSilent, .attribute = Attribute::kPortInfo});
  world.Sweep();
  world.tree.spines[1]->ForgetWhatWasAsked();
  for (int i = 0; i < 10; ++i) CHECK_FALSE(world.Sweep()->sweep.full);
  CHECK(world.tree.spines[1]->Asked(MadClass::kSmp, Attribute::kPortInfo) <= 10);
}

TEST_CASE("The M_Key reaches protected switches", "[fabric][m_key]") {
  TreeWorld world;
  for (auto& node : world.net.nodes()) node.m_key = 0x1122334455667788;
  const auto s = world.Sweep({.m_key = 0x1122334455667788});
  CHECK(s->sweep.complete);
  CHECK(s->sweep.coverage.ports_answered == 48);
}

TEST_CASE("Two hosts that change places are told apart although both links stay up", "[fabric][change]") {
  TreeWorld world({.host_ports = 1});
  world.Sweep();
  auto& a = *world.tree.hosts[2];
  auto& b = *world.tree.hosts[5];
  std::swap(a.guid, b.guid);
  std::swap(a.At(1).guid, b.At(1).guid);
  std::swap(a.At(1).info.lid, b.At(1).info.lid);
  std::swap(a.description, b.description);
  const auto s = world.Sweep();
  CHECK(s->sweep.full);
  const Port& port = PortOf(*s, a, 1);
  const auto& leaf = *a.At(1).peer.node;
  REQUIRE(port.peer);
  CHECK(s->nodes[port.peer->node].guid == leaf.guid);
}

TEST_CASE(
    "Two cables that changed places since the sweep before are seen if the ports counted it or were routed "
    "anew",
    "[fabric][change]") {
  TreeWorld world;
  auto& leaf = *world.tree.leaves[0];
  std::vector<std::uint8_t> up;
  for (const auto& port : leaf.ports) {
    if (port.Carries() && port.peer.node->IsSwitch()) up.push_back(port.num);
  }
  REQUIRE(up.size() == 2);
  world.Sweep();
  world.Sweep();
  const auto one = leaf.At(up[0]).peer, other = leaf.At(up[1]).peer;
  world.net.Cable(leaf, up[0], *other.node, other.port);
  world.net.Cable(leaf, up[1], *one.node, one.port);
  SECTION("LinkDowned") {
    leaf.At(up[0]).registers[Counter::kLinkDowned] = 1;
    leaf.At(up[1]).registers[Counter::kLinkDowned] = 1;
  }
  SECTION("other tables") {
    world.net.Route();
  }
  const auto s = world.Sweep();
  CHECK(s->sweep.complete);
  const Port& port = PortOf(*s, leaf, up[0]);
  REQUIRE(port.peer);
  CHECK(s->nodes[port.peer->node].guid == other.node->guid);
  CHECK_FALSE(world.Sweep()->sweep.full);
}

TEST_CASE("A new LID is taken over before counters are read by it", "[fabric][lid]") {
  TreeWorld world({.host_ports = 1});
  auto& a = *world.tree.hosts[2];
  auto& b = *world.tree.hosts[5];
  a.At(1).registers[Counter::kSymbolErrors] = 100;
  b.At(1).registers[Counter::kSymbolErrors] = 7;
  world.Sweep();
  std::swap(a.At(1).info.lid, b.At(1).info.lid);  // the SM gave LIDs anew
  const auto s = world.Sweep();
  CHECK(PortOf(*s, a, 1).counters[Counter::kSymbolErrors] == 100);
  CHECK(PortOf(*s, b, 1).counters[Counter::kSymbolErrors] == 7);
  CHECK(PortOf(*s, a, 1).counters.resets().empty());
}

TEST_CASE("Losses at one switch are repaired and counted", "[fabric][loss]") {
  TreeWorld world({.spines = 2, .leaf_pairs = 3, .hosts_per_pair = 10});
  auto& spine = *world.tree.spines[0];
  spine.misbehaviours.push_back({.misdeed = Misdeed::kSilent, .percent = 30});
  for (int i = 0; i < 5; ++i) {
    const auto s = world.Sweep();
    CHECK(s->sweep.coverage.ports_unanswered == 0);
    CHECK(NodeOf(*s, spine).lost > 0);
    CHECK(NodeOf(*s, *world.tree.spines[1]).lost == 0);
  }
}

TEST_CASE("A cable that comes up in the middle of a discovery is one cable", "[fabric][change]") {
  TreeWorld world;
  auto& host = *world.tree.hosts[6];
  world.net.Unplug(host, 1);
  int countdown = GENERATE(20, 60, 90, 120, 150, 200);
  world.net.before_request = [&](const mad::RequestMad&) {
    if (--countdown == 0) world.net.Plug(host, 1);
  };
  world.Sweep();
  const auto s = world.Sweep();
  CHECK(CountCables(*s) == 24);
  CHECK(std::ranges::none_of(s->nodes, &Node::duplicate));
}

TEST_CASE("While our own port is down the fabric is unreachable, and its counters go on afterwards",
          "[fabric][own port]") {
  TreeWorld world({.host_ports = 1});
  auto& own = *world.tree.hosts[0];
  auto& leaf = *world.tree.leaves[0];
  leaf.At(1).registers[Counter::kSymbolErrors] = 40;
  world.Sweep();
  leaf.At(1).registers[Counter::kSymbolErrors] = 3;
  world.Sweep();
  world.net.Unplug(own, 1);
  for (int i = 0; i < 2; ++i) {
    const auto blind = world.Sweep();
    CHECK_FALSE(blind->sweep.complete);
    CHECK(blind->sweep.incomplete_because.starts_with("our own port"));
    CHECK(blind->sweep.coverage.nodes_expected == 14);
    CHECK(blind->sweep.coverage.nodes_unanswered == 13);
  }
  world.net.Plug(own, 1);
  const auto back = world.Sweep();
  CHECK(back->sweep.complete);
  CHECK(PortOf(*back, leaf, 1).counters[Counter::kSymbolErrors] == 43);
}

TEST_CASE("The port of an adapter whose switch is gone is known to be down", "[fabric][change]") {
  TreeWorld world;
  world.Sweep();
  auto& leaf = *world.tree.leaves[1];
  auto& host = *world.tree.hosts[2];
  const auto port = static_cast<std::uint8_t>(host.At(1).peer.node == &leaf ? 1 : 2);
  REQUIRE(host.At(port).peer.node == &leaf);
  world.net.UnplugAll(leaf);
  const auto s = world.Sweep();
  CHECK(s->FindNode(leaf.guid) == nullptr);
  REQUIRE(PortOf(*s, host, port).info);
  CHECK_FALSE(PortOf(*s, host, port).Linked());
}

TEST_CASE("A local stack that takes nothing more leaves no complete sweep", "[fabric][own port]") {
  TreeWorld world;
  world.Sweep();
  world.net.send_error = Error{Errc::kInternal, "the adapter was reset"};
  for (int i = 0; i < 2; ++i) {
    const auto deaf = world.Sweep();
    CHECK_FALSE(deaf->sweep.complete);
    CHECK_FALSE(deaf->sweep.incomplete_because.empty());
  }
  world.net.send_error.reset();
  CHECK(world.Sweep()->sweep.complete);
}

TEST_CASE("A link that retrained is read at both ends in the same sweep", "[fabric][change]") {
  TreeWorld world({.host_ports = 1});
  world.Sweep();
  auto& host = *world.tree.hosts[5];
  auto& leaf = *host.At(1).peer.node;
  const std::uint8_t port = host.At(1).peer.port;
  host.At(1).info.width_active = leaf.At(port).info.width_active = fake::kWidth1x;
  const auto s = world.Sweep();
  CHECK(PortOf(*s, host, 1).info->width_active == fake::kWidth1x);
  CHECK(PortOf(*s, leaf, port).info->width_active == fake::kWidth1x);
}

TEST_CASE("Ends that say different things are both read until they agree", "[fabric][change]") {
  TreeWorld world({.host_ports = 1});
  world.Sweep();
  auto& host = *world.tree.hosts[5];
  auto& leaf = *host.At(1).peer.node;
  const std::uint8_t port = host.At(1).peer.port;
  host.At(1).info.width_active = fake::kWidth1x;
  const auto apart = world.Sweep();
  REQUIRE(PortOf(*apart, leaf, port).info->width_active != fake::kWidth1x);
  leaf.At(port).info.width_active = fake::kWidth1x;
  CHECK(PortOf(*world.Sweep(), leaf, port).info->width_active == fake::kWidth1x);
}

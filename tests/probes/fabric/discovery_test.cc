#include <catch2/catch.hpp>

#include "world.h"

using namespace aftershock;
using namespace aftershock::fabric;
using fake::Misdeed;
using namespace std::chrono_literals;

TEST_CASE("The first sweep finds every node, cable and counter of a fat tree", "[fabric][discovery]") {
  TreeWorld world;
  const auto s = world.Sweep();
  CHECK(s->sweep.complete);
  CHECK(s->sweep.full);
  CHECK(s->nodes.size() == 14);      // 2 spines, 4 leaves, 8 hosts
  CHECK(CountCables(*s) == 8 + 16);  // 4 leaves x 2 spines, 8 hosts x 2 ports
  CHECK(s->sweep.coverage.ports_answered == 48);
  CHECK(s->sweep.coverage.ports_unanswered == 0);
  CHECK(s->sweep.coverage.nodes_answered == 14);
  REQUIRE(s->sm.info);
  CHECK(s->sm.info->state == SmState::kMaster);
}

TEST_CASE("A snapshot's nodes are sorted and its cables lead both ways", "[fabric][discovery]") {
  TreeWorld world;
  const auto s = world.Sweep();
  CHECK(std::ranges::is_sorted(s->nodes, {}, &Node::guid));
  std::size_t one_way = 0;
  for (const Node& node : s->nodes) {
    for (const Port& port : node.ports) {
      if (!port.peer) continue;
      const Port* back = s->PeerPort(port);
      REQUIRE(back != nullptr);
      one_way += back->peer && &s->nodes[back->peer->node] == &node && back->peer->port == port.num ? 0 : 1;
    }
  }
  CHECK(one_way == 0);
}

TEST_CASE("A sweep asks a node one thing at a time and the fabric no more than its limits",
          "[fabric][load]") {
  TreeWorld world({.spines = 4, .leaf_pairs = 4, .hosts_per_pair = 16});
  world.Sweep();
  world.Sweep();
  CHECK(world.net.peak_in_flight[0] <= 16);
  CHECK(world.net.peak_in_flight[1] <= 64);
  CHECK(world.net.methods.size() == 1);
  CHECK(world.net.methods.contains(0x01));
}

TEST_CASE("The node-name map overrides a description, which loses its wrapping", "[fabric][names]") {
  World world;
  auto& sw = world.net.AddSwitch(Guid{0x10}, 4, "MF0;core1:MQM8700/U1");
  auto& host = world.net.AddAdapter(Guid{0x20}, 1, std::string("evil\n\"\xff\x1b[31m", 10));
  auto& other = world.net.AddAdapter(Guid{0x30}, 1, "other");
  world.net.Cable(host, 1, sw, 1);
  world.net.Cable(other, 1, sw, 2);
  world.net.AttachAt(host, 1);
  world.net.RunSm(host, 1);
  const auto s = world.Sweep({.names = {{Guid{0x30}, "storage7"}}});
  CHECK(NodeOf(*s, sw).name == "core1");
  CHECK(NodeOf(*s, other).name == "storage7");
  CHECK(NodeOf(*s, host).name == "evil\\x0a\"\\xff\\x1b[3");
}

namespace {

// One switch with room, and the host the probe sits on.
struct SmallWorld : World {
  fake::FakeNode& sw = net.AddSwitch(Guid{0x10}, 8, "sw");
  fake::FakeNode& own = net.AddAdapter(Guid{0x20}, 1, "own");
  SmallWorld() {
    net.Cable(own, 1, sw, 1);
    net.AttachAt(own, 1);
  }
  FabricSnapshotPtr SweepManaged() {
    net.RunSm(own, 1);
    return Sweep();
  }
};

}  // namespace

TEST_CASE("A loopback cable joins two ports of one switch", "[fabric][discovery]") {
  SmallWorld world;
  world.net.Cable(world.sw, 7, world.sw, 8);
  const auto s = world.SweepManaged();
  REQUIRE(PortOf(*s, world.sw, 7).peer);
  CHECK(PortOf(*s, world.sw, 7).peer->port == 8);
  CHECK(s->PeerNode(PortOf(*s, world.sw, 7)) == &NodeOf(*s, world.sw));
  CHECK(s->sweep.complete);
}

TEST_CASE("Ports of an adapter that no cable of this plane reaches are not asked", "[fabric][discovery]") {
  SmallWorld world;
  auto& host = world.net.AddAdapter(Guid{0x30}, 2, "two planes");
  world.net.Cable(host, 1, world.sw, 2);
  const auto s = world.SweepManaged();
  CHECK(PortOf(*s, host, 1).info);
  CHECK_FALSE(PortOf(*s, host, 2).info);
  CHECK(PortOf(*s, host, 2).info_answer == Answer::kNotAsked);
}

TEST_CASE("Two adapters with one GUID are two nodes, told apart by their routes", "[fabric][duplicate]") {
  TreeWorld world({.host_ports = 1});
  auto& twin = *world.tree.hosts[3];
  const Guid guid = world.tree.hosts[5]->guid;
  twin.guid = guid;
  twin.system_image_guid = world.tree.hosts[5]->system_image_guid;
  twin.At(1).guid = world.tree.hosts[5]->At(1).guid;
  const auto s = world.Sweep();
  const auto same = std::ranges::count(s->nodes, guid, &Node::guid);
  CHECK(same == 2);
  CHECK(std::ranges::count_if(s->nodes, [](const Node& n) { return n.duplicate; }) == 2);
  CHECK(s->sweep.coverage.ports_unanswered == 0);
}

TEST_CASE("A cable behind which nobody answers is a node that is missing", "[fabric][silence]") {
  TreeWorld world({.host_ports = 1});
  world.tree.hosts[4]->misbehaviours.push_back({.misdeed = Misdeed::kSilent});
  const auto s = world.Sweep();
  CHECK(s->nodes.size() == 13);
  CHECK(s->sweep.coverage.nodes_expected == 14);
  CHECK(s->sweep.coverage.nodes_unanswered == 1);
}

TEST_CASE("A node without an answer to one attribute is read as far as it answers", "[fabric][silence]") {
  TreeWorld world({.host_ports = 1});
  auto& host = *world.tree.hosts[4];
  host.misbehaviours.push_back({.misdeed = Misdeed::kSilent, .mad_class = MadClass::kPma});
  const auto s = world.Sweep();
  CHECK(NodeOf(*s, host).pma_answer == Answer::kTimeout);
  CHECK(PortOf(*s, host, 1).info_answer == Answer::kAnswered);
  CHECK(PortOf(*s, host, 1).counters_answer == Answer::kTimeout);
  CHECK(PortOf(*s, host, 1).counters.Empty());
  CHECK(s->sweep.coverage.ports_unanswered == 1);
}

TEST_CASE("A PMA that knows no counters is not applicable rather than missing", "[fabric][silence]") {
  TreeWorld world({.host_ports = 1});
  auto& host = *world.tree.hosts[4];
  host.misbehaviours.push_back({.misdeed = Misdeed::kStatus, .mad_class = MadClass::kPma, .status = 0x000c});
  const auto s = world.Sweep();
  CHECK(PortOf(*s, host, 1).counters_answer == Answer::kUnsupported);
  CHECK(s->sweep.coverage.ports_unanswered == 0);
  CHECK(s->sweep.coverage.not_applicable == 1);
}

TEST_CASE("A port without a valid LID is not asked for counters", "[fabric][lid]") {
  TreeWorld world({.host_ports = 1});
  auto& host = *world.tree.hosts[4];
  host.At(1).info.lid = GENERATE(Lid{0}, Lid{0xffff}, Lid{0xc000});
  const auto s = world.Sweep();
  CHECK(PortOf(*s, host, 1).counters_answer == Answer::kUnreachable);
  CHECK(host.Asked(MadClass::kPma, mad::Attribute::kPortCounters) == 0);
}

TEST_CASE("A sweep that meets its deadline is partial and says so", "[fabric][deadline]") {
  TreeWorld world({.spines = 4, .leaf_pairs = 4, .hosts_per_pair = 16});
  world.net.latency = 50ms;
  const auto s = world.Sweep({.deadline = 300ms});
  CHECK_FALSE(s->sweep.complete);
  CHECK(s->sweep.incomplete_because == "its deadline of 0.3 s came first");
  CHECK(s->sweep.duration <= 400ms);
}

TEST_CASE("A partial sweep keeps what an earlier one knew, as unreachable", "[fabric][deadline]") {
  TreeWorld world({.spines = 4, .leaf_pairs = 4, .hosts_per_pair = 16});
  const auto first = world.Sweep({.deadline = 5s});
  world.net.UnplugAll(*world.tree.spines[0]);  // something moved: the whole fabric is discovered anew
  world.net.latency = 150ms;
  const auto second = world.Sweep();
  CHECK_FALSE(second->sweep.complete);
  CHECK(second->sweep.coverage.nodes_expected + 1 >= first->sweep.coverage.nodes_expected);
  CHECK(second->sweep.coverage.nodes_unanswered + second->sweep.coverage.ports_unanswered > 0);
}

TEST_CASE("A stopped sweep ends without an answer from anybody", "[fabric][stop]") {
  TreeWorld world;
  std::stop_source stop;
  stop.request_stop();
  FabricProbe probe(world.net, world.net.Local(), world.clock, {});
  const auto s = probe.Sweep(stop.get_token());
  CHECK_FALSE(s->sweep.complete);
  CHECK(s->sweep.incomplete_because == "it was stopped");
}

TEST_CASE("Garbage from a switch ends in a partial picture and never in a crash", "[fabric][hostile]") {
  TreeWorld world({.spines = 3, .leaf_pairs = 3, .hosts_per_pair = 6});
  world.tree.spines[0]->misbehaviours.push_back({.misdeed = Misdeed::kGarbage});
  world.tree.leaves[2]->misbehaviours.push_back({.misdeed = Misdeed::kGarbage, .percent = 40});
  for (int i = 0; i < 5; ++i) {
    const auto s = world.Sweep({.deadline = 20s});
    CHECK(s->nodes.size() < 2000);
    for (const Node& node : s->nodes) {
      for (const Port& port : node.ports) REQUIRE((!port.peer || s->PeerPort(port) != nullptr));
    }
  }
}

TEST_CASE("Silence of every performance agent is told as what it usually is", "[fabric][partition]") {
  TreeWorld world({.spines = 2, .leaf_pairs = 4, .hosts_per_pair = 8});
  for (auto& node : world.net.nodes()) {
    node.misbehaviours.push_back({.misdeed = Misdeed::kSilent, .mad_class = MadClass::kPma});
  }
  const auto s = world.Sweep();
  CHECK_FALSE(s->sweep.complete);
  CHECK(s->sweep.incomplete_because.find("limited member") != std::string::npos);
  CHECK(s->sweep.duration < 60s);
}

TEST_CASE("Our own port without a cable makes the sweep incomplete by name", "[fabric][own port]") {
  TreeWorld world({.host_ports = 1});
  world.net.Unplug(*world.tree.hosts[0], 1);
  const auto s = world.Sweep();
  CHECK_FALSE(s->sweep.complete);
  CHECK(s->sweep.incomplete_because.starts_with("our own port"));
}

TEST_CASE("An SM LID at which nobody answers is a time-out, not an absence", "[fabric][sm]") {
  TreeWorld world;
  world.tree.hosts[0]->sm.reset();
  const auto s = world.Sweep();
  CHECK_FALSE(s->sm.info);
  CHECK(s->sm.answer != Answer::kAnswered);
  CHECK(IsUnicast(s->sm.lid));
}

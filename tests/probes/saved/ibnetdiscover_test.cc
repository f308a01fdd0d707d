#include "probes/saved/ibnetdiscover.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "probes/saved/saved.h"

namespace aftershock::tests {
namespace {

constexpr std::string_view kSmall = R"(#
# Topology file: generated on Sun Oct  5 21:59:42 2014
#
# Initiated from node 24be05ffff98aba0 port 24be05ffff98aba1

vendid=0x2c9
devid=0xc738
sysimgguid=0xf4521403001165a0
switchguid=0xf4521403001165a0(f4521403001165a0)
Switch	36 "S-f4521403001165a0"		# "MF0;ib5:SX6036/U1" enhanced port 0 lid 128 lmc 0
[1]	"H-24be05ffff980030"[1](24be05ffff980031) 		# "stage114 mlx4_0" lid 105 4xQDR
[21]	"S-f4521403007ea570"[26]		# "MF0;ib8:SX6036/U1" lid 1 4xFDR10

vendid=0x2c9
devid=0xc738
switchguid=0xf4521403007ea570(f4521403007ea570)
Switch	36 "S-f4521403007ea570"		# "MF0;ib8:SX6036/U1" base port 0 lid 1 lmc 0
[26]	"S-f4521403001165a0"[21]		# "MF0;ib5:SX6036/U1" lid 128 4xFDR10

vendid=0x2c9
devid=0x1003
sysimgguid=0x24be05ffff980033
caguid=0x24be05ffff980030
Ca	2 "H-24be05ffff980030"		# "stage114 mlx4_0"
[1](24be05ffff980031) 	"S-f4521403001165a0"[1]		# lid 105 lmc 2 "MF0;ib5:SX6036/U1" lid 128 4xQDR
)";

FabricSnapshot Read(std::string_view text) {
  auto snapshot = saved::SnapshotFromTopology(text);
  REQUIRE(snapshot);
  return std::move(*snapshot);
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("A topology file gives nodes, ports, LIDs, rates and names", "[probes][ibnetdiscover]") {
  const FabricSnapshot s = Read(kSmall);
  REQUIRE(s.nodes.size() == 3);
  CHECK(s.sweep.complete);
  CHECK(s.local.guid == Guid{0x24be05ffff98aba1});
  const Node& sw = *s.FindNode(Guid{0xf4521403001165a0});
  CHECK(sw.IsSwitch());
  CHECK(sw.name == "ib5");
  CHECK(sw.num_ports == 36);
  CHECK(sw.FindPort(0)->info->lid == Lid{128});
  CHECK(s.PeerNode(*sw.FindPort(21))->name == "ib8");
  CHECK(sw.FindPort(21)->info->speed_active == LinkSpeed::kFdr10);
  const Node& ca = *s.FindNode(Guid{0x24be05ffff980030});
  CHECK(ca.type == NodeType::kAdapter);
  CHECK(ca.device_id == 0x1003);
  CHECK(ca.system_image_guid == Guid{0x24be05ffff980033});
  CHECK(ca.FindPort(1)->guid == Guid{0x24be05ffff980031});
  CHECK(ca.FindPort(1)->info->lid == Lid{105});
  CHECK(ca.FindPort(1)->info->lmc == 2);
  CHECK(ca.FindPort(1)->info->width_active == 2);
}

TEST_CASE("Nothing that a topology file does not say is made up", "[probes][ibnetdiscover]") {
  const FabricSnapshot s = Read(kSmall);
  CHECK(s.local.sm_lid == Lid{});
  for (const Node& node : s.nodes) {
    for (const Port& port : node.ports) {
      CHECK(port.counters.Empty());
      CHECK(port.info->capability_mask == 0);
      CHECK(port.info->state == PortState::kNoChange);
    }
  }
}

TEST_CASE("Line ends of Windows, lost tabs and labels of chassis change nothing", "[probes][ibnetdiscover]") {
  std::string text(kSmall);
  text = Replaced(text, "\n", "\r\n");
  text = Replaced(text, "\t", " ");
  text = Replaced(text, "[21] ", "[21][ext 3] ");
  text = Replaced(text, "[26]  ", "[26][ext 8]  ");
  text =
      "src/query_smp.c:195; umad (DR path slid 0; dlid 0) bad status 110\n" + text + "Chassis 1 (guid 0x5)\n";
  const FabricSnapshot s = Read(text);
  CHECK(s.nodes.size() == 3);
  CHECK(s.sweep.complete);
  CHECK(s.PeerNode(*s.FindNode(Guid{0xf4521403001165a0})->FindPort(21)) != nullptr);
}

TEST_CASE("A description may hold quotation marks, rates and control characters", "[probes][ibnetdiscover]") {
  const FabricSnapshot s =
      Read(Replaced(std::string(kSmall), "stage114 mlx4_0", "st\"ag\"e lid 7 12xHDR # \x1b[31m mlx4_0"));
  const Node& ca = *s.FindNode(Guid{0x24be05ffff980030});
  CHECK(ca.description == "st\"ag\"e lid 7 12xHDR # \\x1b[31m mlx4_0");
  CHECK(ca.FindPort(1)->info->lid == Lid{105});
  CHECK(s.FindNode(Guid{0xf4521403001165a0})->FindPort(1)->info->speed_active == LinkSpeed::kQdr);
}

TEST_CASE("Nodes that are named and not described make the snapshot incomplete", "[probes][ibnetdiscover]") {
  const FabricSnapshot s = Read(kSmall.substr(0, kSmall.find("devid=0x1003")));
  CHECK(s.nodes.size() == 3);
  CHECK_FALSE(s.sweep.complete);
  CHECK(s.sweep.incomplete_because.find("1 of 3 nodes") != std::string::npos);
  CHECK(s.FindNode(Guid{0x24be05ffff980030})->type == NodeType::kAdapter);
}

TEST_CASE("Ends of a cable that disagree lead nowhere, and are told", "[probes][ibnetdiscover]") {
  const FabricSnapshot s = Read(Replaced(std::string(kSmall), "[26]	\"S-f4521403001165a0\"[21]",
                                         "[26]	\"S-f4521403001165a0\"[22]"));
  CHECK_FALSE(s.sweep.complete);
  CHECK_FALSE(s.FindNode(Guid{0xf4521403001165a0})->FindPort(21)->peer);
}

TEST_CASE("ibsim's own names do without GUIDs, and one end of a cable is enough", "[probes][ibnetdiscover]") {
  const FabricSnapshot s = Read("Switch 8 \"sw one\"\n[3] \"Hca1\"[2]\n\nHca 2 \"Hca1\"\n");
  REQUIRE(s.nodes.size() == 2);
  CHECK(s.sweep.complete);
  const auto sw = std::ranges::find(s.nodes, NodeType::kSwitch, &Node::type);
  CHECK(sw->name == "sw one");
  CHECK(s.PeerNode(*sw->FindPort(3))->FindPort(2)->peer->port == 3);
}

TEST_CASE("Routers are read as such", "[probes][ibnetdiscover]") {
  const FabricSnapshot s = Read("vendid=0x1\nrtguid=0x5\nRt\t2 \"R-0000000000000005\"\t\t# \"a router\"\n");
  CHECK(s.nodes[0].type == NodeType::kRouter);
  CHECK(s.nodes[0].guid == Guid{5});
}

TEST_CASE("Two nodes with one GUID are marked", "[probes][ibnetdiscover]") {
  const FabricSnapshot s =
      Read("caguid=0x5\nCa 1 \"H-0000000000000005\"\n\ncaguid=0x5\nCa 1 \"H-0000000000000006\"\n");
  REQUIRE(s.nodes.size() == 2);
  CHECK(s.nodes[0].duplicate);
  CHECK(s.nodes[1].duplicate);
}

TEST_CASE("Text without a node is refused", "[probes][ibnetdiscover]") {
  for (const char* text : {"", "\n\n", "# Topology file\n", "hello", "Switch", "Switch 36",
                           "Switch 999 \"S-1\"", "Switch\t36 \"\"", "[1] \"S-1\"[2]"}) {
    CAPTURE(text);
    CHECK_FALSE(saved::SnapshotFromTopology(text));
  }
}

TEST_CASE("Whatever is cut off or overwritten, reading ends and every peer is there",
          "[probes][ibnetdiscover]") {
  CHECK(rc::check([] {
    std::string text(kSmall);
    text.resize(*rc::gen::inRange<std::size_t>(0, text.size() + 1));
    for (int i = *rc::gen::inRange(0, 20); i > 0 && !text.empty(); --i)
      text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const auto snapshot = saved::SnapshotFromTopology(text);
    if (!snapshot) return;
    RC_ASSERT(std::ranges::is_sorted(snapshot->nodes, {}, &Node::guid));
    for (const Node& node : snapshot->nodes) {
      for (const Port& port : node.ports) {
        if (port.peer) RC_ASSERT(snapshot->PeerPort(port) != nullptr);
      }
    }
  }));
}

TEST_CASE("Captures of real fabrics are read in full", "[probes][ibnetdiscover]") {
  const char* data = std::getenv("AFTERSHOCK_DATA");
  if (data == nullptr) {
    WARN("AFTERSHOCK_DATA does not name the folder of the captures");
    return;
  }
  struct Capture {
    const char* file;
    long switches, adapters;
    std::size_t links;
  };
  const Capture capture =
      GENERATE(Capture{"kalcher+infiniband_topology/topo", 8, 144, 192},
               Capture{"NVIDIA+topograph/tests/output/ibnetdiscover/example.out", 40, 582, 1114});
  CAPTURE(capture.file);
  const auto snapshot = saved::LoadTopology(std::string(data) + "/" + capture.file);
  REQUIRE(snapshot);
  CHECK(snapshot->sweep.complete);
  const auto count = [&](NodeType type) { return std::ranges::count(snapshot->nodes, type, &Node::type); };
  CHECK(count(NodeType::kSwitch) == capture.switches);
  CHECK(count(NodeType::kAdapter) == capture.adapters);
  std::size_t ends = 0;
  for (const Node& node : snapshot->nodes)
    ends += static_cast<std::size_t>(
        std::ranges::count_if(node.ports, [](const Port& p) { return p.peer.has_value(); }));
  CHECK(ends == 2 * capture.links);
}

TEST_CASE("Vendors' small captures of many versions are read", "[probes][ibnetdiscover]") {
  const char* data = std::getenv("AFTERSHOCK_DATA");
  if (data == nullptr) {
    WARN("AFTERSHOCK_DATA does not name the folder of the captures");
    return;
  }
  const int number = GENERATE(1, 2, 3, 4);
  CAPTURE(number);
  const auto snapshot =
      saved::LoadTopology(std::string(data) + "/jabl+ibtopotool/tests/" + std::to_string(number) + ".topo");
  REQUIRE(snapshot);
  CHECK(snapshot->sweep.complete);
  CHECK(snapshot->nodes.size() >= 2);
}

}  // namespace aftershock::tests

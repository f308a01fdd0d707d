#include "model/fabric.h"

#include <array>
#include <catch2/catch.hpp>
#include <set>

namespace aftershock {
namespace {

Port PortWith(std::uint8_t num, std::optional<Peer> peer = std::nullopt) {
  Port port;
  port.num = num;
  port.peer = peer;
  return port;
}

Node NodeWith(Guid guid, std::vector<Port> ports) {
  Node node;
  node.guid = guid;
  node.ports = std::move(ports);
  return node;
}

// Two nodes with two cables between them, and a loopback cable on ports 3 and 4 of the second.
FabricSnapshot Cabled() {
  FabricSnapshot snapshot;
  snapshot.nodes = {
      NodeWith(Guid{1}, {PortWith(1, Peer{1, 1}), PortWith(2, Peer{1, 2})}),
      NodeWith(Guid{2}, {PortWith(1, Peer{0, 1}), PortWith(2, Peer{0, 2}), PortWith(3, Peer{1, 4}),
                         PortWith(4, Peer{1, 3}), PortWith(5, Peer{1, 5}), PortWith(6)}),
  };
  return snapshot;
}

}  // namespace

TEST_CASE("A managed switch is also known by the name in its description", "[model][unit]") {
  CHECK(ShortName("MF0;sw1:MQM8700/U1") == "sw1");
  CHECK(ShortName("MF0;rack 3:leaf:MSB7800/U1") == "rack 3:leaf");
}

TEST_CASE("Every other description is its own short form", "[model][unit]") {
  const auto* const text = GENERATE("", "sw1 HCA-1", "MF0;", "MF0;:MQM8700/U1", "MF0;sw1", "mf0;sw1:x/U1",
                                    "SwitchX;a:b", ":", "MF0:sw1;x");
  CHECK(ShortName(text) == text);
}

TEST_CASE("A port is found by its number even where numbers are missing", "[model][unit]") {
  Node node = NodeWith(Guid{1}, {PortWith(0), PortWith(2), PortWith(36)});
  CHECK(node.FindPort(0) == &node.ports[0]);
  CHECK(node.FindPort(36) == &node.ports[2]);
  CHECK(std::as_const(node).FindPort(2) == &node.ports[1]);
  CHECK(node.FindPort(1) == nullptr);
  CHECK(node.FindPort(255) == nullptr);
}

TEST_CASE("A node is found by its GUID, the first one of duplicates", "[model][unit]") {
  FabricSnapshot snapshot;
  snapshot.nodes = {NodeWith(Guid{1}, {}), NodeWith(Guid{5}, {}), NodeWith(Guid{5}, {}),
                    NodeWith(Guid{9}, {})};
  CHECK(snapshot.FindNode(Guid{5}) == &snapshot.nodes[1]);
  CHECK(snapshot.FindNode(Guid{9}) == &snapshot.nodes[3]);
  CHECK(snapshot.FindNode(Guid{2}) == nullptr);
  CHECK(snapshot.FindNode(Guid{10}) == nullptr);
}

TEST_CASE("The other end of a cable is found", "[model][unit]") {
  const FabricSnapshot snapshot = Cabled();
  CHECK(snapshot.PeerNode(snapshot.nodes[0].ports[1]) == &snapshot.nodes[1]);
  CHECK(snapshot.PeerPort(snapshot.nodes[0].ports[1]) == &snapshot.nodes[1].ports[1]);
  CHECK(snapshot.PeerPort(snapshot.nodes[1].ports[5]) == nullptr);
}

TEST_CASE("A cable that leads out of the snapshot has no other end", "[model][unit]") {
  FabricSnapshot snapshot = Cabled();
  snapshot.nodes[0].ports[0].peer = Peer{99, 1};
  snapshot.nodes[0].ports[1].peer = Peer{1, 99};
  CHECK(snapshot.PeerNode(snapshot.nodes[0].ports[0]) == nullptr);
  CHECK(snapshot.PeerPort(snapshot.nodes[0].ports[0]) == nullptr);
  CHECK(snapshot.PeerPort(snapshot.nodes[0].ports[1]) == nullptr);
}

TEST_CASE("Each cable has exactly one first end, a loopback too", "[model][unit]") {
  const FabricSnapshot snapshot = Cabled();
  std::multiset<std::pair<Guid, int>> first;
  for (const Node& node : snapshot.nodes) {
    for (const Port& port : node.ports) {
      if (port.peer && IsFirstEnd(snapshot, node, port)) first.emplace(node.guid, port.num);
    }
  }
  CHECK(first == std::multiset<std::pair<Guid, int>>{{Guid{1}, 1}, {Guid{1}, 2}, {Guid{2}, 3}, {Guid{2}, 5}});
}

TEST_CASE("A port with a signal is linked, port 0 never", "[model][unit]") {
  Port port = PortWith(1);
  CHECK_FALSE(port.Linked());
  port.info.emplace();
  CHECK_FALSE(port.Linked());
  port.info->phys_state = PhysState::kLinkUp;
  CHECK(port.Linked());
  port.num = 0;
  CHECK_FALSE(port.Linked());
}

TEST_CASE("An aggregation node is an adapter that says so", "[model][unit]") {
  Node node;
  node.type = NodeType::kAdapter;
  node.description = "Mellanox Technologies Aggregation Node";
  CHECK(node.IsAggregationNode());
  node.type = NodeType::kSwitch;
  CHECK_FALSE(node.IsAggregationNode());
  node.type = NodeType::kAdapter;
  node.description = "node17 HCA-1";
  CHECK_FALSE(node.IsAggregationNode());
}

TEST_CASE("Only a question that mattered and was not answered is missing", "[model][unit]") {
  CHECK_FALSE(Missing(Answer::kNotAsked));
  CHECK_FALSE(Missing(Answer::kAnswered));
  CHECK_FALSE(Missing(Answer::kUnsupported));
  CHECK(Missing(Answer::kTimeout));
  CHECK(Missing(Answer::kError));
  CHECK(Missing(Answer::kUnreachable));
}

TEST_CASE("Every answer and class has a word of its own", "[model][unit]") {
  constexpr std::array kAnswers{Answer::kNotAsked, Answer::kAnswered, Answer::kUnsupported,
                                Answer::kTimeout,  Answer::kError,    Answer::kUnreachable};
  std::set<std::string_view> words;
  for (const Answer answer : kAnswers) words.insert(ToString(answer));
  for (const MadClass c : {MadClass::kSmp, MadClass::kPma, MadClass::kSa}) words.insert(ToString(c));
  CHECK(words.size() == kAnswers.size() + kMadClassCount);
}

TEST_CASE("A local port is named as rdma tools name it", "[model][unit]") {
  CHECK(LocalPort{"mlx5_0", 1, Guid{}, Lid{}, Lid{}}.Name() == "mlx5_0:1");
}

}  // namespace aftershock

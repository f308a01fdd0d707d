#include <catch2/catch.hpp>

#include "model/fabric.h"

namespace aftershock {
namespace {

Port Linked(std::uint8_t num) {
  Port port;
  port.num = num;
  port.info.emplace().phys_state = PhysState::kLinkUp;
  port.info_answer = port.counters_answer = port.peer_answer = Answer::kAnswered;
  port.peer = Peer{0, num};
  return port;
}

Port Down(std::uint8_t num) {
  Port port;
  port.num = num;
  port.info.emplace().phys_state = PhysState::kPolling;
  port.info_answer = Answer::kAnswered;
  return port;
}

Coverage Of(std::vector<Port> ports, Answer node = Answer::kAnswered) {
  FabricSnapshot snapshot;
  snapshot.nodes.resize(1);
  snapshot.nodes[0].answer = node;
  snapshot.nodes[0].ports = std::move(ports);
  return CountCoverage(snapshot);
}

Coverage Expect(std::uint32_t nodes, std::uint32_t silent_nodes, std::uint32_t ports,
                std::uint32_t silent_ports) {
  return {nodes, nodes - silent_nodes, silent_nodes, ports, ports - silent_ports, silent_ports, 0};
}

}  // namespace

TEST_CASE("Linked ports are expected, the others are not", "[model][unit]") {
  CHECK(Of({Linked(1), Linked(2), Down(3)}) == Expect(1, 0, 2, 0));
  CHECK(CountCoverage(FabricSnapshot{}) == Coverage{});
}

TEST_CASE("A port without its PortInfo or its counters is unanswered, once", "[model][unit]") {
  Port both = Linked(1), counters = Linked(2);
  both.info_answer = both.counters_answer = Answer::kTimeout;
  counters.counters_answer = Answer::kUnreachable;
  CHECK(Of({both, counters, Linked(3)}) == Expect(1, 0, 3, 2));
}

TEST_CASE("A port that was never read is expected, since it may be linked", "[model][unit]") {
  Port silent;
  silent.num = 1;
  silent.info_answer = Answer::kTimeout;
  CHECK(Of({silent}) == Expect(1, 0, 1, 1));
}

TEST_CASE("A switch's port 0 has no link to cover", "[model][unit]") {
  Port management = Linked(0);
  management.info_answer = Answer::kTimeout;
  CHECK(Of({management}) == Expect(1, 0, 0, 0));
}

TEST_CASE("A node that does not answer is unanswered", "[model][unit]") {
  CHECK(Of({}, Answer::kTimeout) == Expect(1, 1, 0, 0));
  CHECK(Of({}, Answer::kNotAsked) == Expect(1, 0, 0, 0));
}

TEST_CASE("A cable that leads to something silent is a node that did not answer", "[model][unit]") {
  Port port = Linked(1);
  port.peer.reset();
  port.peer_answer = Answer::kTimeout;
  CHECK(Of({port, Linked(2)}) == Expect(2, 1, 2, 0));
}

TEST_CASE("A device without counters is not applicable and not unanswered", "[model][unit]") {
  Port port = Linked(1);
  port.counters_answer = Answer::kUnsupported;
  Coverage expected = Expect(1, 0, 2, 0);
  expected.not_applicable = 1;
  CHECK(Of({port, Linked(2)}) == expected);
}

}  // namespace aftershock

#include "model/image.h"

#include <catch2/catch.hpp>

namespace aftershock {
namespace {

Port LinkedPort(std::uint8_t num, Peer peer) {
  Port port;
  port.num = num;
  port.info = PortInfo{};
  port.info->phys_state = PhysState::kLinkUp;
  port.info->state = PortState::kActive;
  port.info->width_active = 2;
  port.info->lid = Lid{7};
  port.info_answer = Answer::kAnswered;
  port.peer = peer;
  return port;
}

// Node 2 (a switch) port 1 to node 1 (an adapter) port 1.
FabricSnapshot TwoNodes() {
  FabricSnapshot snapshot;
  Node host, sw;
  host.guid = Guid{1};
  host.type = NodeType::kAdapter;
  host.name = "node7";
  sw.guid = Guid{2};
  sw.type = NodeType::kSwitch;
  host.answer = sw.answer = Answer::kAnswered;
  host.ports = {LinkedPort(1, {1, 1})};
  sw.ports = {Port{}, LinkedPort(1, {0, 1})};
  snapshot.nodes = {host, sw};
  return snapshot;
}

TEST_CASE("A cable is shown once, with its speed at the lower end", "[model][unit]") {
  const FabricImage image = ImageOf(TwoNodes());
  REQUIRE(image.cables.size() == 1);
  CHECK(image.cables[0] == CableImage{{Guid{1}, 1}, {Guid{2}, 1}});
  CHECK(image.speeds.at({Guid{1}, 1}).width == 2);
  CHECK(image.FarEnd({Guid{2}, 1}) == PortKey{Guid{1}, 1});
  CHECK(image.FindNode(Guid{2})->name == ToString(Guid{2}));
  CHECK_FALSE(image.sm);
}

TEST_CASE("A signal that one end lost is no cable", "[model][unit]") {
  auto snapshot = TwoNodes();
  snapshot.nodes[1].ports[1].info->phys_state = PhysState::kPolling;
  CHECK(ImageOf(snapshot).cables.empty());
}

TEST_CASE("An end that was read now decides against one that was read before", "[model][unit]") {
  auto snapshot = TwoNodes();
  snapshot.nodes[1].ports[1].info->phys_state = PhysState::kPolling;
  snapshot.nodes[1].ports[1].info_answer = Answer::kNotAsked;
  CHECK(ImageOf(snapshot).cables.size() == 1);
}

TEST_CASE("A node that does not answer is shown as it was", "[model][unit]") {
  auto snapshot = TwoNodes();
  snapshot.nodes[1].answer = Answer::kTimeout;
  const FabricImage image = ImageOf(snapshot);
  CHECK(image.nodes.size() == 2);
  CHECK(image.cables.size() == 1);
}

TEST_CASE("A signal without anybody behind it is unseen", "[model][unit]") {
  auto snapshot = TwoNodes();
  snapshot.nodes[1].ports[1].peer.reset();
  snapshot.nodes.erase(snapshot.nodes.begin());
  CHECK(ImageOf(snapshot).unseen == std::vector{PortKey{Guid{2}, 1}});
}

TEST_CASE("A GUID that is seen twice is left out and counted", "[model][unit]") {
  auto snapshot = TwoNodes();
  snapshot.nodes[0].duplicate = true;
  const FabricImage image = ImageOf(snapshot);
  CHECK(image.duplicates == 1);
  CHECK(image.nodes.size() == 1);
  CHECK(image.unseen == std::vector{PortKey{Guid{2}, 1}});
}

TEST_CASE("Only who answers as master manages", "[model][unit]") {
  auto snapshot = TwoNodes();
  snapshot.nodes[0].ports[0].info->capability_mask = kCapIsSm;
  snapshot.sm = {Lid{7}, Answer::kAnswered, SmInfo{Guid{9}, 1, 3, SmState::kStandby}};
  CHECK_FALSE(ImageOf(snapshot).sm->master);
  CHECK(ImageOf(snapshot).sm->ports == std::vector{PortKey{Guid{1}, 1}});
  snapshot.sm.info->state = SmState::kMaster;
  CHECK(ImageOf(snapshot).sm->master == Guid{9});
}

TEST_CASE("What of a host could not be read is absent, not empty", "[model][unit]") {
  HostSnapshot host;
  host.hostname = "node7";
  CHECK_FALSE(ImageOf(host).interfaces);
  host.parts.push_back({HostPart::kInterfaces, {}});
  CHECK(ImageOf(host).interfaces == std::vector<InterfaceImage>{});
}

TEST_CASE("Members are those that the SA answered for", "[model][unit]") {
  HostSnapshot host;
  for (const SaAnswer answer : {SaAnswer::kYes, SaAnswer::kNo, SaAnswer::kTimeout}) {
    Membership& member = host.memberships.emplace_back();
    member.interface = std::string(ToString(answer));
    member.answer = answer;
    member.record = GroupRecord{};
  }
  const HostImage image = ImageOf(host);
  REQUIRE(image.members.size() == 2);
  CHECK(image.members[0].member == image.members[0].group.has_value());
  CHECK(image.members[1].member == image.members[1].group.has_value());
}

}  // namespace
}  // namespace aftershock

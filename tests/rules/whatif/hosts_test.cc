#include <catch2/catch.hpp>

#include "build_fabric.h"
#include "rules/whatif/hosts.h"
#include "rules/whatif/network.h"

namespace aftershock::tests {
namespace {

whatif::Network NetworkOf(const FabricSnapshot& snapshot) {
  const whatif::PlaneView view{"plane", &snapshot};
  return whatif::MakeNetwork({&view, 1});
}

// Adapters with these descriptions, each on the one switch.
whatif::Network OnOneSwitch(const std::vector<std::string>& descriptions) {
  FabricBuilder f;
  const Guid sw = f.AddSwitch("sw");
  int port = 0;
  for (const std::string& d : descriptions) f.Connect(f.AddHost(d), 1, sw, ++port);
  static FabricSnapshot snapshot;
  snapshot = f.Build();
  return NetworkOf(snapshot);
}

}  // namespace

TEST_CASE("A host's name is what stands before the name of a device", "[rules][whatif]") {
  CHECK(whatif::HostOf("node07 mlx5_2") == "node07");
  CHECK(whatif::HostOf("node07 HCA-3") == "node07");
  CHECK(whatif::HostOf("node07 ibp65s0") == "node07");
  CHECK(whatif::HostOf("MT4129 ConnectX7   Mellanox Technologies").empty());
  CHECK(whatif::HostOf("SW-6IB4 Voltaire").empty());
  CHECK(whatif::HostOf("localhost mlx5_0").empty());
  CHECK(whatif::HostOf("node07").empty());
  CHECK(whatif::HostOf("").empty());
}

TEST_CASE("Rails with one host's name are one host", "[rules][whatif]") {
  const auto network = OnOneSwitch({"n1 mlx5_0", "n1 mlx5_1", "n1 mlx5_2", "n2 mlx5_0"});
  REQUIRE(network.hosts.size() == 2);
  CHECK(network.hosts[0].name == "n1");
  CHECK(network.hosts[0].legs.size() == 3);
}

TEST_CASE("Two adapters that are both the first of one host are two hosts", "[rules][whatif]") {
  const auto network = OnOneSwitch({"ubuntu mlx5_0", "ubuntu mlx5_0"});
  REQUIRE(network.hosts.size() == 2);
  CHECK(network.hosts[0].name != network.hosts[1].name);
}

TEST_CASE("Adapters that describe a model are hosts of their own, told apart by GUID", "[rules][whatif]") {
  const auto network = OnOneSwitch({"MT4129 ConnectX7", "MT4129 ConnectX7", "MT4129 ConnectX7"});
  REQUIRE(network.hosts.size() == 3);
  CHECK(network.hosts[2].name == "MT4129 (0x0000000000000004)");
}

TEST_CASE("Nameless adapters of one system image are one host", "[rules][whatif]") {
  FabricBuilder f;
  const Guid sw = f.AddSwitch("sw"), a = f.AddHost("MT4129 ConnectX7"), b = f.AddHost("MT4129 ConnectX7");
  f.At(a).system_image_guid = f.At(b).system_image_guid = Guid{0x77};
  f.Connect(a, 1, sw, 1);
  f.Connect(b, 1, sw, 2);
  const FabricSnapshot snapshot = f.Build();
  CHECK(NetworkOf(snapshot).hosts.size() == 1);
}

TEST_CASE("Aggregation nodes and routers are no hosts", "[rules][whatif]") {
  FabricBuilder f;
  const Guid sw = f.AddSwitch("sw");
  const Guid sharp = f.AddHost("Mellanox Technologies Aggregation Node"), router = f.AddHost("r1 mlx5_0");
  f.At(router).type = NodeType::kRouter;
  f.Connect(sharp, 1, sw, 1);
  f.Connect(router, 1, sw, 2);
  const FabricSnapshot snapshot = f.Build();
  const auto network = NetworkOf(snapshot);
  CHECK(network.hosts.empty());
  CHECK(network.aggregation_nodes == 1);
  CHECK(network.routers == 1);
  CHECK(network.switches[0].legs.empty());
}

TEST_CASE("A host has legs in every plane that has one of its adapters", "[rules][whatif]") {
  FabricBuilder one, two;
  one.Connect(one.AddHost("n1 mlx5_0"), 1, one.AddSwitch("a"), 1);
  two.AddSwitch("spare");  // GUIDs count from 1: those of the planes must differ
  two.AddSwitch("spare2");
  two.Connect(two.AddHost("n1 mlx5_1"), 1, two.AddSwitch("b"), 1);
  const FabricSnapshot first = one.Build(), second = two.Build();
  const std::vector<whatif::PlaneView> planes{{"p1", &first}, {"p2", &second}};
  const auto network = whatif::MakeNetwork(planes);
  REQUIRE(network.hosts.size() == 1);
  CHECK(network.hosts[0].legs.size() == 2);
}

TEST_CASE("A switch in two captures shows that they are not separate planes", "[rules][whatif]") {
  FabricBuilder f;
  f.Connect(f.AddHost("n1 mlx5_0"), 1, f.AddSwitch("a"), 1);
  const FabricSnapshot snapshot = f.Build();
  const FabricSnapshot again = snapshot;
  const std::vector<whatif::PlaneView> twice{{"p1", &snapshot}, {"p2", &again}};
  REQUIRE(whatif::SharedSwitch(twice) != nullptr);
  CHECK(whatif::SharedSwitch(twice)->name == "a");
}

}  // namespace aftershock::tests

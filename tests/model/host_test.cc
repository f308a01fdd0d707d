#include "model/host.h"

#include <catch2/catch.hpp>
#include <set>

namespace aftershock {
namespace {

HostSnapshot Seen(std::vector<PartReport> parts) {
  HostSnapshot snapshot;
  snapshot.parts = std::move(parts);
  return snapshot;
}

HostSnapshot AllSeen() {
  return Seen({{HostPart::kAdapters, {}}, {HostPart::kPci, {}}, {HostPart::kInterfaces, {}}});
}

Hca AdapterWith(std::string link_layer) {
  Hca hca;
  hca.name = "mlx5_0";
  hca.ports.emplace_back().link_layer = std::move(link_layer);
  return hca;
}

// bond0 over ib0 and ib1, which run over mlx5_0 and mlx5_1; each is cabled to a switch of its own.
HostSnapshot TwoLegs() {
  HostSnapshot snapshot;
  Bond& bond = snapshot.bonds.emplace_back();
  for (int i = 0; i < 2; ++i) {
    Hca& hca = snapshot.hcas.emplace_back();
    hca.name = "mlx5_" + std::to_string(i);
    HostPort& port = hca.ports.emplace_back();
    port.num = 1;
    port.uplink = Uplink{Guid{static_cast<std::uint64_t>(100 + i)}, 7, NodeType::kSwitch, "leaf"};
    IpoibLink& link = snapshot.links.emplace_back();
    link.index = 10 + i;
    link.hca_port = HcaPortName{hca.name, 1};
    link.flags = kFlagUp;
    link.carrier = true;
    bond.legs.emplace_back().index = link.index;
  }
  return snapshot;
}

}  // namespace

TEST_CASE("Every part of a look has a name of its own", "[model][unit]") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kHostPartCount; ++i) names.insert(ToString(static_cast<HostPart>(i)));
  CHECK(names.size() == kHostPartCount);
}

TEST_CASE("A part that was not listed or failed was not seen", "[model][unit]") {
  const auto snapshot = Seen({{HostPart::kAdapters, {}}, {HostPart::kPci, Error{Errc::kDenied, "no"}}});
  CHECK(snapshot.Saw(HostPart::kAdapters));
  CHECK_FALSE(snapshot.Saw(HostPart::kPci));
  CHECK_FALSE(snapshot.Saw(HostPart::kInterfaces));
}

TEST_CASE("Nothing to list is knowledge, and no way to see is not", "[model][unit]") {
  const Error absent{Errc::kAbsent, "there is none"};
  const auto snapshot = Seen({{HostPart::kAdapters, absent}, {HostPart::kEvents, absent}});
  CHECK(snapshot.Saw(HostPart::kAdapters));
  CHECK_FALSE(snapshot.Saw(HostPart::kEvents));
}

TEST_CASE("A host that was looked at and has nothing of InfiniBand has none", "[model][unit]") {
  HostSnapshot snapshot = AllSeen();
  CHECK(snapshot.NoInfiniBand());
  snapshot.hcas.push_back(AdapterWith("Ethernet"));
  CHECK(snapshot.NoInfiniBand());
}

TEST_CASE("Any adapter, PCI function or interface of InfiniBand, or one that may be, is some",
          "[model][unit]") {
  HostSnapshot snapshot = AllSeen();
  SECTION("an adapter") {
    snapshot.hcas.push_back(AdapterWith("InfiniBand"));
  }
  SECTION("an adapter of unknown kind") {
    snapshot.hcas.push_back(AdapterWith(""));
  }
  SECTION("an adapter without ports") {
    snapshot.hcas.emplace_back();
  }
  SECTION("a PCI function") {
    snapshot.pci_functions.emplace_back();
  }
  SECTION("an interface") {
    snapshot.links.emplace_back();
  }
  CHECK_FALSE(snapshot.NoInfiniBand());
}

TEST_CASE("What could not be looked at may be InfiniBand", "[model][unit]") {
  HostSnapshot snapshot = AllSeen();
  snapshot.parts[GENERATE(0u, 1u, 2u)].error = Error{Errc::kDenied, "no"};
  CHECK_FALSE(snapshot.NoInfiniBand());
}

TEST_CASE("Legs with carrier count the switches they are cabled to once each", "[model][unit]") {
  HostSnapshot snapshot = TwoLegs();
  CHECK(LiveSwitches(snapshot, snapshot.bonds[0]) == 2u);
  snapshot.hcas[1].ports[0].uplink = snapshot.hcas[0].ports[0].uplink;
  CHECK(LiveSwitches(snapshot, snapshot.bonds[0]) == 1u);
}

TEST_CASE("A leg that is down or without carrier has no live switch", "[model][unit]") {
  HostSnapshot snapshot = TwoLegs();
  snapshot.links[0].carrier = false;
  CHECK(LiveSwitches(snapshot, snapshot.bonds[0]) == 1u);
  snapshot.links[1].flags = 0;
  CHECK(LiveSwitches(snapshot, snapshot.bonds[0]) == 0u);
}

TEST_CASE("Where a live leg leads to nobody knows where, the switches are not known", "[model][unit]") {
  HostSnapshot snapshot = TwoLegs();
  SECTION("not asked") {
    snapshot.hcas[1].ports[0].uplink.reset();
  }
  SECTION("no answer") {
    snapshot.hcas[1].ports[0].uplink = Fail(Errc::kTimeout, "no answer");
  }
  SECTION("no port") {
    snapshot.links[1].hca_port.reset();
  }
  SECTION("no adapter") {
    snapshot.hcas.pop_back();
  }
  SECTION("no such link") {
    snapshot.links.pop_back();
  }
  CHECK_FALSE(LiveSwitches(snapshot, snapshot.bonds[0]));
}

TEST_CASE("A dead leg's switch need not be known", "[model][unit]") {
  HostSnapshot snapshot = TwoLegs();
  snapshot.links[1].carrier = false;
  snapshot.hcas[1].ports[0].uplink = Fail(Errc::kTimeout, "no answer");
  CHECK(LiveSwitches(snapshot, snapshot.bonds[0]) == 1u);
}

TEST_CASE("Ports, links and parts are found by what names them", "[model][unit]") {
  const HostSnapshot snapshot = TwoLegs();
  CHECK(ToString(HcaPortName{"mlx5_0", 1}) == "mlx5_0:1");
  CHECK(snapshot.FindPort({"mlx5_1", 1}) == &snapshot.hcas[1].ports[0]);
  CHECK(snapshot.FindPort({"mlx5_1", 2}) == nullptr);
  CHECK(snapshot.FindPort({"mlx5_2", 1}) == nullptr);
  CHECK(snapshot.FindLink(11) == &snapshot.links[1]);
  CHECK(snapshot.FindLink(0) == nullptr);
  CHECK(snapshot.Find(HostPart::kSa) == nullptr);
}

}  // namespace aftershock

#include "rules/whatif/subjects.h"

#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

struct Fixture {
  FabricBuilder f;
  FabricSnapshot snapshot;
  whatif::Network network;
  Guid first, second, host;
  Fixture() {
    first = f.AddSwitch("MF0;spine01:MQM8700/U1");
    f.At(first).name = "spine01";
    second = f.AddSwitch("twin");
    const Guid third = f.AddSwitch("twin");
    host = f.AddHost("n1 mlx5_0");
    f.Connect(first, 1, second, 1);
    f.Connect(second, 2, third, 2);
    f.Connect(host, 1, first, 5);
    snapshot = f.Build();
    const whatif::PlaneView view{"plane", &snapshot};
    network = whatif::MakeNetwork({&view, 1});
  }
  Result<std::string> Take(const std::string& subject) {
    whatif::Exclusion gone(network);
    return whatif::TakeAway(network, subject, gone);
  }
};

}  // namespace

TEST_CASE("A switch is found by its name, its description and its GUID", "[rules][whatif]") {
  Fixture t;
  for (const char* text : {"switch:spine01", "switch:MF0;spine01:MQM8700/U1", "switch:0x0000000000000001",
                           "switch:0000000000000001"}) {
    CAPTURE(text);
    CHECK(t.Take(text).value() == "switch spine01 (0x0000000000000001)");
  }
}

TEST_CASE("An ambiguous name lists whom it could mean", "[rules][whatif]") {
  const auto taken = Fixture().Take("switch:twin");
  REQUIRE_FALSE(taken);
  CHECK(taken.error().what.find("0x0000000000000002") != std::string::npos);
  CHECK(taken.error().what.find("0x0000000000000003") != std::string::npos);
}

TEST_CASE("An unknown name lists those that contain it", "[rules][whatif]") {
  const auto taken = Fixture().Take("switch:SPINE");
  REQUIRE_FALSE(taken);
  CHECK(taken.error().what.find("spine01") != std::string::npos);
}

TEST_CASE("A link is found by either of its ends, also a host's", "[rules][whatif]") {
  Fixture t;
  const std::string name = "link spine01 port 5 to n1 mlx5_0 port 1";
  CHECK(t.Take("link:0x0000000000000001/5").value() == name);
  CHECK(t.Take("link:0x0000000000000004/1").value() == name);
  CHECK(t.Take("link:spine01/5").value() == name);
}

TEST_CASE("What is no subject, or a port without a cable, is refused", "[rules][whatif]") {
  Fixture t;
  for (const char* text :
       {"", "spine01", "switch:", "link:", "link:0x1", "link:0x0000000000000001/",
        "link:0x0000000000000001/256", "link:0x0000000000000001/0", "link:0x0000000000000001/7",
        "link:0x0000000000000099/1", "link:0x0000000000000001/5x", "host:n1", "switch:no\x1bne"}) {
    CAPTURE(text);
    const auto taken = t.Take(text);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().what.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("A risk takes every member with it, and names those that are not here", "[rules][whatif]") {
  Fixture t;
  const std::vector<PairGroup> pairs{
      {"spines",
       1,
       {{"spine01", {{"power", "A"}}}, {"0x0000000000000002", {{"power", "A"}, {"rack", "r1"}}}}},
      {"far", 1, {{"elsewhere", {{"power", "A"}}}, {"none", {}}}}};
  const auto risks = whatif::RisksOf(t.network, pairs).value();
  REQUIRE(risks.size() == 2);
  CHECK(risks[0].label == "power=A");
  CHECK(risks[0].switches.size() == 2);
  CHECK(risks[0].missing == std::vector<std::string>{"elsewhere"});
  CHECK(risks[1].label == "rack=r1");
}

TEST_CASE("Paths may lead to a host or a switch, by name or GUID", "[rules][whatif]") {
  Fixture t;
  whatif::Towards towards;
  CHECK(whatif::AddTowards(t.network, "n1", towards));
  CHECK(whatif::AddTowards(t.network, "switch:spine01", towards));
  CHECK(whatif::AddTowards(t.network, "host:0x0000000000000004", towards));
  CHECK_FALSE(whatif::AddTowards(t.network, "twin", towards));
  CHECK_FALSE(whatif::AddTowards(t.network, "nobody", towards));
  CHECK(towards.hosts.size() == 2);
  CHECK(towards.switches.size() == 1);
}

}  // namespace aftershock::tests

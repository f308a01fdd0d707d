#include "model/attributes.h"

#include <catch2/catch.hpp>

namespace aftershock {

TEST_CASE("States are named as operators know them", "[model][unit]") {
  CHECK(ToString(PortState::kActive) == "Active");
  CHECK(ToString(PortState::kInit) == "Init");
  CHECK(ToString(PhysState::kLinkUp) == "LinkUp");
  CHECK(ToString(PhysState::kPolling) == "Polling");
  CHECK(ToString(NodeType::kSwitch) == "switch");
  CHECK(ToString(SmState::kMaster) == "MASTER");
}

TEST_CASE("A code that the specification does not have shows its number", "[model][unit]") {
  CHECK(ToString(PortState{7}) == "reserved (7)");
  CHECK(ToString(PhysState{15}) == "reserved (15)");
  CHECK(ToString(NodeType{255}) == "reserved (255)");
  CHECK(ToString(SmState{4}) == "reserved (4)");
}

TEST_CASE("MTU codes 1 to 5 are 256 to 4096 octets and nothing else is an MTU", "[model][unit]") {
  CHECK(MtuOctets(1) == 256);
  CHECK(MtuOctets(5) == 4096);
  CHECK(MtuOctets(0) == 0);
  CHECK(MtuOctets(6) == 0);
  CHECK(MtuOctets(255) == 0);
}

}  // namespace aftershock

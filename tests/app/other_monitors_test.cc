#include "app/other_monitors.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>

using namespace aftershock;
using namespace aftershock::app;

namespace {

// Unlike the ports of other tests that run beside this one.
Guid PortOf(std::uint64_t n) {
  return Guid{(static_cast<std::uint64_t>(::getpid()) << 16) + n};
}

// Two adapters of one subnet, seen from the first or the second.
FabricSnapshot Subnet(Guid first, Guid second, Guid local) {
  FabricSnapshot snapshot;
  for (const Guid guid : {first, second}) {
    Node node;
    node.type = NodeType::kAdapter;
    node.name = "node";
    Port port;
    port.num = 1;
    port.guid = guid;
    port.info.emplace().phys_state = PhysState::kLinkUp;
    node.ports.push_back(port);
    snapshot.nodes.push_back(node);
  }
  snapshot.local.guid = local;
  return snapshot;
}

}  // namespace

TEST_CASE("A monitor alone finds no other, itself included", "[app][unit]") {
  OtherMonitors monitors;
  const FabricSnapshot snapshot = Subnet(PortOf(1), PortOf(2), PortOf(1));
  CHECK(monitors.Look(snapshot).empty());
  CHECK(monitors.Look(snapshot).empty());
}

TEST_CASE("Another process that watches the same subnet is found once, by port and process", "[app][unit]") {
  const Guid ours = PortOf(3), theirs = PortOf(4);
  std::array<int, 2> claimed{}, done{};
  REQUIRE(::pipe(claimed.data()) == 0);
  REQUIRE(::pipe(done.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    OtherMonitors other;
    other.Look(Subnet(ours, theirs, theirs));
    char octet = 0;
    if (::write(claimed[1], &octet, 1) != 1) std::_Exit(1);
    ::close(done[1]);
    if (::read(done[0], &octet, 1) != 0) std::_Exit(1);
    std::_Exit(0);
  }
  char octet = 0;
  REQUIRE(::read(claimed[0], &octet, 1) == 1);
  OtherMonitors monitors;
  const auto found = monitors.Look(Subnet(ours, theirs, ours));
  CHECK(monitors.Look(Subnet(ours, theirs, ours)).empty());
  for (const int fd : {claimed[0], claimed[1], done[0], done[1]}) ::close(fd);
  ::waitpid(child, nullptr, 0);
  REQUIRE(found.size() == 1);
  CHECK(found[0].port == theirs);
  CHECK(found[0].process == child);
}

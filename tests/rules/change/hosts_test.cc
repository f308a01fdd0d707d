// What two looks at hosts and pairs tell.
#include <catch2/catch.hpp>

#include "before_after.h"

namespace aftershock::tests {
namespace {

using Rules = std::vector<std::string>;

BeforeAfter After(const HostBuilder& now, const HostBuilder& before = {}) {
  BeforeAfter world{ImageOf(before)};
  world.Look(ImageOf(now));
  return world;
}

TEST_CASE("A host as it was has no findings", "[rules][unit]") {
  CHECK(After(HostBuilder{}).judgement.findings.empty());
}

TEST_CASE("A membership that is gone is critical, and is told of the adapter", "[rules][unit]") {
  HostBuilder now;
  now.Member("ib0").answer = SaAnswer::kNo;
  BeforeAfter world = After(now);
  REQUIRE(world.Told() == Rules{"member-left"});
  const Finding left = world.Of("member-left")[0];
  CHECK(left.severity == Severity::kCritical);
  CHECK(left.subject == Subject::Host(now.hcas[0].node_guid));
}

TEST_CASE("Nobody answered for is no one who left, nor is an interface without carrier", "[rules][unit]") {
  HostBuilder silent;
  silent.Member("ib0").answer = SaAnswer::kTimeout;
  CHECK(After(silent).judgement.findings.empty());
  HostBuilder down;
  down.PullCable(kHcaA);
  down.Member("ib0").answer = SaAnswer::kNo;
  CHECK(After(down).Of("member-left").empty());
}

TEST_CASE("Where the host's own rules tell the same, the change folds under it", "[rules][unit]") {
  HostBuilder now;
  now.Member("ib0").answer = SaAnswer::kNo;
  BeforeAfter world{ImageOf(HostBuilder{})};
  world.this_host = now.hostname;
  world.others = Judged(now, "ipoib-not-member");
  REQUIRE(world.others.size() == 1);
  world.others[0].severity = Severity::kCritical;
  world.Look(ImageOf(now));
  CHECK(world.Told().empty());
  CHECK(world.Of("member-left").at(0).because == "ipoib-not-member interface:ib0");
}

TEST_CASE("Lost P_Keys are unannounced; a port that is not Active has none to compare", "[rules][unit]") {
  HostBuilder now;
  now.PortOf(kHcaA).p_keys = {0x7fff};
  BeforeAfter world = After(now);
  CHECK(world.Told() == Rules{"unannounced-change"});
  const auto found = world.Of("partition-changed");
  REQUIRE(found.size() == 1);
  CHECK(std::get<std::string>(found[0].evidence[0].value) == "port 1: 0xffff");
  CHECK(std::get<std::string>(found[0].evidence[1].value) == "port 1: 0x7fff");
  now.PortOf(kHcaA).state = PortState::kInit;
  CHECK(After(now).Of("partition-changed").empty());
}

TEST_CASE("Other parameters of a group are unannounced, another MLID is a note", "[rules][unit]") {
  HostBuilder now;
  now.Member("ib0").record->rate = 2;
  BeforeAfter world = After(now);
  CHECK(world.Told() == Rules{"unannounced-change"});
  HostBuilder anew;
  anew.Member("ib0").record->mlid = Lid{0xc009};
  REQUIRE(After(anew).Told() == Rules{"multicast-changed"});
  CHECK(After(anew).Of("multicast-changed")[0].severity == Severity::kNote);
}

TEST_CASE("Settings that fell back are one finding of the host", "[rules][unit]") {
  HostBuilder before, now;
  for (const char* name : {"ib0", "ib1"}) before.Link(name).mode = IpoibMode::kConnected;
  now.TheBond().miimon = 0;
  BeforeAfter world = After(now, before);
  const auto found = world.Of("host-settings-changed");
  REQUIRE(found.size() == 1);
  const std::string& is = std::get<std::string>(found[0].evidence[1].value);
  CHECK(is.substr(0, 50) == "ib0 mode datagram; ib1 mode datagram; bond0 miimon");
}

TEST_CASE("An interface that is missing may still be set up", "[rules][unit]") {
  HostBuilder now;
  std::erase_if(now.links, [](const IpoibLink& link) { return link.name == "ib1"; });
  BeforeAfter world = After(now);
  CHECK(world.Of("host-settings-changed").empty());
  world.Look(ImageOf(now), 119s);
  CHECK(world.Of("host-settings-changed").empty());
  world.Look(ImageOf(now), 1s);
  CHECK(world.Of("host-settings-changed").size() == 1);
}

TEST_CASE("Settings that nobody could read are not changed", "[rules][unit]") {
  HostBuilder now;
  now.Deny(HostPart::kInterfaces);
  now.links.clear();
  now.bonds.clear();
  CHECK(After(now).Of("host-settings-changed").empty());
}

TEST_CASE("A bond with fewer live switches lost redundancy", "[rules][unit]") {
  HostBuilder now;
  now.PullCable(kHcaB);
  const auto found = After(now).Of("redundancy-lost");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
}

TEST_CASE("Other firmware of an adapter is a note", "[rules][unit]") {
  HostBuilder before, now;
  before.HcaNamed(kHcaA).firmware = "20.1";
  now.HcaNamed(kHcaA).firmware = "20.2";
  BeforeAfter world = After(now, before);
  REQUIRE(world.Told() == Rules{"firmware-changed"});
  CHECK(world.Of("firmware-changed")[0].severity == Severity::kNote);
}

Image Pair(MemberState a, MemberState b) {
  Image image;
  image.pairs = {{"core", {{Guid{1}, a}, {Guid{2}, b}}}};
  return image;
}

TEST_CASE("A pair with fewer live members lost redundancy, one that cannot be seen did not",
          "[rules][unit]") {
  BeforeAfter world{Pair(MemberState::kLive, MemberState::kLive)};
  world.Look(Pair(MemberState::kLive, MemberState::kDead));
  CHECK(world.Told() == Rules{"redundancy-lost"});
  world.Look(Pair(MemberState::kLive, MemberState::kUnknown));
  CHECK(world.judgement.findings.empty());
}

TEST_CASE("A host that does not report is compared with nothing", "[rules][unit]") {
  BeforeAfter world{ImageOf(HostBuilder{})};
  world.complete = false;
  CHECK(world.Look(Image{}).empty());
}

}  // namespace
}  // namespace aftershock::tests

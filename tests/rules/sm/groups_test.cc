#include <catch2/catch.hpp>

#include "managed.h"

namespace aftershock::tests {
namespace {

constexpr const char* kMissing = "ipoib-group-missing";
constexpr const char* kParameters = "ipoib-group-parameters";

// Codes: 4 is 2048 octets, 5 is 4096; 3 is 10 Gb/s, 12 is 4x FDR, 16 is 4x EDR.
FabricBuilder WithGroup(std::uint8_t rate = 3, std::uint8_t mtu = 4) {
  auto fabric = WithStandby();
  fabric.sa() = {.lid = Lid{1}, .answer = Answer::kAnswered, .group_answer = Answer::kAnswered};
  fabric.sa().group =
      GroupRecord{.q_key = 0xb1b, .mtu = mtu, .rate = rate, .sl = 0, .p_key = 0xffff, .mlid = Lid{0xc000}};
  return fabric;
}

FabricBuilder WithoutGroup() {
  auto fabric = WithGroup();
  fabric.sa().group.reset();
  fabric.sa().group_missing = true;
  return fabric;
}

void Join(FabricBuilder& fabric, Guid host, bool member = true) {
  fabric.At(host, 1).membership = {member, Answer::kAnswered, 1};
}

// What a bad cable makes of a port of host2: 1x EDR.
void Degrade(FabricBuilder& fabric) {
  fabric.At(kThirdHost, 1).info->width_active = 1;
}

TEST_CASE("A fabric that never had a broadcast group lacks none", "[rules][sm][unit]") {
  Plane plane;
  for (int i = 0; i < 3; ++i) plane.Sweep(WithoutGroup().Build());
  CHECK(Of(plane.findings(), kMissing).at(0).severity == Severity::kNote);
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("A broadcast group that was there is missed once two answers say so", "[rules][sm][unit]") {
  Plane plane;
  plane.Sweep(WithGroup().Build());
  CHECK(Of(plane.findings(), kMissing).empty());
  CHECK(Of(plane.Sweep(WithoutGroup().Build()), kMissing).at(0).severity == Severity::kNote);
  CHECK(Of(plane.Sweep(WithoutGroup().Build()), kMissing).at(0).severity == Severity::kCritical);
  CHECK(Of(plane.Sweep(WithGroup().Build()), kMissing).empty());
}

TEST_CASE("An SA that was not asked for the group does not lack it", "[rules][sm][unit]") {
  auto fabric = WithoutGroup();
  fabric.sa().group_answer = GENERATE(Answer::kNotAsked, Answer::kTimeout, Answer::kError);
  CHECK(Judged(fabric, kMissing).empty());
}

TEST_CASE("Members that can do what the group asks are no finding", "[rules][sm][unit]") {
  auto fabric = WithGroup(16, 5);
  Join(fabric, kThirdHost);
  CHECK(Judged(fabric, kParameters).empty());
}

TEST_CASE("A member's degraded port below the group's rate is a warning", "[rules][sm][unit]") {
  auto fabric = WithGroup(12);
  Join(fabric, kThirdHost);
  Degrade(fabric);
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), kParameters);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary ==
        "host2 port 1 to leaf0 port 3 runs at 25 Gb/s and the group at 56: it is a member, and would not be "
        "let "
        "in again");
}

TEST_CASE("A degraded port that has left the group is critical", "[rules][sm][unit]") {
  auto fabric = WithGroup(12);
  Join(fabric, kThirdHost);
  Plane plane;
  plane.Sweep(fabric.Build());
  Degrade(fabric);
  Join(fabric, kThirdHost, false);
  CHECK(Of(plane.Sweep(fabric.Build()), kParameters).at(0).severity == Severity::kCritical);
}

TEST_CASE("A degraded port above the group's rate is no matter of the group", "[rules][sm][unit]") {
  auto fabric = WithGroup(3);
  Join(fabric, kThirdHost);
  Degrade(fabric);
  CHECK(Judged(fabric, kParameters).empty());
}

TEST_CASE("A member with a smaller MTU than the group's is a warning", "[rules][sm][unit]") {
  auto fabric = WithGroup(3, 5);
  Join(fabric, kThirdHost);
  fabric.At(kThirdHost, 1).info->mtu_active = 4;
  Plane plane;
  CHECK(Alarms(plane.Sweep(fabric.Build()), kParameters).size() == 1);
}

TEST_CASE("A slow port that is not known as a member is a note", "[rules][sm][unit]") {
  auto fabric = WithGroup(12);
  Degrade(fabric);
  Plane plane;
  CHECK(Of(plane.Sweep(fabric.Build()), kParameters).at(0).severity == Severity::kNote);
}

TEST_CASE("A group that asks too much of most members is one finding", "[rules][sm][unit]") {
  auto fabric = WithGroup(21);
  for (const Guid host : {kMasterHost, kStandbyHost, kThirdHost}) Join(fabric, host);
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), kParameters);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject == Subject::Fabric());
  CHECK(
      found[0].summary.starts_with("The IPoIB broadcast group asks for more than 3 of its 3 members can do: "
                                   "host0 port 1 runs at 100 Gb/s and "
                                   "the group at 400, "));
}

TEST_CASE("Codes of rate and MTU that nobody knows are compared with nothing", "[rules][sm][unit]") {
  auto fabric = WithGroup(63, 15);
  Join(fabric, kThirdHost);
  CHECK(Judged(fabric, kParameters).empty());
}

}  // namespace
}  // namespace aftershock::tests

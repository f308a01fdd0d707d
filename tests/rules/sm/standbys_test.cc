#include <catch2/catch.hpp>

#include "managed.h"

namespace aftershock::tests {
namespace {

constexpr const char* kNoStandby = "sm-no-standby";
constexpr const char* kUnfit = "sm-standby-unfit";

Settings Expecting(std::vector<std::string> managers) {
  Settings settings;
  settings.fabric.subnet_managers = std::move(managers);
  return settings;
}

void Silence(SmSeen& seen) {
  seen.answer = Answer::kTimeout;
  seen.info.reset();
}

TEST_CASE("A single manager is a note, and two are none", "[rules][sm][unit]") {
  Plane plane;
  const auto found = Of(plane.Sweep(WithMaster().Build()), kNoStandby);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(Of(plane.Sweep(WithStandby().Build()), kNoStandby).empty());
}

TEST_CASE("A standby that was there in this run is missed", "[rules][sm][unit]") {
  Plane plane;
  plane.Sweep(WithStandby().Build());
  const auto found = Of(plane.Sweep(WithMaster().Build()), kNoStandby);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary ==
        "host0 is the only subnet manager: no other would take over; host1 stood by earlier");
}

TEST_CASE("After a failover the former master is not called a standby that is gone", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Plane plane;
  plane.Sweep(fabric.Build());
  Lead(fabric, kStandbyHost);
  std::erase_if(fabric.sms(), [](const SmSeen& seen) { return seen.port.node == kMasterHost; });
  const auto found = Of(plane.Sweep(fabric.Build()), kNoStandby);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].summary == "host1 is the only subnet manager: no other would take over");
}

TEST_CASE("Where two managers are configured a single one is a warning", "[rules][sm][unit]") {
  Plane plane(Expecting({"host0", "host1"}));
  CHECK(Alarms(plane.Sweep(WithMaster().Build()), kNoStandby).size() == 1);
  Plane one(Expecting({"host0"}));
  CHECK(Alarms(one.Sweep(WithMaster().Build()), kNoStandby).empty());
}

TEST_CASE("Where managers were not asked nothing is known of a standby", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  fabric.sms().clear();
  CHECK(Judged(fabric, kNoStandby).empty());
  fabric = WithMaster();
  fabric.sms()[0].answer = Answer::kNotAsked;
  fabric.sms()[0].info.reset();
  CHECK(Judged(fabric, kNoStandby).empty());
}

TEST_CASE("Without a master the lack of a standby is not told as well", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Silence(fabric.sms()[0]);
  fabric.sm().answer = Answer::kTimeout;
  Plane plane;
  plane.Sweep(WithStandby().Build());
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), kNoStandby).empty());
  CHECK(Of(plane.findings(), kUnfit).empty());
  CHECK(Of(plane.findings(), "sm-missing").size() == 1);
}

TEST_CASE("A manager whose port says that it is disabled owes no answer", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Silence(ManagerOn(fabric, kStandbyHost));
  fabric.At(kStandbyHost, 1).info->capability_mask |= kCapIsSmDisabled;
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), kUnfit).empty());
  CHECK(Of(plane.findings(), kNoStandby).size() == 1);
}

TEST_CASE("A standby that does not answer is unfit, and the lack of one is not told as well",
          "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Plane plane;
  plane.Sweep(fabric.Build());
  Silence(ManagerOn(fabric, kStandbyHost));
  const auto found = Of(plane.Sweep(fabric.Build()), kUnfit);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
  CHECK(found[0].subject == Subject::Host(kStandbyHost));
  CHECK(found[0].summary == "The subnet manager on host1 does not answer");
  CHECK(Of(plane.findings(), kNoStandby).empty());
}

TEST_CASE("A standby on a silent node is folded under the node", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Plane plane;
  plane.Sweep(fabric.Build());
  Silence(ManagerOn(fabric, kStandbyHost));
  fabric.At(kStandbyHost).answer = Answer::kTimeout;
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), kUnfit).at(0).because == "node-unresponsive host:0x0000000000000002");
}

TEST_CASE("A sweep cut short before it asked a standby does not call it silent", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  Silence(ManagerOn(fabric, kStandbyHost));
  ManagerOn(fabric, kStandbyHost).answer = Answer::kUnreachable;
  fabric.sweep().complete = false;
  CHECK(Judged(fabric, kUnfit).empty());
}

TEST_CASE("A standby that is NOTACTIVE is unfit", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kNotActive;
  Plane plane;
  CHECK(Alarms(plane.Sweep(fabric.Build()), kUnfit).at(0).summary ==
        "The subnet manager on host1 is NOTACTIVE: it was told not to take part");
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("A manager that discovers is a note, and unfit when it does so for ever", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kDiscovering;
  Plane plane;
  for (int i = 0; i < 6; ++i) {
    REQUIRE(Of(plane.Sweep(fabric.Build()), kUnfit).size() == 1);
    CHECK(plane.verdict() == Verdict::kOk);
  }
  CHECK(Alarms(plane.Sweep(fabric.Build()), kUnfit).at(0).summary ==
        "The subnet manager on host1 is DISCOVERING, for 60 s");
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kStandby;
  CHECK(Of(plane.Sweep(fabric.Build()), kUnfit).empty());
}

TEST_CASE("A standby above the master is a note until the handover is overdue", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->priority = 9;
  Plane plane;
  for (int i = 0; i < 6; ++i) plane.Sweep(fabric.Build());
  CHECK(plane.verdict() == Verdict::kOk);
  plane.Sweep(fabric.Build());
  CHECK(Alarms(plane.findings(), kUnfit).at(0).summary ==
        "The subnet manager on host1 stands by with priority 9, above the master's, for 60 s");
}

TEST_CASE("A standby with the master's priority is fit, whichever GUID is lower", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  for (SmSeen& seen : fabric.sms()) seen.info->priority = 5;
  Lead(fabric, GENERATE(kMasterHost, kStandbyHost));
  Plane plane;
  for (int i = 0; i < 12; ++i) plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), kUnfit).empty());
}

TEST_CASE("Managers in the configured order are fit", "[rules][sm][unit]") {
  Plane plane(Expecting({"host0", "0x0000000000000002"}));
  plane.Sweep(WithStandby().Build());
  CHECK(plane.verdict() == Verdict::kOk);
  CHECK(Of(plane.findings(), kUnfit).empty());
}

TEST_CASE("Priorities against the configured order are told of the one that is too high",
          "[rules][sm][unit]") {
  Plane plane(Expecting({"host1", "host0"}));
  const auto found = Of(plane.Sweep(WithStandby().Build()), kUnfit);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject == Subject::Host(kMasterHost));
  CHECK(
      found[0].summary ==
      "The subnet manager on host0 goes before host1 by its priority 5, and is configured to come after it");
}

TEST_CASE("A manager on no configured node, and none on a configured one, are told", "[rules][sm][unit]") {
  Plane plane(Expecting({"host0", "host2", "elsewhere"}));
  const auto found = Of(plane.Sweep(WithStandby().Build()), kUnfit);
  REQUIRE(found.size() == 3);
  std::vector<std::string> told;
  for (const Finding& f : found) told.push_back(f.summary);
  CHECK_THAT(told, Catch::UnorderedEquals(std::vector<std::string>{
                       "The subnet manager on host1 is none of the configured ones",
                       "No subnet manager runs on host2, as it is configured to",
                       "No subnet manager runs on elsewhere, as it is configured to"}));
}

TEST_CASE("A standby lost with its switch is folded under the switch", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  const Guid spine{5};
  const Port& port = fabric.At(spine, 0);
  fabric.sms().push_back({{spine, 0},
                          Guid{5000},
                          port.info->lid,
                          Answer::kAnswered,
                          SmInfo{Guid{5000}, 1, 3, SmState::kStandby}});
  Plane plane;
  plane.Sweep(fabric.Build());
  fabric.Remove(spine);
  fabric.sms().pop_back();
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), kNoStandby).at(0).because == "switch-lost switch:0x0000000000000005");
}

}  // namespace
}  // namespace aftershock::tests

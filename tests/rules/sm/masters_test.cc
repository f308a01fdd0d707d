#include <catch2/catch.hpp>

#include "managed.h"

namespace aftershock::tests {
namespace {

TEST_CASE("One master is no finding, alone and with a standby", "[rules][sm][unit]") {
  Plane plane;
  for (auto fabric : {WithMaster(), WithStandby()}) {
    for (int i = 0; i < 3; ++i) plane.Sweep(fabric.Build());
    CHECK(plane.verdict() == Verdict::kOk);
    CHECK(Of(plane.findings(), "sm-missing").empty());
    CHECK(Of(plane.findings(), "sm-several").empty());
  }
}

TEST_CASE("No answer at the SM LID is critical", "[rules][sm][unit]") {
  auto fabric = FatTree();
  fabric.sm().answer = Answer::kTimeout;
  Plane plane;
  CHECK(Of(plane.Sweep(fabric.Build()), "sm-missing").size() == 1);
  CHECK(plane.verdict() == Verdict::kCritical);
}

TEST_CASE("A standby at the SM LID is no master", "[rules][sm][unit]") {
  auto fabric = FatTree();
  fabric.sm().info->state = SmState::kStandby;
  const auto found = Judged(fabric, "sm-missing");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "What answers at the subnet manager's LID 1 is STANDBY, not MASTER");
}

TEST_CASE("An SM that was never asked for is not missing", "[rules][sm][unit]") {
  auto fabric = FatTree();
  fabric.sm() = {};
  CHECK(Judged(fabric, "sm-missing").empty());
}

TEST_CASE("A sweep that ended before it asked for the SM does not call it missing", "[rules][sm][unit]") {
  auto fabric = FatTree();
  fabric.sm().answer = Answer::kUnreachable;
  fabric.sweep().complete = false;
  CHECK(Judged(fabric, "sm-missing").empty());
}

TEST_CASE("Managers that all stand by are no master", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kMasterHost).info->state = SmState::kStandby;
  fabric.sm().info->state = SmState::kStandby;
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "sm-missing");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].summary == "No subnet manager is MASTER: host0 is STANDBY, host1 is STANDBY");
}

TEST_CASE("A master that answers elsewhere than at our SM LID is not missing", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  fabric.sm() = {Lid{40}, Answer::kTimeout, {}};
  CHECK(Judged(fabric, "sm-missing").empty());
}

TEST_CASE("While a manager discovers, a missing master is a warning for a while", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kMasterHost).answer = Answer::kTimeout;
  ManagerOn(fabric, kMasterHost).info.reset();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kDiscovering;
  fabric.sm() = {Lid{1}, Answer::kTimeout, {}};
  Plane plane;
  for (int i = 0; i <= 11; ++i) {
    CHECK(Of(plane.Sweep(fabric.Build()), "sm-missing").at(0).severity == Severity::kWarning);
  }
  CHECK(Of(plane.Sweep(fabric.Build()), "sm-missing").at(0).severity == Severity::kCritical);
}

TEST_CASE("Two masters are a warning, and critical when seen again", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kMaster;
  Plane plane;
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), "sm-several").at(0).severity == Severity::kWarning);
  plane.Sweep(fabric.Build(), 2s);
  CHECK(Of(plane.findings(), "sm-several").at(0).severity == Severity::kWarning);
  plane.Sweep(fabric.Build(), 1s);
  REQUIRE(Of(plane.findings(), "sm-several").size() == 1);
  CHECK(Of(plane.findings(), "sm-several")[0].severity == Severity::kCritical);
  CHECK(
      Of(plane.findings(), "sm-several")[0].summary ==
      "2 subnet managers are MASTER at once: host0 at LID 1 with priority 5, host1 at LID 3 with priority 3");
}

TEST_CASE("A master that has said in the same sweep that it stands by is no second one",
          "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kMaster;
  ManagerOn(fabric, kMasterHost).info->state = SmState::kStandby;  // and was MASTER at the SM LID before
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), "sm-several").empty());
  CHECK(Of(plane.findings(), "sm-missing").empty());
}

TEST_CASE("A second manager that does not answer is no second master", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost) = {{kStandbyHost, 1}, Guid{2001}, Lid{3}, Answer::kTimeout, {}};
  CHECK(Judged(fabric, "sm-several").empty());
}

TEST_CASE("A LID given out twice by two masters is folded under them", "[rules][sm][unit]") {
  auto fabric = WithStandby();
  ManagerOn(fabric, kStandbyHost).info->state = SmState::kMaster;
  fabric.At(Guid{4}, 1).info->lid = fabric.At(Guid{3}, 1).info->lid;
  Plane plane;
  plane.Sweep(fabric.Build());
  plane.Sweep(fabric.Build());
  CHECK(Of(plane.findings(), "lid-duplicate").at(0).because == "sm-several fabric");
}

// Sweeps of a master that raises its count by `step` each time.
void Run(Plane& plane, FabricBuilder& fabric, int sweeps, std::uint32_t step, Duration apart = 60s) {
  for (int i = 0; i < sweeps; ++i) {
    ManagerOn(fabric, kMasterHost).info->activity += step;
    fabric.sm().info->activity += step;
    plane.Sweep(fabric.Build(), apart);
  }
}

TEST_CASE("A master that moved regularly and no longer moves is stuck after a while", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Plane plane;
  const std::uint32_t still = GENERATE(0u, 1u);  // 1: OpenSM counts its answer to us
  Run(plane, fabric, 12, 40);
  Run(plane, fabric, 9, still);
  CHECK(Of(plane.findings(), "sm-stuck").empty());
  Run(plane, fabric, 1, still);
  REQUIRE(Of(plane.findings(), "sm-stuck").size() == 1);
  CHECK(Of(plane.findings(), "sm-stuck")[0].summary ==
        "The subnet manager on host0 answers as MASTER and has done nothing for 10 min");
  CHECK(plane.verdict() == Verdict::kWarning);
  Run(plane, fabric, 1, 40);
  CHECK(Of(plane.findings(), "sm-stuck").empty());
}

TEST_CASE("That we asked a master again and again in a sweep does not make it move", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Plane plane;
  Run(plane, fabric, 12, 40);
  for (int i = 0; i < 12; ++i) {
    fabric.sm().last_activity = fabric.sm().info->activity + 7 + 6;
    Run(plane, fabric, 1, 7);
  }
  CHECK(Of(plane.findings(), "sm-stuck").size() == 1);
}

TEST_CASE("A master that never moved by itself is not stuck", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Plane plane;
  Run(plane, fabric, 60, 1);
  CHECK(Of(plane.findings(), "sm-stuck").empty());
}

TEST_CASE("A master that moves only now and then is not stuck between", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Plane plane;
  for (int i = 0; i < 6; ++i) {
    Run(plane, fabric, 7, 1);
    Run(plane, fabric, 1, 40);
  }
  Run(plane, fabric, 30, 1);
  CHECK(Of(plane.findings(), "sm-stuck").empty());
}

TEST_CASE("Sweeps ten seconds apart and looks one second apart are still regular", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Plane plane;
  for (int i = 0; i < 70; ++i) {
    Run(plane, fabric, 9, 1, 1s);
    Run(plane, fabric, 1, 7, 1s);
  }
  Run(plane, fabric, 11, 1, 60s);
  CHECK(Of(plane.findings(), "sm-stuck").size() == 1);
}

TEST_CASE("A master that does not answer is not stuck", "[rules][sm][unit]") {
  auto fabric = WithMaster();
  Plane plane;
  Run(plane, fabric, 12, 40);
  fabric.sms()[0].info.reset();
  fabric.sms()[0].answer = fabric.sm().answer = Answer::kTimeout;
  for (int i = 0; i < 20; ++i) plane.Sweep(fabric.Build(), 60s);
  CHECK(Of(plane.findings(), "sm-stuck").empty());
  CHECK(Of(plane.findings(), "sm-missing").size() == 1);
}

}  // namespace
}  // namespace aftershock::tests

#include "app/gate_verdict.h"

#include <catch2/catch.hpp>

#include "app/first_seen.h"
#include "app/journal_use.h"

namespace aftershock::app {
namespace {

using namespace std::chrono_literals;

const WallTime kNow{std::chrono::hours(24 * 365 * 40)};

Window In(WindowState state) {
  Window window;
  window.id = 12;
  window.title = "sw2";
  window.state = state;
  window.verify = 3min;
  window.soak = 1h;
  return window;
}

GateFacts Alive() {
  GateFacts facts;
  facts.now = kNow;
  return facts;
}

int Code(const Window& window, const GateFacts& facts = Alive()) {
  return ExitCode(JudgeGate(window, facts).gate);
}

TEST_CASE("Passed is 0, failed 2, all before the end 1, cancelled 3", "[app][gate]") {
  CHECK(Code(In(WindowState::kPassed)) == 0);
  CHECK(Code(In(WindowState::kFailed)) == 2);
  CHECK(Code(In(WindowState::kPlanned)) == 1);
  CHECK(Code(In(WindowState::kOpen)) == 1);
  CHECK(Code(In(WindowState::kVerifying)) == 1);
  CHECK(Code(In(WindowState::kSoaking)) == 1);
  CHECK(Code(In(WindowState::kCancelled)) == 3);
}

TEST_CASE("Without a living monitor a window that has not ended is 3", "[app][gate]") {
  GateFacts facts = Alive();
  facts.nobody = "the monitor is dead";
  CHECK(Code(In(WindowState::kOpen), facts) == 3);
  CHECK(Code(In(WindowState::kSoaking), facts) == 3);
  CHECK(Code(In(WindowState::kPassed), facts) == 0);
  CHECK(Code(In(WindowState::kFailed), facts) == 2);
}

TEST_CASE("What was not seen is 3, and named", "[app][gate]") {
  Window window = In(WindowState::kSoaking);
  window.missing = {"node9 does not answer"};
  CHECK(JudgeGate(window, Alive()).missing == window.missing);
  CHECK(Code(window) == 3);
  GateFacts facts = Alive();
  facts.missing = {"host:node7 does not report here"};
  CHECK(Code(In(WindowState::kPassed), facts) == 3);
  CHECK(Code(In(WindowState::kFailed), facts) == 2);
}

TEST_CASE("What a host in scope found is 2, whatever else is unknown", "[app][gate]") {
  GateFacts facts = Alive();
  facts.against = {"node7: ipoib-not-member"};
  facts.missing = {"node8 is silent"};
  CHECK(Code(In(WindowState::kPassed), facts) == 2);
  CHECK(Code(In(WindowState::kSoaking), facts) == 2);
}

TEST_CASE("A hold says what is awaited and until when", "[app][gate]") {
  Window window = In(WindowState::kVerifying);
  window.watched = 1min;
  window.awaited = {"sw2 has to be back"};
  const GateAnswer answer = JudgeGate(window, Alive());
  CHECK(answer.not_before == kNow + 62min);
  REQUIRE(answer.awaited.size() == 2);
  CHECK(answer.awaited.front() == "sw2 has to be back");
}

TEST_CASE("A failure names the findings that failed it", "[app][gate]") {
  Window window = In(WindowState::kFailed);
  window.findings = {{"member-left host:0x7", "node7 left", Severity::kCritical, false, kNow, 1, "in scope"}};
  const GateAnswer answer = JudgeGate(window, Alive());
  REQUIRE(answer.because.size() == 1);
  CHECK(answer.because.front() == "member-left host:0x7: node7 left (in scope)");
  const auto json = ToJson(answer, &window);
  CHECK(json["schema"] == 1);
  CHECK(json["exit_code"] == 2);
  CHECK(json["verdict"] == "failed");
}

journal::Heartbeat BeatAt(WallTime wall, Duration boot) {
  return {wall, "boot-a", boot, "monitor", 30s};
}

TEST_CASE("A heartbeat that is old, from the future or missing is nobody", "[app][gate]") {
  CHECK(NobodyThere(std::nullopt, kNow, "boot-a", 1h));
  CHECK_FALSE(NobodyThere(BeatAt(kNow, 1h), kNow, "boot-a", 1h + 10s));
  CHECK(NobodyThere(BeatAt(kNow, 1h), kNow, "boot-a", 1h + 31s));
  CHECK(NobodyThere(BeatAt(kNow - 1min, 1h), kNow, "boot-b", 1s));
  CHECK(NobodyThere(BeatAt(kNow + 1h, 1h), kNow, "boot-b", 1s));
}

TEST_CASE("A wall clock that was set does not kill a monitor of this boot", "[app][gate]") {
  CHECK_FALSE(NobodyThere(BeatAt(kNow + 5h, 1h), kNow, "boot-a", 1h + 5s));
  CHECK(NobodyThere(BeatAt(kNow, 1h), kNow, "boot-a", 3h));
}

TEST_CASE("A window is found by name or its only title", "[app][gate]") {
  std::vector<Window> windows{In(WindowState::kPassed), In(WindowState::kOpen)};
  windows.back().id = 13;
  CHECK(FindWindow(windows, "w13")->id == 13);
  CHECK(FindWindow(windows, "12")->id == 12);
  const auto twice = FindWindow(windows, "sw2");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().what.find("w12 (passed), w13 (open)") != std::string::npos);
  windows.back().title = "sw3";
  CHECK(FindWindow(windows, "sw3")->id == 13);
  CHECK_FALSE(FindWindow(windows, "w14"));
}

Finding Some(WallTime since) {
  Finding finding;
  finding.rule = "link-lost";
  finding.since = since;
  return finding;
}

journal::FindingRow Row(WallTime first, std::optional<WallTime> ended) {
  return {1, Some(first), first, ended.value_or(kNow), ended, std::nullopt};
}

WallTime Stamped(FirstSeen& seen, WallTime since, WallTime now, SteadyTime at = SteadyTime(1h)) {
  std::vector<Finding> findings{Some(since)};
  seen.Stamp(findings, now, at);
  return *findings.front().since;
}

TEST_CASE("A finding keeps its time over a restart of the monitor", "[app][windows]") {
  FirstSeen seen;
  seen.Load({Row(kNow - 1h, std::nullopt)}, kNow);
  CHECK(Stamped(seen, kNow + 10s, kNow + 10s) == kNow - 1h);
}

TEST_CASE("What ended shortly before is the same finding, what ended long ago is not", "[app][windows]") {
  FirstSeen seen;
  seen.Load({Row(kNow - 1h, kNow - 5min)}, kNow);
  CHECK(Stamped(seen, kNow + 10s, kNow + 10s) == kNow - 1h);
  FirstSeen forgot;
  forgot.Load({Row(kNow - 2h, kNow - 1h)}, kNow);
  CHECK(Stamped(forgot, kNow + 10s, kNow + 10s) == kNow + 10s);
}

TEST_CASE("What did not stand when a window was opened begins anew when it comes again", "[app][windows]") {
  FirstSeen seen;
  CHECK(Stamped(seen, kNow, kNow) == kNow);
  std::vector<Finding> none;
  seen.Stamp(none, kNow + 10s, SteadyTime(1h + 10s));
  CHECK(Stamped(seen, kNow + 20s, kNow + 20s, SteadyTime(1h + 20s)) == kNow);
  seen.Stamp(none, kNow + 30s, SteadyTime(1h + 30s));
  seen.ForgetAbsent();
  CHECK(Stamped(seen, kNow + 40s, kNow + 40s, SteadyTime(1h + 40s)) == kNow + 40s);
  seen.ForgetAbsent();
  CHECK(Stamped(seen, kNow + 50s, kNow + 50s, SteadyTime(1h + 50s)) == kNow + 40s);
}

TEST_CASE("A clock that was set back makes nothing new look old", "[app][windows]") {
  FirstSeen seen;
  seen.Load({}, kNow);
  CHECK(Stamped(seen, kNow - 5h, kNow - 5h) == kNow);
  CHECK(seen.Forward(kNow - 5h) == kNow);
  CHECK(seen.Forward(kNow + 1h) == kNow + 1h);
}

}  // namespace
}  // namespace aftershock::app

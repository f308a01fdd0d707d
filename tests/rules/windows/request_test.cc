// What commands ask, and what has to hold before a window is opened.
#include <catch2/catch.hpp>

#include "build_window.h"
#include "rules/windows/advance.h"

namespace aftershock::rules {
namespace {

using namespace aftershock::tests;
using Catch::Matchers::Contains;

const Image kImage = TwoSwitches();

Answered Ask(Window window, RequestKind kind, std::optional<Duration> soak = {}) {
  Request request;
  request.kind = kind;
  request.by = "root@mgmt1 (pid 4711)";
  request.soak = soak;
  return Apply(std::move(window), request, kOpened + 10min);
}

PreflightFacts Good() {
  PreflightFacts facts;
  facts.now = kOpened;
  facts.snapshot = kOpened - 1min;
  facts.baseline = true;
  facts.image = facts.latest = &kImage;
  return facts;
}

TEST_CASE("Opening, closing and cancelling are noted with who asked", "[rules][windows]") {
  Answered answer = Ask(OnSw2(WindowState::kPlanned), RequestKind::kOpen);
  CHECK(answer.window.state == WindowState::kOpen);
  CHECK(answer.window.opened == kOpened + 10min);
  answer = Ask(answer.window, RequestKind::kClose);
  CHECK(answer.window.state == WindowState::kVerifying);
  CHECK(answer.window.closed == kOpened + 10min);
  answer = Ask(answer.window, RequestKind::kCancel);
  CHECK(answer.window.state == WindowState::kCancelled);
  CHECK(answer.window.ended);
  REQUIRE(answer.window.transitions.size() == 3);
  CHECK(answer.window.transitions.front().by == "root@mgmt1 (pid 4711)");
}

TEST_CASE("A request that does not fit the state is refused with the state", "[rules][windows]") {
  CHECK_THAT(*Ask(OnSw2(WindowState::kSoaking), RequestKind::kClose).refused, Contains("w12 is soaking"));
  CHECK(Ask(OnSw2(WindowState::kPlanned), RequestKind::kClose).refused);
  CHECK(Ask(OnSw2(WindowState::kOpen), RequestKind::kOpen).refused);
  for (const WindowState ended : {WindowState::kPassed, WindowState::kFailed, WindowState::kCancelled}) {
    for (const RequestKind kind :
         {RequestKind::kOpen, RequestKind::kClose, RequestKind::kCancel, RequestKind::kExtend})
      CHECK(Ask(OnSw2(ended), kind, 2h).refused);
  }
  CHECK(Ask(OnSw2(), RequestKind::kAccept).refused);
}

TEST_CASE("What was done and not answered is not refused when it is asked again", "[rules][windows]") {
  const Window planned = OnSw2(WindowState::kPlanned);
  const Answered opened = Ask(planned, RequestKind::kOpen);
  const Answered again = Ask(opened.window, RequestKind::kOpen);
  CHECK_FALSE(again.refused);
  CHECK(again.window == opened.window);
  const Answered closed = Ask(opened.window, RequestKind::kClose);
  CHECK_FALSE(Ask(closed.window, RequestKind::kClose).refused);
  const Answered longer = Ask(closed.window, RequestKind::kExtend, 2h);
  CHECK(Ask(longer.window, RequestKind::kExtend, 2h).window == longer.window);
  const Answered cancelled = Ask(closed.window, RequestKind::kCancel);
  CHECK_FALSE(Ask(cancelled.window, RequestKind::kCancel).refused);
}

TEST_CASE("A window that somebody else opened says who, and when", "[rules][windows]") {
  Window open = Ask(OnSw2(WindowState::kPlanned), RequestKind::kOpen).window;
  open.transitions.front().by = "root@mgmt2 (pid 1)";
  CHECK_THAT(*Ask(open, RequestKind::kOpen).refused,
             Contains("it was opened at ") && Contains("by root@mgmt2 (pid 1), and is opened once"));
}

TEST_CASE("A soak is made longer, never shorter", "[rules][windows]") {
  Window soaking = OnSw2(WindowState::kSoaking);
  soaking.watched = 30min;
  const Answered longer = Ask(soaking, RequestKind::kExtend, 2h);
  CHECK_FALSE(longer.refused);
  CHECK(longer.window.soak == 2h);
  CHECK(longer.window.watched == 30min);
  CHECK(Ask(soaking, RequestKind::kExtend, 30min).refused);
  CHECK(Ask(soaking, RequestKind::kExtend).refused);
}

TEST_CASE("With nothing against it the preflight is 0", "[rules][windows]") {
  CHECK(CheckPreflight(OnSw2(WindowState::kPlanned), Good()).ExitCode() == 0);
}

TEST_CASE("What is critical in scope refuses with 2, what is unknown with 3", "[rules][windows]") {
  PreflightFacts facts = Good();
  std::vector<Finding> findings{Found("node-unresponsive", SwitchOf(kSw2), kOpened - 1h, Severity::kWarning)};
  findings.front().unknown = true;
  facts.findings = findings;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
  findings.push_back(Found("link-lost", Subject::Link({kSw2, 8}), kOpened - 1h));
  facts.findings = findings;
  const Preflight preflight = CheckPreflight(OnSw2(), facts);
  CHECK(preflight.ExitCode() == 2);
  CHECK(preflight.mend.size() == preflight.critical.size() + preflight.unknown.size());
}

TEST_CASE("What is critical far away, accepted or only a warning refuses nothing", "[rules][windows]") {
  PreflightFacts facts = Good();
  std::vector<Finding> findings{Found("link-lost", Subject::Pair("other")),
                                Found("link-lost", SwitchOf(kSw2), kOpened, Severity::kWarning),
                                Found("link-lost", SwitchOf(kSw2))};
  findings.back().accepted = "ticket 4711";
  facts.findings = findings;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 0);
}

TEST_CASE("An old sweep, one from the future, none, and no baseline each are 3", "[rules][windows]") {
  PreflightFacts facts = Good();
  facts.snapshot = kOpened - 5min;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
  facts.snapshot = kOpened + 1h;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
  facts.snapshot.reset();
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
  facts = Good();
  facts.baseline = false;
  facts.baseline_lacks = "baseline is 4 min old, needs 10 min";
  CHECK(CheckPreflight(OnSw2(), facts).unknown == std::vector<std::string>{facts.baseline_lacks});
}

TEST_CASE("A missing master is 2, and so is a standby that was there", "[rules][windows]") {
  Image latest = kImage;
  PreflightFacts facts = Good();
  facts.latest = &latest;
  latest.planes.begin()->second.sm->ports.pop_back();
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 2);
  latest.planes.begin()->second.sm->master.reset();
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 2);
  latest.planes.begin()->second.sm.reset();
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
}

TEST_CASE("A plan that says no is 2, one that is not known is 3", "[rules][windows]") {
  PreflightFacts facts = Good();
  facts.plan_wanted = true;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
  Plan plan;
  facts.plan = &plan;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 3);
  plan.verdict = Verdict::kCritical;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 2);
  plan.verdict = Verdict::kWarning;
  CHECK(CheckPreflight(OnSw2(), facts).ExitCode() == 0);
}

TEST_CASE("Nothing is opened where another window says hands off", "[rules][windows]") {
  PreflightFacts facts = Good();
  std::vector<Window> windows{OnSw2()};
  windows.front().hands_off = true;
  facts.windows = windows;
  Window other = OnSw2(WindowState::kPlanned);
  CHECK(CheckPreflight(other, facts).ExitCode() == 2);
  windows.front().hands_off = false;
  CHECK(CheckPreflight(other, facts).ExitCode() == 0);
}

TEST_CASE("The soak is as long as the slowest mechanism, which comes first", "[rules][windows]") {
  CHECK(SoakReasons({}).front().needed == 24h);
  const auto reasons = SoakReasons({true, false, 40e9});
  CHECK(reasons.size() == 4);
  CHECK(reasons.front().needed == 24h);
  const auto errors = std::ranges::find_if(
      reasons, [](const SoakReason& r) { return r.because.find("bit error ratio") != std::string::npos; });
  REQUIRE(errors != reasons.end());
  CHECK(errors->needed > 20h);
  CHECK(errors->needed < 21h);
  CHECK(SoakReasons({true, true, 2.5e9}).front().needed == 24h);
}

TEST_CASE("Subjects are found by name, host's name and GUID", "[rules][windows]") {
  CHECK(ResolveSubject("switch:sw2", kImage)->subject == SwitchOf(kSw2));
  CHECK(ResolveSubject("host:node9", kImage)->subject == Subject::Host(kNode9));
  CHECK(ResolveSubject("host:node9", kImage)->name == "node9");
  CHECK(ResolveSubject("switch:0x2", kImage)->name == "sw2");
  CHECK(ResolveSubject("link:0x1/8", kImage)->subject == Subject::Link({kSw1, 8}));
  CHECK(ResolveSubject("pair:core", kImage)->subject == Subject::Pair("core"));
  CHECK(ResolveSubject("fabric", kImage)->text == "fabric");
}

TEST_CASE("A subject that is not there or ambiguous is an error with candidates", "[rules][windows]") {
  for (const char* bad :
       {"switch:", "sw2", "host:sw2", "switch:node9", "link:0x1/7", "link:0x1", "pair:edge", ""})
    CHECK_FALSE(ResolveSubject(bad, kImage));
  Image twins = kImage;
  twins.planes.begin()->second.nodes[0].name = "sw2";
  const auto item = ResolveSubject("switch:sw2", twins);
  REQUIRE_FALSE(item);
  CHECK_THAT(item.error().what, Contains("0x0000000000000001") && Contains("0x0000000000000002"));
}

}  // namespace
}  // namespace aftershock::rules

// Moving a window on.
#include <catch2/catch.hpp>

#include "build_window.h"
#include "rules/windows/advance.h"
#include "rules/windows/explain.h"

namespace aftershock::rules {
namespace {

using namespace aftershock::tests;

const Image kImage = TwoSwitches();
const Settings kSettings;

// A step that saw everything, and found nothing.
WindowFacts Quiet(Duration elapsed = 1min) {
  WindowFacts facts;
  facts.now = facts.baseline = &kImage;
  facts.complete = true;
  facts.elapsed = elapsed;
  facts.sweeps_since_close = 2;
  facts.at = kOpened + 20min;
  return facts;
}

WindowFacts WithAll(std::vector<Finding> findings, const Window& window, Duration elapsed = 1min) {
  WindowFacts facts = Quiet(elapsed);
  facts.findings = std::move(findings);
  Explain(facts.findings, {&window, 1}, &kImage, facts.at);
  return facts;
}

WindowFacts With(Finding finding, const Window& window, Duration elapsed = 1min) {
  return WithAll({std::move(finding)}, window, elapsed);
}

Window Step(const Window& window, const WindowFacts& facts) {
  return Advance(window, facts, kSettings);
}

TEST_CASE("A quiet verification becomes a soak, and a quiet soak passes", "[rules][windows]") {
  Window window = Step(OnSw2(WindowState::kVerifying), Quiet(3min));
  CHECK(window.state == WindowState::kSoaking);
  CHECK(window.watched == Duration::zero());
  window = Step(window, Quiet(59min));
  CHECK(window.state == WindowState::kSoaking);
  window = Step(window, Quiet(1min));
  CHECK(window.state == WindowState::kPassed);
  CHECK(window.ended == kOpened + 20min);
  REQUIRE(window.transitions.size() == 2);
  CHECK(window.transitions.back().by == "monitor");
}

TEST_CASE("Time that was not watched shortens nothing", "[rules][windows]") {
  WindowFacts facts = Quiet(100h);
  facts.missing = {"node9 does not answer"};
  const Window window = Step(OnSw2(WindowState::kSoaking), facts);
  CHECK(window.state == WindowState::kSoaking);
  CHECK(window.watched == Duration::zero());
  CHECK(window.missing == facts.missing);
}

TEST_CASE("A partial look holds the window and says so", "[rules][windows]") {
  WindowFacts facts = Quiet(100h);
  facts.complete = false;
  const Window window = Step(OnSw2(WindowState::kSoaking), facts);
  CHECK(window.state == WindowState::kSoaking);
  CHECK(window.missing.size() == 1);
}

TEST_CASE("Without a baseline a window never passes", "[rules][windows]") {
  WindowFacts facts = Quiet(100h);
  facts.baseline = nullptr;
  CHECK(Step(OnSw2(WindowState::kSoaking), facts).missing.size() == 1);
  CHECK(Step(OnSw2(WindowState::kSoaking), facts).state == WindowState::kSoaking);
}

TEST_CASE("What could not be seen in scope holds, and does not fail", "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  Finding finding = Found("node-unresponsive", SwitchOf(kSw2), kOpened + 1min, Severity::kWarning);
  finding.unknown = true;
  const Window window = Step(soaking, With(finding, soaking, 100h));
  CHECK(window.state == WindowState::kSoaking);
  CHECK(window.watched == Duration::zero());
  CHECK(window.missing == std::vector<std::string>{"node-unresponsive it is"});
}

TEST_CASE("What was not seen since before the window was opened holds as well", "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  Finding finding = Found("node-unresponsive", SwitchOf(kSw2), kOpened - 1h, Severity::kWarning);
  finding.unknown = true;
  CHECK(Step(soaking, With(finding, soaking, 100h)).missing.size() == 1);
}

TEST_CASE("A critical finding of the window's fails a soak at once, and that is final", "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  Window window = Step(soaking, With(Found("member-left", SwitchOf(kSw2)), soaking));
  CHECK(window.state == WindowState::kFailed);
  REQUIRE(window.findings.size() == 1);
  CHECK(window.findings.front().key == "member-left switch:0x0000000000000002");
  CHECK(window.findings.front().score > kAttributed);
  CHECK_FALSE(window.findings.front().because.empty());
  window = Step(window, Quiet(100h));
  CHECK(window.state == WindowState::kFailed);
}

TEST_CASE("A critical finding has a third of the verification to go away", "[rules][windows]") {
  const Window verifying = OnSw2(WindowState::kVerifying);
  const Finding lost = Found("switch-lost", SwitchOf(kSw2));
  Window window = Step(verifying, With(lost, verifying, 30s));
  CHECK(window.state == WindowState::kVerifying);
  CHECK(window.awaited.size() == 1);
  CHECK(Step(window, With(lost, verifying, 30s)).state == WindowState::kFailed);
  CHECK(Step(window, Quiet(30s)).state == WindowState::kVerifying);
}

TEST_CASE("One sweep after closing decides nothing", "[rules][windows]") {
  WindowFacts facts = Quiet(1h);
  facts.sweeps_since_close = 1;
  CHECK(Step(OnSw2(WindowState::kVerifying), facts).state == WindowState::kVerifying);
  facts.findings = {Found("switch-lost", SwitchOf(kSw2))};
  CHECK(Step(OnSw2(WindowState::kVerifying), facts).state == WindowState::kVerifying);
}

TEST_CASE("A warning of the window's keeps it from passing, and does not fail it", "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  const Finding slower = Found("link-slower", Subject::Link({kSw1, 8}), kOpened + 1min, Severity::kWarning);
  const Window window = Step(soaking, With(slower, soaking, 2h));
  CHECK(window.state == WindowState::kSoaking);
  CHECK(window.awaited.size() == 1);
  CHECK(Step(window, Quiet(1s)).state == WindowState::kPassed);
}

TEST_CASE("A note changes nothing, nor does what is accepted, folded or elsewhere", "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  CHECK(
      Step(soaking, With(Found("route-missing", SwitchOf(kSw2), kOpened + 1s, Severity::kNote), soaking, 1h))
          .state == WindowState::kPassed);
  Finding accepted = Found("switch-lost", SwitchOf(kSw2));
  accepted.accepted = "ticket 4711";
  CHECK(Step(soaking, With(accepted, soaking, 1h)).state == WindowState::kPassed);
  Finding folded = Found("link-lost", SwitchOf(kSw2));
  folded.because = Key(accepted);
  CHECK(Step(soaking, WithAll({accepted, folded}, soaking, 1h)).state == WindowState::kPassed);
  CHECK(Step(soaking, With(Found("link-lost", Subject::Pair("other")), soaking, 1h)).state ==
        WindowState::kPassed);
}

TEST_CASE(
    "What is folded under something that this window has nothing to do with counts as if it stood by itself",
    "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  const Finding flapped = Found("link-flapping", SwitchOf(kSw2), kOpened - 1h, Severity::kWarning);
  Finding pulled = Found("link-lost", SwitchOf(kSw2), kOpened + 1min, Severity::kWarning);
  pulled.because = Key(flapped);
  const Window held = Step(soaking, WithAll({flapped, pulled}, soaking, 1h));
  CHECK(held.state == WindowState::kSoaking);
  CHECK(held.awaited.size() == 1);
  CHECK(Step(soaking, WithAll({flapped}, soaking, 1h)).state == WindowState::kPassed);
}

TEST_CASE(
    "A node that went in the window's time and scope has to be back, though that it is gone is a note so far",
    "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  const Finding gone = Found("node-lost", SwitchOf(kSw2), kOpened + 1s, Severity::kNote);
  const Window held = Step(soaking, With(gone, soaking, 1h));
  CHECK(held.state == WindowState::kSoaking);
  CHECK(held.awaited.size() == 1);
  Finding elsewhere = gone;
  elsewhere.subject = SwitchOf(Guid{99});
  CHECK(Step(soaking, With(elsewhere, soaking, 1h)).state == WindowState::kPassed);
}

TEST_CASE("A critical finding from before the window is waited for, unless it was opened despite it",
          "[rules][windows]") {
  Window soaking = OnSw2(WindowState::kSoaking);
  const Finding old = Found("switch-lost", SwitchOf(kSw2), kOpened - 1h);
  CHECK(Step(soaking, With(old, soaking, 2h)).state == WindowState::kSoaking);
  soaking.despite = "it is what we mend";
  CHECK(Step(soaking, With(old, soaking, 2h)).state == WindowState::kPassed);
}

TEST_CASE("A critical finding in scope keeps a window from passing although it is another window's",
          "[rules][windows]") {
  const Window soaking = OnSw2(WindowState::kSoaking);
  WindowFacts facts = Quiet(2h);
  facts.findings = {Found("not-restored", SwitchOf(kSw2))};
  facts.findings.front().window = "w11";
  const Window window = Step(soaking, facts);
  CHECK(window.state == WindowState::kSoaking);
  CHECK(window.awaited.size() == 1);
}

TEST_CASE("What was expected to go has to be back", "[rules][windows]") {
  Window soaking = OnSw2(WindowState::kVerifying);
  soaking.expect = {{Sw2Item()}};
  Image without = TwoSwitches();
  std::erase_if(without.planes.begin()->second.nodes, [](const NodeImage& n) { return n.guid == kSw2; });
  WindowFacts facts = Quiet(3min);
  facts.now = &without;
  const Window window = Step(soaking, facts);
  CHECK(window.state == WindowState::kVerifying);
  CHECK(window.awaited == std::vector<std::string>{"sw2 has to be back"});
  CHECK(Step(window, Quiet(0s)).state == WindowState::kSoaking);
}

TEST_CASE("What was expected to go, and was accepted as gone, is not waited for", "[rules][windows]") {
  Window verifying = OnSw2(WindowState::kVerifying);
  verifying.expect = {{Sw2Item()}};
  Image without = TwoSwitches();
  std::erase_if(without.planes.begin()->second.nodes, [](const NodeImage& n) { return n.guid == kSw2; });
  WindowFacts facts = Quiet(3min);
  facts.now = facts.baseline = &without;
  CHECK(Step(verifying, facts).state == WindowState::kSoaking);
}

TEST_CASE("An open window waits for its closing, whatever is found", "[rules][windows]") {
  const Window open = OnSw2();
  const Window window = Step(open, With(Found("switch-lost", SwitchOf(kSw2)), open, 100h));
  CHECK(window.state == WindowState::kOpen);
  CHECK(window.findings.size() == 1);
}

TEST_CASE("What becomes critical after the opening is waited for, whatever the window was opened despite",
          "[rules][windows]") {
  Window open = OnSw2();
  open.despite = "it is what we mend";
  Finding errors = Found("link-errors", Subject::Link({kSw2, 8}), kOpened - 1h, Severity::kWarning);
  open = Step(open, With(errors, open));
  REQUIRE(open.stood.size() == 1);
  CHECK(open.stood[0].first == Severity::kWarning);
  Window soaking = open;
  soaking.state = WindowState::kSoaking;
  soaking.closed = kOpened + 10min;
  CHECK(Step(soaking, With(errors, soaking, 2h)).state == WindowState::kPassed);
  errors.severity = Severity::kCritical;
  const Window held = Step(soaking, With(errors, soaking, 2h));
  CHECK(held.state == WindowState::kSoaking);
  CHECK(held.awaited.size() == 1);
  CHECK(held.stood[0].worst == Severity::kCritical);
}

TEST_CASE("A window keeps what was seen in its scope and time, and when it was over", "[rules][windows]") {
  Window open = OnSw2();
  open.expect = {{Sw2Item()}};
  const Finding lost = Found("switch-lost", SwitchOf(kSw2));
  Finding folded = Found("link-lost", Subject::Link({kSw2, 8}));
  folded.because = Key(lost);
  Finding elsewhere = Found("node-lost", Subject::Host(Guid{99}));
  open = Step(open, WithAll({lost, folded, elsewhere}, open));
  REQUIRE(open.changes.size() == 1);
  CHECK(open.changes[0].key == Key(lost));
  CHECK_FALSE(open.changes[0].until);
  WindowFacts partial = Quiet();
  partial.complete = false;
  CHECK_FALSE(Step(open, partial).changes[0].until);
  open = Step(open, Quiet());
  CHECK(open.changes[0].until == kOpened + 20min);
  CHECK(open.changes[0].since == kOpened + 1min);
}

TEST_CASE("A window knows when what it expects went and was back, and when it never went",
          "[rules][windows]") {
  Window open = OnSw2();
  open.expect = {{Sw2Item()}};
  open = Step(open, Quiet());
  CHECK_FALSE(open.expect[0].went);
  Image without = TwoSwitches();
  std::erase_if(without.planes.begin()->second.nodes, [](const NodeImage& n) { return n.guid == kSw2; });
  WindowFacts facts = Quiet();
  facts.now = &without;
  open = Step(open, facts);
  CHECK(open.expect[0].went == facts.at);
  CHECK_FALSE(open.expect[0].back);
  facts = Quiet();
  facts.at += 5min;
  open = Step(open, facts);
  CHECK(open.expect[0].went == facts.at - 5min);
  CHECK(open.expect[0].back == facts.at);
  CHECK(open.expect[0].times == 1);
  facts.now = &without;
  open = Step(Step(open, facts), facts);
  CHECK(open.expect[0].times == 2);
  CHECK_FALSE(open.expect[0].back);
}

TEST_CASE("What another window expects to be away holds one that has it in scope", "[rules][windows]") {
  Window fabric = OnSw2(WindowState::kSoaking);
  fabric.id = 13;
  fabric.scope = {{"fabric", Subject::Fabric(), {}}};
  WindowFacts facts = Quiet(2h);
  facts.findings = {Found("switch-lost", SwitchOf(kSw2))};
  facts.findings.front().window = "w12";
  facts.findings.front().explained = "sw2 is expected to go down while w12 is open";
  CHECK(Step(fabric, facts).state == WindowState::kSoaking);
  CHECK(Step(fabric, facts).awaited.size() == 1);
  Window elsewhere = fabric;
  elsewhere.scope = {{"host:node9", Subject::Host(Guid{99}), "node99"}};
  CHECK(Step(elsewhere, facts).state == WindowState::kPassed);
}

TEST_CASE("A switch that was expected to go and comes back with a cable elsewhere holds the window",
          "[rules][windows]") {
  Window soaking = OnSw2(WindowState::kSoaking);
  const Finding moved = Found("link-moved", Subject::Link({kSw1, 8}), kOpened + 1s, Severity::kNote);
  CHECK(Step(soaking, With(moved, soaking, 2h)).state == WindowState::kPassed);
  soaking.expect = {{Sw2Item()}};
  CHECK(Step(soaking, With(moved, soaking, 2h)).state == WindowState::kSoaking);
  soaking.expect.push_back({{"link:sw2/8", Subject::Link({kSw2, 8}), {}}});
  CHECK(Step(soaking, With(moved, soaking, 2h)).state == WindowState::kPassed);
}

TEST_CASE("A cable that was worked on for its errors has to be without them", "[rules][windows]") {
  Window soaking = OnSw2(WindowState::kSoaking);
  const Finding errors = Found("link-errors", Subject::Link({kSw1, 8}), kOpened - 1h, Severity::kWarning);
  CHECK(Step(soaking, With(errors, soaking, 2h)).state == WindowState::kPassed);
  soaking.expect = {{{"link:sw2/8", Subject::Link({kSw2, 8}), {}}}};
  CHECK(Step(soaking, With(errors, soaking, 2h)).state == WindowState::kSoaking);
}

TEST_CASE("A switch of the same name in the place of one that is gone is back, and the window's",
          "[rules][windows]") {
  Window verifying = OnSw2(WindowState::kVerifying);
  verifying.expect = {{Sw2Item()}};
  constexpr Guid kNew{0x22};
  Image replaced = TwoSwitches();
  for (NodeImage& node : replaced.planes.begin()->second.nodes) {
    if (node.guid == kSw2) node.guid = kNew;
  }
  WindowFacts facts = Quiet(3min);
  facts.now = &replaced;
  CHECK(Step(verifying, facts).state == WindowState::kSoaking);
  const Finding fresh = Found("node-new", SwitchOf(kNew));
  CHECK_FALSE(Attribute(fresh, {&verifying, 1}, &kImage, facts.at));
  CHECK(Attribute(fresh, {&verifying, 1}, &kImage, facts.at, {}, &replaced));
  CHECK_FALSE(Attribute(fresh, {&verifying, 1}, &kImage, facts.at, {}, &kImage));
}

TEST_CASE("A change in a hands-off window fails it at once", "[rules][windows]") {
  Window open = OnSw2();
  open.hands_off = true;
  const Finding lost = Found("link-lost", Subject::Link({kSw1, 8}), kOpened + 1s, Severity::kWarning);
  CHECK(Step(open, With(lost, open)).state == WindowState::kFailed);
  CHECK(Step(open, Quiet()).state == WindowState::kOpen);
}

TEST_CASE("A planned window is moved by requests alone", "[rules][windows]") {
  CHECK(Step(OnSw2(WindowState::kPlanned), Quiet(100h)) == OnSw2(WindowState::kPlanned));
}

}  // namespace
}  // namespace aftershock::rules

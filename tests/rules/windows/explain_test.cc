#include "rules/windows/explain.h"

#include <catch2/catch.hpp>

#include "build_window.h"

namespace aftershock::rules {
namespace {

using namespace aftershock::tests;

const Image kImage = TwoSwitches();

Window Expecting() {
  Window window = OnSw2();
  window.expect = {{Sw2Item()}};
  return window;
}

Finding Explained(Finding finding, const std::vector<Window>& windows) {
  std::vector<Finding> findings{std::move(finding)};
  Explain(findings, windows, &kImage, kOpened + 5min);
  return findings.front();
}

std::optional<Attribution> Fit(const Finding& finding, const Window& window) {
  return Attribute(finding, {&window, 1}, &kImage, kOpened + 5min);
}

TEST_CASE("What began in the window's scope after it was opened is the window's", "[rules][windows]") {
  const auto fit = Fit(Found("switch-lost", SwitchOf(kSw2)), OnSw2());
  REQUIRE(fit);
  CHECK(fit->window == 12);
  CHECK(fit->score == Approx(1));
  CHECK(fit->because == "sw2 is in scope, and it began 60 s after the window was opened");
}

TEST_CASE("A link counts for the nodes at both of its ends", "[rules][windows]") {
  CHECK(Fit(Found("link-lost", Subject::Link({kSw1, 8})), OnSw2())->score > 0.8);
  CHECK(Fit(Found("link-lost", Subject::Link({kSw1, 1})), OnSw2())->score < 0.8);
}

TEST_CASE("A host one cable away counts for less than the switch itself", "[rules][windows]") {
  const auto fit = Fit(Found("node-lost", Subject::Host(kNode9)), OnSw2());
  REQUIRE(fit);
  CHECK(fit->score == Approx(0.6));
}

TEST_CASE("What began before the window was opened is not its doing", "[rules][windows]") {
  CHECK_FALSE(Fit(Found("switch-lost", SwitchOf(kSw2), kOpened - 1s), OnSw2()));
}

TEST_CASE("What began after the window had ended is not its doing", "[rules][windows]") {
  Window window = OnSw2(WindowState::kPassed);
  window.ended = kOpened + 30s;
  CHECK_FALSE(Fit(Found("switch-lost", SwitchOf(kSw2)), window));
}

TEST_CASE("A planned window has nothing to do with what happens", "[rules][windows]") {
  CHECK_FALSE(Fit(Found("switch-lost", SwitchOf(kSw2)), OnSw2(WindowState::kPlanned)));
}

TEST_CASE("What is elsewhere belongs to no window", "[rules][windows]") {
  Window window = OnSw2();
  window.scope = {{"host:node9", Subject::Host(kNode9), "node9"}};
  CHECK_FALSE(Fit(Found("switch-lost", SwitchOf(kSw1)), window));
}

TEST_CASE("Of two overlapping windows the nearer one has the finding", "[rules][windows]") {
  Window fabric = OnSw2();
  fabric.id = 13;
  fabric.scope = {{"fabric", Subject::Fabric(), "the fabric"}};
  const std::vector<Window> windows{fabric, OnSw2()};
  CHECK(Explained(Found("link-degraded", SwitchOf(kSw2)), windows).window == "w12");
  CHECK(Explained(Found("link-degraded", SwitchOf(kSw1)), windows).window == "w13");
}

TEST_CASE("An open window explains that what it expects down is gone, and its links and dependants",
          "[rules][windows]") {
  const std::vector<Window> windows{Expecting()};
  CHECK(Explained(Found("switch-lost", SwitchOf(kSw2)), windows).explained ==
        "sw2 is expected to go down while w12 is open");
  CHECK(Explained(Found("link-lost", Subject::Link({kSw1, 8})), windows).explained);
  CHECK(Explained(Found("node-lost", Subject::Host(kNode9)), windows).explained);
  CHECK(Explained(Found("pair-degraded", Subject::Pair("core")), windows).explained);
}

TEST_CASE("A window explains nothing but what it expects", "[rules][windows]") {
  const std::vector<Window> windows{Expecting()};
  CHECK_FALSE(Explained(Found("node-lost", Subject::Host(kNode7)), windows).explained);
  CHECK_FALSE(Explained(Found("switch-lost", SwitchOf(kSw1)), windows).explained);
  CHECK_FALSE(Explained(Found("link-errors", Subject::Link({kSw1, 8})), windows).explained);
  CHECK_FALSE(Explained(Found("ipoib-not-member", Subject::Interface("ib0")), windows).explained);
  CHECK_FALSE(Explained(Found("switch-lost", SwitchOf(kSw2)), {OnSw2()}).explained);
}

TEST_CASE("After closing no absence is explained", "[rules][windows]") {
  Window window = OnSw2(WindowState::kVerifying);
  window.expect = {{Sw2Item()}};
  const Finding finding = Explained(Found("switch-lost", SwitchOf(kSw2)), {window});
  CHECK_FALSE(finding.explained);
  CHECK(finding.window == "w12");
}

// So many downs, each between two looks so long before kOpened + 5min.
struct Downs {
  std::chrono::seconds from, until;
  std::uint32_t count;
};
Finding Flapping(const std::vector<Downs>& downs) {
  Finding finding = Found("link-flapping", Subject::Link({kSw1, 8}));
  finding.severity = Severity::kWarning;
  finding.recurs = Recurrence{{}, 3};
  for (const Downs& down : downs)
    finding.recurs->seen.push_back({kOpened + 5min - down.from, kOpened + 5min - down.until, down.count, {}});
  return finding;
}

TEST_CASE("Downs while a window expected them make no link flap, neither then nor after closing",
          "[rules][windows]") {
  Window closed = Expecting();
  closed.state = WindowState::kSoaking;
  closed.closed = kOpened + 2min;
  const auto downs = Flapping({{250s, 240s, 1}, {220s, 210s, 2}});
  CHECK(Explained(downs, {Expecting()}).explained);
  const Finding after = Explained(downs, {closed});
  REQUIRE(after.explained);
  CHECK(*after.explained ==
        "sw2 is expected to go down, and this hangs on it: 3 of 3 times while w12 was open");
  CHECK(after.window == "w12");
}

TEST_CASE("Downs before and after the window count as many as they are", "[rules][windows]") {
  Window closed = Expecting();
  closed.state = WindowState::kSoaking;
  closed.closed = kOpened + 2min;
  CHECK(Explained(Flapping({{400s, 390s, 2}, {220s, 210s, 5}}), {closed}).explained);
  CHECK_FALSE(Explained(Flapping({{400s, 390s, 3}, {220s, 210s, 5}}), {closed}).explained);
  CHECK_FALSE(Explained(Flapping({{220s, 210s, 5}, {20s, 10s, 3}}), {closed}).explained);
}

TEST_CASE("What was counted between two looks may have been before the closing", "[rules][windows]") {
  Window closed = Expecting();
  closed.state = WindowState::kSoaking;
  closed.closed = kOpened + 2min;
  CHECK(Explained(Flapping({{200s, 140s, 4}}), {closed}).explained);
}

TEST_CASE("What followed from downs that were expected counts when it stays", "[rules][windows]") {
  Window closed = Expecting();
  closed.state = WindowState::kSoaking;
  closed.closed = kOpened + 2min;
  Finding flapping = Flapping({{220s, 210s, 3}});
  Finding lost = Found("link-lost", Subject::Link({kSw1, 8}));
  lost.because = Key(flapping);
  std::vector<Finding> findings{flapping, lost};
  Explain(findings, {{closed}}, &kImage, kOpened + 5min);
  CHECK(findings[0].explained);
  CHECK_FALSE(findings[1].because);
  CHECK_FALSE(findings[1].explained);
  CHECK(Judge(findings) == Verdict::kCritical);
}

TEST_CASE("A restart of the member that nobody announced is not explained by its peer's",
          "[rules][windows]") {
  Finding restarted = Found("pair-member-restarted", Subject::Pair("core"));
  restarted.recurs = Recurrence{{{kOpened + 1min, kOpened + 1min, 1, SwitchOf(kSw2)}}, 1};
  CHECK(Explained(restarted, {Expecting()}).explained);
  restarted.recurs->seen.push_back({kOpened + 1min, kOpened + 1min, 1, SwitchOf(kSw1)});
  CHECK_FALSE(Explained(restarted, {Expecting()}).explained);
}

TEST_CASE("Where nothing was expected, or nobody may touch anything, downs are downs", "[rules][windows]") {
  Window hands_off = Expecting();
  hands_off.hands_off = true;
  hands_off.state = WindowState::kSoaking;
  hands_off.closed = kOpened + 2min;
  const auto downs = Flapping({{250s, 240s, 3}});
  CHECK_FALSE(Explained(downs, {OnSw2()}).explained);
  CHECK_FALSE(Explained(downs, {hands_off}).explained);
}

TEST_CASE("What was gone before the window was opened is not explained by it", "[rules][windows]") {
  CHECK_FALSE(Explained(Found("switch-lost", SwitchOf(kSw2), kOpened - 1s), {Expecting()}).explained);
}

TEST_CASE("In a hands-off window any change in scope is critical", "[rules][windows]") {
  Window window = Expecting();
  window.hands_off = true;
  const Finding lost =
      Explained(Found("link-lost", Subject::Link({kSw1, 8}), kOpened + 1s, Severity::kWarning), {window});
  CHECK(lost.severity == Severity::kCritical);
  CHECK_FALSE(lost.explained);
  CHECK(
      Explained(Found("node-new", Subject::Host(kNode9), kOpened + 1s, Severity::kNote), {window}).severity ==
      Severity::kCritical);
  CHECK(Explained(Found("link-errors", Subject::Link({kSw1, 8}), kOpened + 1s, Severity::kWarning), {window})
            .severity == Severity::kWarning);
}

TEST_CASE("What ended an exercise stays critical, and what comes after it is none of its",
          "[rules][windows]") {
  Window window = OnSw2(WindowState::kFailed);
  window.hands_off = true;
  window.closed.reset();
  window.ended = kOpened + 1min;
  const Subject cable = Subject::Link({kSw1, 8});
  const auto weight = [&](WallTime since) {
    return Explained(Found("link-lost", cable, since, Severity::kWarning), {window}).severity;
  };
  CHECK(weight(kOpened + 1s) == Severity::kCritical);
  CHECK(weight(kOpened + 2min) == Severity::kWarning);
  window.closed = kOpened + 30s;  // it failed later, while it was watched
  CHECK(weight(kOpened + 1s) == Severity::kWarning);
}

TEST_CASE("Another window does not excuse a change inside a hands-off one", "[rules][windows]") {
  Window hands_off = OnSw2();
  hands_off.id = 3;
  hands_off.hands_off = true;
  CHECK_FALSE(Explained(Found("switch-lost", SwitchOf(kSw2)), {hands_off, Expecting()}).explained);
}

}  // namespace
}  // namespace aftershock::rules

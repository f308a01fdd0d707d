// ChangeWatch and other machines: hosts that it reads, and windows that are announced elsewhere.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "app/change_watch.h"
#include "tests/fakes/fake_clock.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

constexpr Guid kHere{0x100}, kThere{0x200}, kSwitch{0x1};

Hca AdapterOf(Guid node) {
  Hca hca;
  hca.name = "mlx5_0";
  hca.node_guid = node;
  HostPort& port = hca.ports.emplace_back();
  port.num = 1;
  port.guid = Guid{static_cast<std::uint64_t>(node) + 1};
  port.link_layer = "InfiniBand";
  port.state = PortState::kActive;
  port.p_keys = {0xffff};
  port.uplink = Uplink{kSwitch, 7, NodeType::kSwitch, ""};
  return hca;
}

HostSnapshot HostOf(const char* name, Guid node) {
  HostSnapshot host;
  host.hostname = name;
  host.hcas = {AdapterOf(node)};
  return host;
}

ToldFinding NotMember(Duration stood) {
  ToldFinding told;
  told.finding.rule = "ipoib-not-member";
  told.finding.severity = Severity::kCritical;
  told.finding.subject = {SubjectKind::kHost, kThere, 0, {}, "interface:ib0"};
  told.finding.summary = "node7: ib0 is no member";
  told.stood = stood;
  return told;
}

// A monitor of a host with a journal.
struct Watching {
  Watching() {
    std::string name = (std::filesystem::temp_directory_path() / "aftershock-watch-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = name;
    settings.rules["baseline-missing"].thresholds["stable_seconds"] = 1;
    auto journal = journal::Journal::Open(File(), journal::Access::kMonitor, clock);
    REQUIRE(journal);
    watch.emplace(std::move(*journal), clock, settings, 2h, "monitor",
                  std::make_shared<spdlog::logger>("test"));
  }
  ~Watching() {
    watch.reset();
    std::filesystem::remove_all(folder);
  }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

  std::string File() const { return folder / "journal.db"; }
  Report Look(Duration after = 10s) {
    clock.Advance(after);
    Report report;
    report.verdict = Verdict::kOk;
    HostReport& seen = report.host.emplace();
    HostSnapshot snapshot = host;
    snapshot.taken = clock.Wall();
    snapshot.taken_steady = clock.Steady();
    seen.snapshot = std::make_shared<const HostSnapshot>(std::move(snapshot));
    seen.verdict = Verdict::kOk;
    seen.stale_after = 1h;
    watch->Take(report);
    return report;
  }
  void Until(const char* baseline) {
    for (int i = 0; i < 4; ++i) Look();
    CAPTURE(baseline);
    CHECK(Rules(Look(), "baseline-missing").empty());
  }
  static std::vector<Finding> Rules(const Report& report, const char* rule) {
    std::vector<Finding> found;
    std::ranges::copy_if(report.findings, std::back_inserter(found),
                         [&](const Finding& f) { return f.rule == rule; });
    return found;
  }
  // Asks for a window as the command does, and returns it as it stands.
  std::int64_t Open(Subject subject) {
    auto journal = journal::Journal::Open(File(), journal::Access::kRequest, clock);
    REQUIRE(journal);
    Window window;
    window.title = "x";
    window.scope = {{"host:node7", std::move(subject), "node7"}};
    window.verify = window.soak = 1s;
    window.asked = clock.Wall();
    const auto id = journal->AskToOpen(window);
    REQUIRE(id);
    watch->Poll();
    return *id;
  }
  void Close(std::int64_t id) {
    auto journal = journal::Journal::Open(File(), journal::Access::kRequest, clock);
    REQUIRE(journal);
    Request request;
    request.kind = RequestKind::kClose;
    request.window = id;
    request.at = clock.Wall();
    REQUIRE(journal->Ask(request));
    watch->Poll();
  }
  Window Shown(std::int64_t id) const {
    for (const Window& window : watch->Windows()) {
      if (window.id == id) return window;
    }
    FAIL("there is no such window");
    return {};
  }
  void Tell(std::vector<ToldFinding> findings = {}, std::optional<Duration> ago = Duration{}) {
    auto fleet = std::make_shared<FleetReport>();
    fleet->stale_after = 95s;
    fleet->read = clock.Steady();
    FleetHost& told = fleet->hosts.emplace_back();
    told.target = "http://node7:9917";
    told.name = "node7";
    told.nodes = {kThere};
    told.image = std::make_shared<const HostImage>(ImageOf(HostOf("node7", kThere)));
    told.findings = std::move(findings);
    if (ago) told.heard = clock.Steady() - *ago;
    watch->Know(std::move(fleet));
  }

  std::filesystem::path folder;
  fake::FakeClock clock;
  Settings settings;
  HostSnapshot host = HostOf("here", kHere);
  std::optional<ChangeWatch> watch;
};

Window Elsewhere(Subject subject, WallTime opened) {
  Window window;
  window.id = 12;
  window.title = "elsewhere";
  window.state = WindowState::kOpen;
  window.opened = opened;
  window.scope = {{"x", std::move(subject), "x"}};
  return window;
}

}  // namespace

TEST_CASE("What a host that is read found in a window's time fails the window, and is no finding here",
          "[app][windows][hosts]") {
  Watching monitor;
  monitor.Tell();
  REQUIRE(monitor.watch->Begin());
  monitor.Until("a baseline");
  const auto id = monitor.Open(Subject::Host(kThere));
  monitor.Look();
  monitor.Tell({NotMember(5s)});
  const Report report = monitor.Look();
  CHECK(Watching::Rules(report, "ipoib-not-member").empty());
  CHECK(report.verdict != Verdict::kCritical);
  REQUIRE(monitor.Shown(id).findings.size() == 1);
  CHECK(monitor.Shown(id).findings[0].key == "ipoib-not-member host:0x0000000000000200/interface:ib0");
  monitor.Close(id);
  for (int i = 0; i < 4; ++i) monitor.Look();
  CHECK(monitor.Shown(id).state == WindowState::kFailed);
}

TEST_CASE("What a host found before the window was opened does not fail it", "[app][windows][hosts]") {
  Watching monitor;
  monitor.Tell();
  REQUIRE(monitor.watch->Begin());
  monitor.Until("a baseline");
  monitor.clock.Advance(60s);
  const auto id = monitor.Open(Subject::Host(kThere));
  monitor.clock.Advance(1s);
  monitor.Tell({NotMember(30s)});  // which was not read since
  monitor.Look(1s);
  CHECK(monitor.Shown(id).findings.empty());
}

TEST_CASE("A host in scope that is silent stops the window's watch, and no other's",
          "[app][windows][hosts]") {
  Watching monitor;
  monitor.Tell();
  REQUIRE(monitor.watch->Begin());
  monitor.Until("a baseline");
  const auto there = monitor.Open(Subject::Host(kThere)), here = monitor.Open(Subject::Host(kHere));
  monitor.Look();
  monitor.Close(there);
  monitor.Close(here);
  monitor.Tell({}, std::nullopt);
  for (int i = 0; i < 6; ++i) monitor.Look();
  CHECK(monitor.Shown(there).state == WindowState::kVerifying);
  REQUIRE_FALSE(monitor.Shown(there).missing.empty());
  CHECK_THAT(monitor.Shown(there).missing.front(), Contains("host:node7 does not report"));
  CHECK(monitor.Shown(here).state == WindowState::kPassed);
}

TEST_CASE("A host alone that is not told what is announced calls nothing unannounced", "[app][windows]") {
  Watching monitor;
  monitor.watch->AnnouncedBy("", {});
  REQUIRE(monitor.watch->Begin());
  monitor.Until("a baseline");
  monitor.host.hcas[0].ports[0].p_keys = {0x8001};
  const Report report = monitor.Look();
  CHECK(Watching::Rules(report, "partition-changed").size() == 1);
  CHECK(Watching::Rules(report, "unannounced-change").empty());
  CHECK(Watching::Rules(report, "windows-unknown").empty());
}

TEST_CASE("A host that knows what is announced tells a change that is not", "[app][windows]") {
  Watching monitor;
  Announced announced;
  monitor.watch->AnnouncedBy("http://mgmt1:9917", [&] { return announced; });
  REQUIRE(monitor.watch->Begin());
  announced.as_of = monitor.clock.Wall() + 1h;
  monitor.Until("a baseline");
  const auto change = [&] {
    monitor.host.hcas[0].ports[0].p_keys = {0x8001};
    return monitor.Look();
  };
  SECTION("no window is open") {
    const Report report = change();
    CHECK(Watching::Rules(report, "unannounced-change").size() == 1);
    CHECK(report.verdict == Verdict::kCritical);
  }
  SECTION("a window that has this host in scope is open") {
    announced.windows = {Elsewhere(Subject::Host(kHere), monitor.clock.Wall())};
    const Report report = change();
    CHECK(Watching::Rules(report, "unannounced-change").empty());
    const auto found = Watching::Rules(report, "partition-changed");
    REQUIRE(found.size() == 1);
    CHECK(found[0].window == "w12");
  }
  SECTION("a window of the switch that this host is cabled to is open") {
    announced.windows = {Elsewhere({SubjectKind::kSwitch, kSwitch, 0, {}, {}}, monitor.clock.Wall())};
    CHECK(Watching::Rules(change(), "unannounced-change").empty());
  }
  SECTION("a window of another host is open") {
    announced.windows = {Elsewhere(Subject::Host(kThere), monitor.clock.Wall())};
    CHECK(Watching::Rules(change(), "unannounced-change").size() == 1);
  }
  SECTION("it may have been announced since") {
    announced.as_of = monitor.clock.Wall();
    CHECK(Watching::Rules(change(), "unannounced-change").empty());
    announced.as_of = monitor.clock.Wall() + 1h;
    CHECK(Watching::Rules(monitor.Look(), "unannounced-change").size() == 1);
  }
  SECTION("it is not known any more") {
    announced.as_of.reset();
    announced.why_unknown = "no answer";
    const Report report = change();
    CHECK(Watching::Rules(report, "unannounced-change").empty());
    const auto told = Watching::Rules(report, "windows-unknown");
    REQUIRE(told.size() == 1);
    CHECK_THAT(told[0].summary, Contains("no answer"));
    CHECK(Judge(told) == Verdict::kOk);
  }
}

TEST_CASE("Windows are not opened where they are announced elsewhere", "[app][windows]") {
  Watching monitor;
  monitor.watch->AnnouncedBy("http://mgmt1:9917", [] { return Announced{}; });
  REQUIRE(monitor.watch->Begin());
  monitor.Look();
  const auto id = monitor.Open(Subject::Host(kHere));
  auto journal = journal::Journal::Open(monitor.File(), journal::Access::kRead, monitor.clock);
  REQUIRE(journal);
  CHECK((*journal->FindWindow(id))->state == WindowState::kPlanned);
  CHECK(monitor.watch->Windows().empty());
}

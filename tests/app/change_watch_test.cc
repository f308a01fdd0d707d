#include "app/change_watch.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/fakes/fake_clock.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;

namespace {

std::filesystem::path NewFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "aftershock-watch-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  return name;
}

journal::Journal OpenIn(const std::filesystem::path& folder, const Clock& clock) {
  auto opened = journal::Journal::Open((folder / "journal.db").string(), journal::Access::kMonitor, clock);
  REQUIRE(opened);
  return std::move(*opened);
}

// A monitor that watches nothing, and keeps a journal.
struct Watching {
  Watching() { Start(); }
  ~Watching() {
    watch.reset();
    std::filesystem::remove_all(folder);
  }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

  void Start() {
    watch.reset();
    watch.emplace(OpenIn(folder, clock), clock, settings, 2h, "monitor",
                  std::make_shared<spdlog::logger>("test"));
    REQUIRE(watch->Begin());
  }
  std::vector<Finding> Jumps() {
    Report report;
    watch->Take(report);
    std::erase_if(report.findings, [](const Finding& finding) { return finding.rule != "clock-jumped"; });
    return report.findings;
  }

  std::filesystem::path folder = NewFolder();
  fake::FakeClock clock;
  Settings settings;
  std::optional<ChangeWatch> watch;
};

}  // namespace

TEST_CASE("A clock that jumped is a note for an hour, over a restart of the monitor", "[app][windows]") {
  Watching monitor;
  CHECK(monitor.Jumps().empty());
  monitor.clock.Advance(1h);  // and the machine has not been up for longer
  monitor.watch->Poll();
  const auto told = monitor.Jumps();
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::kNote);
  CHECK(told[0].summary.find("the clock was set forward by 3600 s") != std::string::npos);
  CHECK(Judge(told) == Verdict::kOk);
  monitor.Start();
  CHECK(monitor.Jumps().size() == 1);
  monitor.clock.Advance(61min);
  CHECK(monitor.Jumps().empty());
}

TEST_CASE(
    "A window that was opened since the last beat is no window of the future, however the clock is set back",
    "[app][windows]") {
  Watching monitor;
  monitor.watch->Poll();
  monitor.clock.Advance(3s);  // no beat is due
  Window window;
  window.title = "sw2";
  window.scope = {{"fabric", Subject::Fabric(), ""}};
  {
    auto command = journal::Journal::Open((monitor.folder / "journal.db").string(), journal::Access::kRequest,
                                          monitor.clock);
    REQUIRE(command);
    REQUIRE(command->AskToOpen(window));
  }
  monitor.watch->Poll();
  monitor.clock.JumpWall(-2h);
  monitor.Start();
  Report report;
  report.findings.resize(1);
  report.findings[0].rule = "sm-missing";
  report.findings[0].severity = Severity::kCritical;
  monitor.watch->Take(report);
  const auto found = std::ranges::find(report.findings, "sm-missing", &Finding::rule);
  REQUIRE(found != report.findings.end());
  CHECK(found->window == "w1");
}

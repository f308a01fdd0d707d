#include "app/error_minutes.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/fakes/fake_clock.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;

namespace {

const WallTime kNow{std::chrono::hours(24 * 365 * 40)};
constexpr PortKey kSwitchPort{Guid{1}, 1}, kHostPort{Guid{2}, 1};

// One switch port with a link, swept again and again.
struct Swept {
  CounterValues counters;
  Answer answer = Answer::kAnswered;
  bool complete = true;
  ErrorCounting counting;
  std::uint32_t number = 0;

  std::vector<journal::ErrorMinute> Again() {
    auto snapshot = std::make_shared<FabricSnapshot>();
    snapshot->sweep.number = ++number;
    snapshot->sweep.complete = complete;
    Node& node = snapshot->nodes.emplace_back();
    node.guid = kSwitchPort.node;
    Port& port = node.ports.emplace_back();
    port.num = kSwitchPort.port;
    port.info.emplace().phys_state = PhysState::kLinkUp;
    port.counters = counters;
    port.counters_answer = answer;
    Report report;
    report.planes.emplace_back().snapshot = std::move(snapshot);
    return counting.Count(report, kNow + 30s);
  }
};

Swept Counting() {
  Swept swept;
  swept.counters.Set(Counter::kSymbolErrors, 100);
  swept.counters.Set(Counter::kRcvErrors, 5);
  CHECK(swept.Again().empty());
  return swept;
}

std::filesystem::path NewFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "aftershock-minutes-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  return name;
}

journal::Journal OpenIn(const std::filesystem::path& folder, const Clock& clock) {
  auto opened = journal::Journal::Open((folder / "journal.db").string(), journal::Access::kMonitor, clock);
  REQUIRE(opened);
  return std::move(*opened);
}

struct JournalBed {
  JournalBed() = default;
  ~JournalBed() { std::filesystem::remove_all(folder); }
  JournalBed(const JournalBed&) = delete;
  JournalBed& operator=(const JournalBed&) = delete;

  // So many minutes that were observed, the first ones with errors.
  void Note(WallTime from, int minutes, int errored) {
    std::vector<journal::ErrorMinute> rows;
    for (int i = 0; i < minutes; ++i) {
      rows.push_back({from + std::chrono::minutes(i), kObserved, 1, false});
      if (i < errored) rows.push_back({from + std::chrono::minutes(i), kSwitchPort, 7, false});
    }
    REQUIRE(journal.AddErrorMinutes(rows));
  }

  std::filesystem::path folder = NewFolder();
  fake::FakeClock clock;
  journal::Journal journal = OpenIn(folder, clock);
};

Window Soaking() {
  Window window;
  window.id = 12;
  window.scope = {{"switch:sw1", {SubjectKind::kSwitch, Guid{1}, 0, {}, {}}, "sw1"}};
  window.state = WindowState::kSoaking;
  window.opened = kNow;
  window.closed = kNow + 10min;
  return window;
}

Image OneCable() {
  Image image;
  FabricImage& fabric = image.planes["a"];
  fabric.nodes = {{Guid{1}, NodeType::kSwitch, "sw1", 8, false},
                  {Guid{2}, NodeType::kAdapter, "node2", 1, false}};
  fabric.cables = {{kSwitchPort, kHostPort}};
  return image;
}

}  // namespace

TEST_CASE("Errors between two sweeps are of the minute of the second, all counters together",
          "[app][windows][unit]") {
  Swept swept = Counting();
  swept.counters.Set(Counter::kSymbolErrors, 110);
  swept.counters.Set(Counter::kRcvErrors, 6);
  const auto rows = swept.Again();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].port == kSwitchPort);
  CHECK(rows[0].minute == kNow);
  CHECK(rows[0].errors == 11);
  CHECK_FALSE(rows[0].unusable);
  CHECK(rows[1].port == kObserved);
}

TEST_CASE("A quiet minute is noted as observed, a partial sweep as nothing", "[app][windows][unit]") {
  Swept swept = Counting();
  CHECK(swept.Again().size() == 1);
  swept.complete = false;
  CHECK(swept.Again().empty());
}

TEST_CASE("A minute is void that was unread, saturated or cleared", "[app][windows][unit]") {
  Swept swept = Counting();
  SECTION("unread") {
    swept.answer = Answer::kTimeout;
  }
  SECTION("saturated") {
    swept.counters.SetSaturated(Counter::kSymbolErrors, true);
  }
  SECTION("cleared") {
    swept.counters.SetResets(Counter::kRcvErrors, 1);
  }
  const auto rows = swept.Again();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].unusable);
}

TEST_CASE("A port whose device has no counters is in no row", "[app][windows][unit]") {
  Swept swept = Counting();
  swept.answer = Answer::kUnsupported;
  CHECK(swept.Again().size() == 1);
}

TEST_CASE("What came before the opening is compared with what came after the closing", "[app][windows]") {
  JournalBed bed;
  bed.Note(kNow - 60min, 60, 3);
  bed.Note(kNow, 10, 10);  // the work itself
  bed.Note(kNow + 12min, 20, 15);
  const Window window = Soaking();
  ErrorHistory history;
  REQUIRE(history.Update(bed.journal, {&window, 1}, OneCable(), kNow + 32min, SteadyTime(1h)));
  REQUIRE(history.errors().size() == 2);
  const rules::ErroredMinutes& port = history.errors()[0];
  CHECK(port.port == kSwitchPort);
  CHECK(port.name == "sw1 port 1");
  CHECK(port.errored_before == 3);
  CHECK(port.minutes_before == 60);
  CHECK(port.errored_after == 15);
  CHECK(port.minutes_after == 20);
  CHECK(history.errors()[1].errored_after == 0);
}

TEST_CASE("What is read once is not read again, and what is new is added", "[app][windows]") {
  JournalBed bed;
  bed.Note(kNow - 60min, 60, 0);
  bed.Note(kNow + 12min, 20, 1);
  const Window window = Soaking();
  ErrorHistory history;
  REQUIRE(history.Update(bed.journal, {&window, 1}, OneCable(), kNow + 32min, SteadyTime(1h)));
  bed.Note(kNow + 32min, 5, 5);
  REQUIRE(history.Update(bed.journal, {&window, 1}, OneCable(), kNow + 37min, SteadyTime(1h + 5min)));
  CHECK(history.errors().at(0).errored_after == 6);
  CHECK(history.errors().at(0).minutes_after == 25);
}

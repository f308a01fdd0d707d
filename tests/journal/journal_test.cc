#include "journal/journal.h"

#include <nlohmann/json.hpp>

#include "bed.h"

using namespace aftershock;
using namespace aftershock::journal;
using std::chrono::minutes;

TEST_CASE("An image that is put away is read back as it was", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  const Image image = SomeImage(bed.clock.now, 200);
  const auto id = Value(journal.AddSnapshot(image, true, Verdict::kWarning, false));
  CHECK(Value(journal.ReadImage(id)) == image);
  const auto row = Value(journal.LastSnapshot());
  REQUIRE(row);
  CHECK(row->verdict == Verdict::kWarning);
  CHECK(row->taken == bed.clock.now);
  CHECK(row->hashes.size() == 12);
}

TEST_CASE("An image of nothing is kept too", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  Image image;
  image.taken = bed.clock.now;
  CHECK(Value(journal.ReadImage(Value(journal.AddSnapshot(image, false, Verdict::kUnknown, false)))) ==
        image);
  CHECK(journal.ReadImage(99).error().code == Errc::kInvalid);
}

TEST_CASE("A fabric that does not change costs a row, and a change what has changed", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  for (const unsigned variant : {0u, 0u, 1u, 0u}) {
    Value(journal.AddSnapshot(SomeImage(bed.clock.now, 3, variant), true, Verdict::kOk, false));
  }
  const auto info = Value(journal.ReadInfo());
  CHECK(info.snapshots == 4);
  CHECK(info.sections == 13);  // the LIDs twice
  const auto rows = Value(journal.Snapshots(bed.clock.now, bed.clock.now));
  CHECK(rows[0].hashes == rows[3].hashes);
  CHECK(rows[0].hashes != rows[2].hashes);
}

TEST_CASE("A finding begins, stands and ends", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  const WallTime now = bed.clock.now;
  const std::vector both{SomeFinding("link-lost"), SomeFinding("link-moved")};
  Value(journal.PutFindings(both, now));
  Value(journal.PutFindings(std::span(both).first(1), now + minutes(1)));
  const auto standing = Value(journal.Findings(true));
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].first_seen == now);
  CHECK(standing[0].last_seen == now + minutes(1));
  CHECK(Key(standing[0].finding) == Key(both[0]));
  CHECK(std::get<double>(standing[0].finding.evidence[1].value) == 0.5);
  CHECK(Value(journal.Findings(false))[1].ended == now + minutes(1));
}

TEST_CASE("A finding that comes back is a new one", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  const std::vector one{SomeFinding("link-lost")};
  Value(journal.PutFindings(one, bed.clock.now));
  Value(journal.PutFindings({}, bed.clock.now + minutes(1)));
  Value(journal.PutFindings(one, bed.clock.now + minutes(2)));
  CHECK(Value(journal.Findings(false)).size() == 2);
}

TEST_CASE("A window is asked for, moved on by the monitor, and read by anybody", "[journal][unit]") {
  const Bed bed;
  auto monitor = bed.Open(Access::kMonitor);
  auto command = bed.Open(Access::kRequest);
  const auto id = Value(command.AskToOpen(SomeWindow(bed.clock.now)));
  const auto asked = Value(monitor.UnansweredRequests());
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].window == id);
  Window window = *Value(monitor.FindWindow(id));
  window.baseline = Value(monitor.AddSnapshot(SomeImage(bed.clock.now), true, Verdict::kOk, false));
  window.state = WindowState::kOpen;
  window.opened = bed.clock.now;
  window.transitions.push_back(
      {WindowState::kPlanned, WindowState::kOpen, bed.clock.now, "monitor", "asked"});
  window.findings.push_back(
      {"link-lost link:0x1/7", "s", Severity::kWarning, false, bed.clock.now, 0.7, "b"});
  Value(monitor.PutWindow(window));
  Value(monitor.Answer(asked[0].id, std::nullopt));
  auto reader = bed.Open(Access::kRead);
  CHECK(Value(reader.FindWindow(id)) == window);
  CHECK(Value(reader.UnansweredRequests()).empty());
  CHECK(Value(reader.FindRequest(asked[0].id))->answered);
}

TEST_CASE("What could not be read back is not written", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  Window endless = SomeWindow(bed.clock.now);
  endless.soak = std::chrono::hours(24 * 365 * 10);
  CHECK(journal.AskToOpen(endless).error().code == Errc::kInvalid);
  Window window = SomeWindow(bed.clock.now);
  window.id = Value(journal.AskToOpen(window));
  window.baseline = 4711;
  CHECK(journal.PutWindow(window).error().code == Errc::kInvalid);
  CHECK(journal.Answer(4711, std::nullopt).error().code == Errc::kInvalid);
  CHECK(Value(journal.Windows()).size() == 1);
}

TEST_CASE("Those who may only read, or ask, cannot write", "[journal][unit]") {
  const Bed bed;
  bed.Open(Access::kMonitor);
  auto reader = bed.Open(Access::kRead);
  CHECK(reader.AskToOpen(SomeWindow(bed.clock.now)).error().code == Errc::kDenied);
  auto command = bed.Open(Access::kRequest);
  CHECK(command.AddEvent({}).error().code == Errc::kDenied);
  CHECK(command.Prune({}, bed.clock.now).error().code == Errc::kDenied);
}

TEST_CASE("A minute that is told of twice has the errors of both", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  const WallTime now = bed.clock.now;
  const PortKey a{Guid{~0ull}, 7}, b{Guid{1}, 1};
  const std::vector<ErrorMinute> told{{now, a, 3}, {now, a, 4}, {now, b, 1}, {now, b, 0, true}, {now, b, 0}};
  Value(journal.AddErrorMinutes(told));
  const auto read = Value(journal.ErrorMinutes(now, now));
  REQUIRE(read.size() == 2);
  CHECK(read[0].unusable);
  CHECK(read[1].port == a);
  CHECK(read[1].errors == 7);
}

TEST_CASE("A view is of one moment", "[journal][unit]") {
  const Bed bed;
  auto monitor = bed.Open(Access::kMonitor);
  auto reader = bed.Open(Access::kRead);
  Value(reader.InOneView([&]() -> Result<void> {
    CHECK(Value(reader.State("x")) == std::nullopt);
    Value(monitor.PutState("x", "1"));
    CHECK(Value(reader.State("x")) == std::nullopt);
    return {};
  }));
  CHECK(Value(reader.State("x")) == "1");
}

TEST_CASE("A heartbeat, an event, a baseline and a state are kept", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  Value(journal.Beat({bed.clock.now, "boot", std::chrono::hours(2), "monitor", minutes(5)}));
  CHECK(Value(journal.LastHeartbeat())->boot_time == std::chrono::hours(2));
  Value(journal.AddEvent({0, bed.clock.now, "sm-changed", "fabric", "it moved"}));
  CHECK(Value(journal.Events(bed.clock.now, bed.clock.now))[0].kind == "sm-changed");
  CHECK_FALSE(Value(journal.Baseline()));
  const auto id = Value(journal.AddSnapshot(SomeImage(bed.clock.now), true, Verdict::kOk, false));
  Value(journal.SetBaseline(id, "stable for 10 min"));
  CHECK(Value(journal.Baseline())->snapshot == id);
  CHECK(Value(journal.State("change")) == std::nullopt);
}

TEST_CASE("An export is JSON line by line, and knows everything", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  const auto id = Value(journal.AddSnapshot(SomeImage(bed.clock.now), true, Verdict::kOk, false));
  Value(journal.SetBaseline(id, "stable"));
  Value(journal.AskToOpen(SomeWindow(bed.clock.now)));
  Value(journal.PutFindings(std::vector{SomeFinding("link-lost")}, bed.clock.now));
  Value(journal.PutState("change", "not \xff UTF-8"));
  std::map<std::string, int> kinds;
  Value(journal.Export([&](std::string_view line) { ++kinds[nlohmann::json::parse(line).at("kind")]; }));
  CHECK(kinds == std::map<std::string, int>{{"journal", 1},
                                            {"section", 12},
                                            {"snapshot", 1},
                                            {"baseline", 1},
                                            {"window", 1},
                                            {"request", 1},
                                            {"finding", 1},
                                            {"state", 1}});
}

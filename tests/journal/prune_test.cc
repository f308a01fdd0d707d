#include <SQLiteCpp/SQLiteCpp.h>
#include <rapidcheck.h>

#include <set>

#include "bed.h"

using namespace aftershock;
using namespace aftershock::journal;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

// A journal to which anything happens, and what it must not forget.
class Life {
 public:
  Life() : journal_(bed_.Open(Access::kMonitor)) {}

  void Step() {
    bed_.clock.now += minutes(*rc::gen::inRange(1, 60 * 40));
    static constexpr std::array kDeeds{&Life::Look,        &Life::Look,   &Life::AcceptBaseline,
                                       &Life::OpenWindow,  &Life::EndOne, &Life::PutSome,
                                       &Life::CountErrors, &Life::Prune};
    (this->*kDeeds[*rc::gen::inRange<std::size_t>(0, kDeeds.size())])();
    CheckKept();
  }

 private:
  void Look() {
    const auto variant = *rc::gen::inRange(0u, 4u);
    last_ = *journal_.AddSnapshot(SomeImage(bed_.clock.now, 3, variant), true, Verdict::kOk, false);
  }
  void AcceptBaseline() {
    if (last_ != 0) RC_ASSERT(journal_.SetBaseline(last_, "accepted"));
  }
  void OpenWindow() {
    Window window = SomeWindow(bed_.clock.now);
    window.id = *journal_.AskToOpen(window);
    const auto requests = *journal_.UnansweredRequests();
    for (const Request& request : requests) {
      RC_ASSERT(journal_.Answer(request.id, std::nullopt));
    }
    window.state = WindowState::kOpen;
    window.opened = bed_.clock.now;
    if (last_ != 0) window.baseline = last_;
    RC_ASSERT(journal_.PutWindow(window));
    open_.push_back(window);
  }
  void EndOne() {
    if (open_.empty()) return;
    Window window = open_.back();
    open_.pop_back();
    window.state = WindowState::kPassed;
    window.ended = bed_.clock.now;
    RC_ASSERT(journal_.PutWindow(window));
    ended_.push_back(window);
  }
  void PutSome() {
    standing_.clear();
    for (std::uint64_t i = 0; i < 4; ++i) {
      if (!*rc::gen::arbitrary<bool>()) continue;
      Finding finding = SomeFinding("link-lost", i);
      if (!open_.empty()) finding.window = WindowName(open_.front().id);
      standing_.push_back(finding);
    }
    RC_ASSERT(journal_.PutFindings(standing_, bed_.clock.now));
  }
  void CountErrors() {
    std::vector<ErrorMinute> counted;
    for (int i = 0; i < 90; i += 7) counted.push_back({bed_.clock.now + minutes(i), {Guid{1}, 1}, 2});
    RC_ASSERT(journal_.AddErrorMinutes(counted));
    for (const ErrorMinute& minute : counted) errors_.insert(minute.minute);
  }
  void Prune() {
    const PruneAges ages{hours(48), hours(72), hours(24), hours(48), hours(48), hours(96)};
    RC_ASSERT(journal_.Prune(ages, bed_.clock.now));
  }

  void CheckKept() {
    SQLite::Database db(bed_.file);
    RC_ASSERT_FALSE(SQLite::Statement(db, "PRAGMA foreign_key_check").executeStep());
    if (const auto baseline = *journal_.Baseline()) RC_ASSERT(journal_.ReadImage(baseline->snapshot));
    for (const Window& window : open_) {
      const auto kept = *journal_.FindWindow(window.id);
      RC_ASSERT(kept == window);
      if (window.baseline) RC_ASSERT(journal_.ReadImage(*window.baseline));
      CheckErrorsSince(*window.opened);
    }
    std::set<std::string> keys;
    const auto findings = *journal_.Findings(true);
    for (const FindingRow& row : findings) {
      keys.insert(Key(row.finding));
      if (!row.window) continue;
      const auto window = *journal_.FindWindow(*row.window);
      RC_ASSERT(window);
      for (const Window& ended : ended_) {
        if (ended.id == window->id) RC_ASSERT(window->baseline == ended.baseline);
      }
    }
    RC_ASSERT(keys.size() == standing_.size());
    if (last_ != 0) RC_ASSERT(journal_.ReadImage(last_));
  }
  void CheckErrorsSince(WallTime from) {
    std::set<WallTime> kept;
    const auto minutes_kept = *journal_.ErrorMinutes(from, WallTime(hours(24 * 365 * 100)));
    for (const ErrorMinute& minute : minutes_kept) {
      kept.insert(minute.minute);
    }
    const std::set<WallTime> expected(errors_.lower_bound(from), errors_.end());
    RC_ASSERT(kept == expected);
  }

  Bed bed_;
  Journal journal_;
  std::int64_t last_ = 0;
  std::vector<Window> open_, ended_;
  std::vector<Finding> standing_;
  std::set<WallTime> errors_;
};

}  // namespace

TEST_CASE("Pruning never removes what something refers to", "[journal][unit]") {
  CHECK(rc::check("whatever happens, what is needed is there", [] {
    Life life;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) life.Step();
  }));
}

TEST_CASE("What is old goes, and its texts with it", "[journal][unit]") {
  Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  for (unsigned i = 0; i < 210; ++i) {
    Value(journal.AddSnapshot(SomeImage(bed.clock.now + hours(i), 3, i), true, Verdict::kOk, false));
  }
  const auto result = Value(journal.Prune({.snapshots = hours(24)}, bed.clock.now + hours(10000)));
  CHECK(result.snapshots == 209);
  CHECK(Value(journal.ReadInfo()).sections == 12);
  SQLite::Database db(bed.file);
  CHECK(db.execAndGet("SELECT count(*) FROM chunk WHERE id NOT IN (SELECT chunk FROM section_chunk)")
            .getInt() == 0);
  CHECK(Value(journal.Verify()).empty());
}

TEST_CASE("Old snapshots are kept where they differ from the one before", "[journal][unit]") {
  Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  for (const unsigned variant : {0u, 0u, 1u, 1u, 1u, 0u, 0u}) {
    Value(journal.AddSnapshot(SomeImage(bed.clock.now, 3, variant), true, Verdict::kOk, false));
    bed.clock.now += minutes(1);
  }
  Value(journal.Prune({}, bed.clock.now + hours(25)));
  std::vector<std::int64_t> kept;
  for (const SnapshotRow& row : Value(journal.Snapshots(WallTime(), bed.clock.now))) kept.push_back(row.id);
  CHECK(kept == std::vector<std::int64_t>{1, 3, 6, 7});
}

TEST_CASE("Old error minutes become hours that add up", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  const WallTime hour = std::chrono::floor<hours>(bed.clock.now);
  const PortKey port{Guid{1}, 1};
  std::vector<ErrorMinute> counted;
  for (int i = 0; i < 60; i += 10) counted.push_back({hour + minutes(i), port, 3});
  counted.push_back({hour + minutes(59), port, 0, true});
  counted.push_back({hour + minutes(60), port, 1});
  Value(journal.AddErrorMinutes(counted));
  for (int i = 0; i < 2; ++i) {
    Value(journal.Prune({}, hour + hours(25)));
    const auto kept = Value(journal.ErrorMinutes(hour, hour + minutes(60)));
    REQUIRE(kept.size() == 3);
    CHECK((kept[0].minutes == 6 && kept[0].errors == 18 && !kept[0].unusable));
    CHECK((kept[1].minutes == 1 && kept[1].unusable));
    CHECK(kept[2].minute == hour + minutes(60));
  }
}

TEST_CASE("An ended window goes with age, and its requests with it", "[journal][unit]") {
  const Bed bed;
  auto journal = bed.Open(Access::kMonitor);
  Window window = SomeWindow(bed.clock.now);
  window.id = Value(journal.AskToOpen(window));
  window.state = WindowState::kFailed;
  window.ended = bed.clock.now;
  Value(journal.PutWindow(window));
  const WallTime later = bed.clock.now + hours(24 * 400);
  CHECK(Value(journal.Prune({}, later)).windows == 0);  // its request has no answer
  Value(journal.Answer(1, "too late"));
  CHECK(Value(journal.Prune({}, later)).windows == 1);
  CHECK_FALSE(Value(journal.FindRequest(1)));
  CHECK(Value(journal.Verify()).empty());
}

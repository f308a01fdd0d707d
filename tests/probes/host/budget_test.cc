#include "probes/host/budget.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

namespace aftershock::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SteadyTime kStart{std::chrono::hours(1000)};
constexpr Guid kPort{0x0c42a10300a1b2c3};

// Port GUIDs as they are delivered: consecutive, from one vendor.
Guid PortNumber(unsigned number) {
  return Guid{std::uint64_t{0x0c42a10300000000} + 8u * number};
}

// Any life of a schedule: looks at any distance, answers and silences, SM changes in any number.
std::vector<SteadyTime> AskingTimes(Schedule& schedule) {
  std::vector<SteadyTime> asked;
  SteadyTime now = kStart;
  const int looks = *rc::gen::inRange(0, 200);
  for (int i = 0; i < looks; ++i) {
    now += milliseconds(*rc::gen::inRange(0, 120000));
    if (*rc::gen::inRange(0, 4) == 0) schedule.SmChanged(now);
    if (!schedule.Due(now)) continue;
    schedule.Asked(now);
    asked.push_back(now);
    if (*rc::gen::arbitrary<bool>()) {
      schedule.TimedOut();
    } else {
      schedule.Answered();
    }
  }
  return asked;
}

// Asking times of a port that is looked at every ten seconds, give or take a few milliseconds.
struct Host {
  Host(unsigned number, std::mt19937& random)
      : schedule(PortNumber(number), QuestionKind::kMembership),
        next_look(kStart + milliseconds(random() % 10000)) {}

  template <typename OnAsked>
  void LiveUntil(SteadyTime end, bool answered, std::mt19937& random, const OnAsked& on_asked) {
    for (; next_look < end; next_look += milliseconds(9990 + random() % 20)) {
      if (!schedule.Due(next_look)) continue;
      schedule.Asked(next_look);
      if (answered) {
        schedule.Answered();
      } else {
        schedule.TimedOut();
      }
      on_asked(next_look);
    }
  }

  Schedule schedule;
  SteadyTime next_look;
};

// Questions of 5,000 ports by second.
class Crowd {
 public:
  static constexpr unsigned kPorts = 5000;
  Crowd() {
    for (unsigned i = 0; i < kPorts; ++i) hosts_.emplace_back(i, random_);
  }
  // From `from` to `to` after the start.
  std::vector<unsigned> Count(seconds from, seconds to) {
    std::vector<unsigned> by_second(static_cast<std::size_t>((to - from).count()));
    for (Host& host : hosts_) {
      host.LiveUntil(kStart + to, sa_answers, random_, [&](SteadyTime at) {
        if (at < kStart + from) return;
        ++by_second[static_cast<std::size_t>(std::chrono::floor<seconds>(at - kStart - from).count())];
      });
    }
    return by_second;
  }
  // Every host notices at its own next look.
  void SmChanges() {
    for (Host& host : hosts_) host.schedule.SmChanged(host.next_look);
  }
  bool sa_answers = true;

 private:
  std::mt19937 random_{20110314};
  std::vector<Host> hosts_;
};

double Mean(const std::vector<unsigned>& counts) {
  double sum = 0;
  for (const unsigned count : counts) sum += count;
  return sum / static_cast<double>(counts.size());
}

// Independent arrivals do not exceed this in 10,000 such seconds.
double WorstOfIndependent(double mean) {
  return mean + 5 * std::sqrt(mean);
}

}  // namespace

TEST_CASE("There is never more than one question in a minute, whatever happens", "[host][unit]") {
  CHECK(rc::check([] {
    Schedule schedule(Guid{*rc::gen::arbitrary<std::uint64_t>()}, QuestionKind::kMembership);
    const auto asked = AskingTimes(schedule);
    for (std::size_t i = 1; i < asked.size(); ++i) RC_ASSERT(asked[i] - asked[i - 1] >= kBudgetPeriod);
  }));
}

TEST_CASE("The first question goes at once, the next at the port's moment", "[host][unit]") {
  Schedule schedule(kPort, QuestionKind::kSm);
  CHECK(schedule.Due(kStart));
  schedule.Asked(kStart);
  SteadyTime now = kStart;
  while (!schedule.Due(now)) now += milliseconds(1);
  CHECK(now - kStart >= kBudgetPeriod);
  CHECK(now - kStart <= 2 * kBudgetPeriod);
  const Duration into_minute = now.time_since_epoch() % kBudgetPeriod;
  CHECK(std::chrono::abs(into_minute - MomentOf(kPort, QuestionKind::kSm)) <= milliseconds(1));
}

TEST_CASE("A question is due again after two minutes at the latest, if the last was answered",
          "[host][unit]") {
  CHECK(rc::check([] {
    Schedule schedule(Guid{*rc::gen::arbitrary<std::uint64_t>()}, QuestionKind::kSm);
    schedule.Asked(kStart);
    schedule.Answered();
    const SteadyTime now = kStart + milliseconds(*rc::gen::inRange(120000, 1000000));
    RC_ASSERT(schedule.Due(now));
  }));
}

TEST_CASE("Every time-out doubles the distance, up to eight minutes, and an answer ends that",
          "[host][unit]") {
  for (unsigned failures = 1; failures < 10; ++failures) {
    const Duration longest = kBudgetPeriod * (1u << std::min(failures, 3u));
    const Duration delay = BackoffDelay(kPort, QuestionKind::kMembership, failures);
    CHECK(delay <= longest);
    CHECK(delay >= longest * 3 / 4);
  }
  Schedule schedule(kPort, QuestionKind::kMembership);
  for (int i = 0; i < 5; ++i) {
    schedule.Asked(kStart);
    schedule.TimedOut();
  }
  CHECK_FALSE(schedule.Due(kStart + std::chrono::minutes(6) - milliseconds(1)));
  schedule.Answered();
  schedule.Asked(kStart);
  CHECK(schedule.Due(kStart + 2 * kBudgetPeriod));
}

TEST_CASE("The jitter of the distance differs from port to port and from time to time", "[host][unit]") {
  std::vector<Duration> delays;
  for (unsigned i = 0; i < 100; ++i) {
    delays.push_back(BackoffDelay(PortNumber(i), QuestionKind::kMembership, 3));
    delays.push_back(BackoffDelay(PortNumber(i), QuestionKind::kMembership, 4));
  }
  std::ranges::sort(delays);
  CHECK(std::ranges::adjacent_find(delays) == delays.end());
  CHECK(delays.back() - delays.front() > kBudgetPeriod);
}

TEST_CASE("After an SM change a port waits for its moment, and no longer than a minute", "[host][unit]") {
  CHECK(rc::check([] {
    const Guid port{*rc::gen::arbitrary<std::uint64_t>()};
    Schedule schedule(port, QuestionKind::kMembership);
    const SteadyTime changed = kStart + milliseconds(*rc::gen::inRange(0, 600000));
    schedule.SmChanged(changed);
    RC_ASSERT(schedule.Held());
    RC_ASSERT(schedule.Due(changed + kBudgetPeriod));
    const Duration past = changed.time_since_epoch() % kBudgetPeriod;
    const Duration moment = MomentOf(port, QuestionKind::kMembership);
    const Duration wait = moment >= past ? moment - past : moment + kBudgetPeriod - past;
    RC_ASSERT(schedule.Due(changed + wait));
    RC_ASSERT(wait == Duration::zero() || !schedule.Due(changed + wait - Duration(1)));
  }));
}

TEST_CASE("An SM change ends a long wait for a silent SA", "[host][unit]") {
  Schedule schedule(kPort, QuestionKind::kMembership);
  for (int i = 0; i < 5; ++i) {
    schedule.Asked(kStart);
    schedule.TimedOut();
  }
  schedule.SmChanged(kStart + kBudgetPeriod);
  CHECK(schedule.Due(kStart + 2 * kBudgetPeriod));
}

TEST_CASE("An SM that changes at every look is asked all the same", "[host][unit]") {
  Schedule schedule(kPort, QuestionKind::kMembership);
  unsigned asked = 0;
  for (SteadyTime now = kStart; now < kStart + std::chrono::minutes(10); now += seconds(10)) {
    schedule.SmChanged(now);
    if (!schedule.Due(now)) continue;
    schedule.Asked(now);
    ++asked;
  }
  CHECK(asked >= 4);
}

TEST_CASE("The moments of 5,000 ports are spread evenly over the minute, each kind for itself",
          "[host][unit]") {
  const auto kind = GENERATE(QuestionKind::kSm, QuestionKind::kMembership, QuestionKind::kPath);
  std::vector<unsigned> by_second(60);
  unsigned same_second = 0;
  for (unsigned i = 0; i < Crowd::kPorts; ++i) {
    const Duration moment = MomentOf(PortNumber(i), kind);
    REQUIRE(moment >= Duration::zero());
    REQUIRE(moment < kBudgetPeriod);
    ++by_second[static_cast<std::size_t>(std::chrono::floor<seconds>(moment).count())];
    const Duration other = MomentOf(PortNumber(i), QuestionKind::kUplink);
    same_second += std::chrono::floor<seconds>(moment) == std::chrono::floor<seconds>(other);
  }
  const double mean = Mean(by_second);
  double chi_squared = 0;
  for (const unsigned count : by_second) chi_squared += (count - mean) * (count - mean) / mean;
  CHECK(chi_squared < 99.6);  // 59 degrees of freedom, p = 0.0008
  CHECK(same_second < 2 * Crowd::kPorts / 60);
}

TEST_CASE("5,000 ports ask the SA 84 membership questions a second at most in the mean, and evenly",
          "[host][unit]") {
  Crowd crowd;
  const auto counts = crowd.Count(seconds(300), seconds(900));
  const double mean = Mean(counts);
  const unsigned worst = *std::ranges::max_element(counts);
  CHECK(mean <= 84);
  CHECK(worst <= WorstOfIndependent(mean));
}

TEST_CASE("No second of the minute after an SM change has twice the even share of 5,000 ports",
          "[host][unit]") {
  const auto silence = GENERATE(seconds(0), seconds(10), seconds(45), seconds(120), seconds(1200));
  Crowd crowd;
  (void)crowd.Count(seconds(300), seconds(600));
  crowd.sa_answers = false;
  (void)crowd.Count(seconds(600), seconds(600) + silence);
  crowd.sa_answers = true;
  crowd.SmChanges();
  const auto counts = crowd.Count(seconds(600) + silence, seconds(720) + silence);
  const unsigned worst = *std::ranges::max_element(counts);
  CHECK(worst < 2 * 84);
}

}  // namespace aftershock::host

#include "rules/whatif/load_history.h"

#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

constexpr double kGbps = 1e9;

// One cable; counters move as a test says, a sweep every minute.
class Swept {
 public:
  Swept() {
    sw_ = f_.AddSwitch("sw");
    f_.Connect(f_.AddHost("h"), 1, sw_, 1);
  }
  Port& port() { return f_.At(sw_, 1); }
  void Sweep(double xmit_gbps = 0, double rcv_gbps = 0, int minutes = 1) {
    time_ += std::chrono::minutes(minutes);
    Count(port(), Counter::kXmitData, static_cast<std::uint64_t>(xmit_gbps * kGbps / 8 * 60 * minutes));
    Count(port(), Counter::kRcvData, static_cast<std::uint64_t>(rcv_gbps * kGbps / 8 * 60 * minutes));
    f_.sweep().started_steady = time_;
    history_.Add(f_.Build());
  }
  std::optional<PortLoad> Load() const {
    const PortLoads loads = history_.Loads();
    const auto at = loads.find({sw_, 1});
    return at == loads.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  FabricBuilder f_;
  Guid sw_{};
  SteadyTime time_{std::chrono::hours(100)};
  whatif::LoadHistory history_;
};

}  // namespace

TEST_CASE("One look at a port says nothing about its load", "[rules][load]") {
  Swept swept;
  swept.Sweep(10);
  CHECK_FALSE(swept.Load());
}

TEST_CASE("A steady load is its own mean and peak", "[rules][load]") {
  Swept swept;
  for (int i = 0; i < 30; ++i) swept.Sweep(10, 3);
  const PortLoad load = swept.Load().value();
  CHECK(load.mean_xmit == Approx(10 * kGbps));
  CHECK(load.peak_xmit == Approx(10 * kGbps));
  CHECK(load.mean_rcv == Approx(3 * kGbps));
  CHECK(load.seconds == Approx(29 * 60));
}

TEST_CASE("The busiest five minutes of the hour are the peak", "[rules][load]") {
  Swept swept;
  for (int i = 0; i < 55; ++i) swept.Sweep(i >= 20 && i < 30 ? 40 : 1);
  CHECK(swept.Load()->peak_xmit == Approx(40 * kGbps));
  CHECK(swept.Load()->mean_xmit < 10 * kGbps);
}

TEST_CASE("What was more than an hour ago does not count", "[rules][load]") {
  Swept swept;
  for (int i = 0; i < 10; ++i) swept.Sweep(50);
  for (int i = 0; i < 70; ++i) swept.Sweep(2);
  CHECK(swept.Load()->peak_xmit == Approx(2 * kGbps));
}

TEST_CASE("A saturated counter is no load of zero", "[rules][load]") {
  Swept swept;
  swept.port().counters.SetSaturated(Counter::kXmitData, true);
  for (int i = 0; i < 10; ++i) swept.Sweep();
  CHECK_FALSE(swept.Load());
}

TEST_CASE("The interval in which somebody cleared a counter is left out", "[rules][load]") {
  Swept swept;
  for (int i = 0; i < 5; ++i) swept.Sweep(10);
  const double seen = swept.Load()->seconds;
  swept.port().counters.SetResets(Counter::kXmitData, 1);
  swept.Sweep(0.001);
  CHECK(swept.Load()->seconds == Approx(seen));
  CHECK(swept.Load()->mean_xmit == Approx(10 * kGbps));
}

TEST_CASE("A port that is read no more is forgotten after the hour", "[rules][load]") {
  Swept swept;
  for (int i = 0; i < 5; ++i) swept.Sweep(10);
  swept.port().counters_answer = Answer::kTimeout;
  for (int i = 0; i < 70; ++i) swept.Sweep();
  CHECK_FALSE(swept.Load());
}

}  // namespace aftershock::tests

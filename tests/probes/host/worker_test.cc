#include "probes/host/worker.h"

#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>

namespace aftershock::host {
namespace {

// Far enough away for a sanitizer on a busy machine, and never waited for when all is well.
SteadyTime Soon() {
  return std::chrono::steady_clock::now() + std::chrono::minutes(1);
}
SteadyTime Now() {
  return std::chrono::steady_clock::now();
}

// A door that keeps work from ending until it is opened.
class Door {
 public:
  void Open() { opened_.set_value(); }
  std::shared_future<void> Way() const { return way_; }

 private:
  std::promise<void> opened_;
  std::shared_future<void> way_{opened_.get_future()};
};

TEST_CASE("A round brings what its work makes of its inputs", "[host][worker]") {
  Worker<std::string, std::string, int> worker(
      "joining", [](const std::string& text, int n) { return text + std::to_string(n); });
  worker.Begin("ib", 0);
  CHECK(worker.Await(Soon()).value() == "ib0");
  worker.Begin("ib", 1);
  CHECK(worker.Await(Soon()).value() == "ib1");
}

TEST_CASE("A round that hangs is a time-out that names what hangs", "[host][worker]") {
  Door door;
  Worker<int> worker("reading sysfs", [way = door.Way()] {
    way.wait();
    return 7;
  });
  worker.Begin();
  const auto hung = worker.Await(Now());
  REQUIRE_FALSE(hung.has_value());
  CHECK(hung.error().code == Errc::kTimeout);
  CHECK(hung.error().what == "reading sysfs hangs in the kernel");
  door.Open();
  CHECK(worker.Await(Soon()).value() == 7);
}

TEST_CASE("No second round begins while the first one hangs", "[host][worker]") {
  Door door;
  auto rounds = std::make_shared<int>(0);
  Worker<int> worker("reading sysfs", [way = door.Way(), rounds] {
    way.wait();
    return ++*rounds;
  });
  worker.Begin();
  CHECK_FALSE(worker.Await(Now()).has_value());
  worker.Begin();
  door.Open();
  CHECK(worker.Await(Soon()).value() == 1);
  worker.Begin();
  CHECK(worker.Await(Soon()).value() == 2);
}

// Tells when it goes.
class Owned {
 public:
  explicit Owned(std::promise<void> gone) : gone_(std::move(gone)) {}
  ~Owned() { gone_.set_value(); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

 private:
  std::promise<void> gone_;
};

TEST_CASE("An abandoned worker is not waited for, and lets go of what it owns in the end", "[host][worker]") {
  Door door;
  std::promise<void> promise, started;
  const std::future<void> gone = promise.get_future();
  {
    Worker<int> worker("reading sysfs",
                       [way = door.Way(), &started, owned = std::make_shared<Owned>(std::move(promise))] {
                         started.set_value();
                         way.wait();
                         return 7;
                       });
    worker.Begin();
    REQUIRE(started.get_future().wait_until(Soon()) == std::future_status::ready);
    CHECK_FALSE(worker.Await(Now()).has_value());
  }
  CHECK(gone.wait_until(Now()) == std::future_status::timeout);
  door.Open();
  CHECK(gone.wait_until(Soon()) == std::future_status::ready);
}

}  // namespace
}  // namespace aftershock::host

// Work that may hang in the kernel, on a thread that nobody has to wait for.
//
// A read of sysfs, a netlink dump or the opening of a device can block for as long as a driver holds a lock.
// Begin() starts a round unless the last one still hangs; Await() takes what it brought, or kTimeout. A
// worker whose round hangs is abandoned when it is destroyed: its thread owns all that it touches and ends
// when the kernel lets it go.
//
// Threading: Begin and Await from one thread; `work` runs on the worker's own and must own what it uses
// (shared_ptr). Errors:    kTimeout  the deadline came first
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace aftershock::host {

template <typename T, typename... Inputs>
class Worker {
 public:
  // `name`: of what is done, for the error: "reading sysfs".
  Worker(std::string name, std::function<T(Inputs...)> work)
      : shared_(std::make_shared<Shared>()), name_(std::move(name)) {
    shared_->work = std::move(work);
    std::thread([shared = shared_] { Serve(*shared); }).detach();
  }
  ~Worker() {
    const std::lock_guard lock(shared_->mutex);
    shared_->ended = true;
    shared_->changed.notify_all();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Begin(Inputs... inputs) {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->busy) return;
    shared_->busy = true;
    shared_->inputs = std::make_tuple(std::move(inputs)...);
    shared_->result.reset();
    shared_->changed.notify_all();
  }

  // REQUIRES: Begin() was called.
  Result<T> Await(SteadyTime deadline) {
    std::unique_lock lock(shared_->mutex);
    if (!shared_->changed.wait_until(lock, deadline, [&] { return shared_->result.has_value(); })) {
      return Fail(Errc::kTimeout, name_ + " hangs in the kernel");
    }
    return *shared_->result;
  }

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<T(Inputs...)> work;
    std::tuple<Inputs...> inputs;  // guarded by mutex
    bool busy = false;             // guarded by mutex
    bool ended = false;            // guarded by mutex
    std::optional<T> result;       // guarded by mutex
  };

  static void Serve(Shared& shared) {
    std::unique_lock lock(shared.mutex);
    for (;;) {
      shared.changed.wait(lock, [&] { return shared.busy || shared.ended; });
      if (shared.ended) return;
      const std::tuple<Inputs...> inputs = std::move(shared.inputs);
      lock.unlock();
      T result = std::apply(shared.work, inputs);
      lock.lock();
      shared.result = std::move(result);
      shared.busy = false;
      shared.changed.notify_all();
    }
  }

  std::shared_ptr<Shared> shared_;
  std::string name_;
};

}  // namespace aftershock::host

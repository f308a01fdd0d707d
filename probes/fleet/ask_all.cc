#include "probes/fleet/ask_all.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <system_error>
#include <thread>
#include <vector>

namespace aftershock::fleet {

std::size_t AskAll(std::size_t count, std::size_t parallel, SteadyTime deadline, const std::stop_token& stop,
                   const std::function<void(std::size_t)>& ask) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> over{false};
  const auto work = [&] {
    while (!over.load()) {
      if (stop.stop_requested() || std::chrono::steady_clock::now() >= deadline) over.store(true);
      if (over.load()) return;
      const std::size_t mine = next.fetch_add(1);
      if (mine >= count) return;
      ask(mine);
    }
  };
  {
    std::vector<std::jthread> threads;
    try {
      while (threads.size() + 1 < std::min(count, parallel)) threads.emplace_back(work);
    } catch (const std::system_error&) {  // fewer have to do
    }
    work();
  }
  return std::min(next.load(), count);
}

}  // namespace aftershock::fleet

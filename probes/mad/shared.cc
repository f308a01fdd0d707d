#include "probes/mad/shared.h"

#include <algorithm>

#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

// A user that does not look for a while is owed nothing older than this.
constexpr std::size_t kMostLaidAside = 4096;

std::size_t OwnerOf(const Arrival& arrival) {
  const bool second = arrival.length >= wire::kHeaderSize &&
                      (wire::Load<std::uint32_t>(arrival.bytes, wire::kTransactionLow) & kSecondUser) != 0;
  return second ? 1 : 0;
}

}  // namespace

Result<void> SharedPort::Send(const RequestMad& mad, std::chrono::milliseconds timeout) {
  const std::lock_guard lock(sending_);
  return port_.Send(mad, timeout);
}

bool SharedPort::TakeLaidAside(std::size_t user, Arrival& arrival) {
  if (laid_aside_[user].empty()) return false;
  arrival = laid_aside_[user].front();
  laid_aside_[user].pop_front();
  return true;
}

Result<bool> SharedPort::Receive(std::size_t user, Arrival& arrival, std::chrono::milliseconds wait) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + wait;
  std::unique_lock lock(mutex_);
  for (;;) {
    if (TakeLaidAside(user, arrival)) return true;
    if (receiving_) {
      if (changed_.wait_until(lock, until) == std::cv_status::timeout) return TakeLaidAside(user, arrival);
      continue;
    }
    receiving_ = true;
    lock.unlock();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    auto received = port_.Receive(arrival, std::max(left, std::chrono::milliseconds(0)));
    lock.lock();
    receiving_ = false;
    changed_.notify_all();
    if (!received || !*received) return received;
    const std::size_t owner = OwnerOf(arrival);
    if (owner == user) return true;
    auto& others = laid_aside_[owner];
    if (others.size() == kMostLaidAside) others.pop_front();
    others.push_back(arrival);
  }
}

}  // namespace aftershock::mad

// How many requests of one MAD class may be in flight: halved by a time-out, one more per window of answers.
//
// Not below a quarter of the limit. Of the time-outs of one round trip only the first counts: those of
// requests that were sent before the last halving say nothing about the smaller window.
#pragma once

#include <algorithm>
#include <cstdint>

namespace aftershock::mad {

class Window {
 public:
  // At least 1.
  explicit Window(std::uint32_t limit)
      : limit_(std::max(limit, 1u)), floor_(std::max(limit_ / 4, 1u)), size_(limit_) {}

  bool Open() const { return in_flight_ < size_; }
  std::uint32_t in_flight() const { return in_flight_; }
  std::uint32_t size() const { return size_; }

  // Returns the ticket of the request. Each ends with exactly one of the three calls below.
  std::uint64_t Sent() {
    ++in_flight_;
    return next_ticket_++;
  }
  void Answered() {
    --in_flight_;
    if (++answers_ < size_) return;
    answers_ = 0;
    size_ = std::min(size_ + 1, limit_);
  }
  void TimedOut(std::uint64_t ticket) {
    --in_flight_;
    if (ticket < halved_at_) return;
    size_ = std::max(size_ / 2, floor_);
    halved_at_ = next_ticket_;
    answers_ = 0;
  }
  void Abandoned() { --in_flight_; }

 private:
  std::uint32_t limit_, floor_, size_;
  std::uint32_t in_flight_ = 0;
  std::uint32_t answers_ = 0;  // since the size last changed
  std::uint64_t next_ticket_ = 0;
  std::uint64_t halved_at_ = 0;
};

}  // namespace aftershock::mad

// One transport for two engines, each in a thread of its own: a sweep, and questions that do not wait for its
// end.
//
// Two open ports would do with a kernel; a simulator hands the answers of all of a process's ports to
// whichever reads first. Whoever waits takes what arrives, and lays aside what is the other's: the highest
// bit of a transaction id tells them apart (Limits::second of the second's engine).
//
// Threading: each user is used by one thread. The port's Receive is called by one thread at a time; Send may
// be called by one thread while another is in Receive, never by two at once.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "probes/mad/transport.h"

namespace aftershock::mad {

inline constexpr std::uint32_t kSecondUser = 0x80000000u;

class SharedPort {
 public:
  // `port` must outlive it.
  explicit SharedPort(Transport& port) : port_(port), users_{User(*this, 0), User(*this, 1)} {}
  SharedPort(const SharedPort&) = delete;
  SharedPort& operator=(const SharedPort&) = delete;

  Transport& First() { return users_[0]; }
  Transport& Second() { return users_[1]; }

 private:
  class User final : public Transport {
   public:
    User(SharedPort& shared, std::size_t index) : shared_(shared), index_(index) {}
    Result<void> Send(const RequestMad& mad, std::chrono::milliseconds timeout) override {
      return shared_.Send(mad, timeout);
    }
    Result<bool> Receive(Arrival& arrival, std::chrono::milliseconds wait) override {
      return shared_.Receive(index_, arrival, wait);
    }

   private:
    SharedPort& shared_;
    std::size_t index_;
  };

  Result<void> Send(const RequestMad& mad, std::chrono::milliseconds timeout);
  Result<bool> Receive(std::size_t user, Arrival& arrival, std::chrono::milliseconds wait);
  bool TakeLaidAside(std::size_t user, Arrival& arrival);

  Transport& port_;
  std::array<User, 2> users_;
  std::mutex sending_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  bool receiving_ = false;  // one of the users is in the port's Receive
  std::array<std::deque<Arrival>, 2> laid_aside_;
};

}  // namespace aftershock::mad

// Ends a connection that takes too long or brings too much, whatever the library that uses it waits for: a
// TLS handshake, headers without an end, a body that comes octet by octet.
//
// Threading: Take() from the thread that connects; a thread of its own watches. Linux: TCP_INFO counts what
// was received.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace aftershock::fleet {

class CutOff {
 public:
  CutOff(SteadyTime deadline, std::uint64_t most_bytes);
  ~CutOff();
  CutOff(const CutOff&) = delete;
  CutOff& operator=(const CutOff&) = delete;

  // The socket that is about to be used; one after the other.
  void Take(int sock);

  enum class Why : std::uint8_t { kNot, kLate, kLarge };
  Why why() const;

 private:
  void Watch(const std::stop_token& stop);
  void Let();

  const SteadyTime deadline_;
  const std::uint64_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  int sock_ = -1;  // a duplicate: its number is nobody else's when the other is closed
  Why why_ = Why::kNot;
  std::jthread thread_;
};

}  // namespace aftershock::fleet

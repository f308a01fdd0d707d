// The way to one HCA port: sends requests, hands back whatever arrives. Everything about matching, retrying
// and pacing is the engine's.
//
// Threading: used by one thread, the engine's.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "probes/mad/request.h"

namespace aftershock::mad {

struct Arrival {
  std::array<std::uint8_t, kMadSize> bytes{};
  // Of an SA's answer that came in several MADs, put together below us (RMPP, 13.6): its data, and `bytes`
  // are the first MAD. Empty: it is one MAD.
  std::vector<std::uint8_t> table;
  std::size_t length = 0;  // of the MAD; less than kMadSize is malformed, but for an SA's; the rest is zero
  Lid source{};            // permissive (0xffff) or 0 for directed routes
  std::uint32_t source_qp = 0;
  int send_status = 0;  // errno-like: not 0: our own request came back undelivered, `bytes` are its bytes
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Hands the request to the local stack, which gives up on it after `timeout`. Never blocks.
  // kDenied, kInternal: it was not sent.
  virtual Result<void> Send(const RequestMad& mad, std::chrono::milliseconds timeout) = 0;
  // The next arrival, if there is one by `wait` (0: look only). false: none. An error: the port is gone.
  virtual Result<bool> Receive(Arrival& arrival, std::chrono::milliseconds wait) = 0;
};

}  // namespace aftershock::mad

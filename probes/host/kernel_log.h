// The kernel's own words about a stuck transmit queue, from /dev/kmsg (Documentation/ABI/testing/dev-kmsg):
// "ib0: transmit timeout: latency 1234 msecs" and "ib0: queue stopped 1, tx_head 4711, tx_tail 4455"
// (drivers/infiniband/ulp/ipoib/ipoib_main.c, ipoib_timeout), and the watchdog's "NETDEV WATCHDOG: ib0 (…):
// transmit queue 0 timed out".
//
// Threading: one thread. Errors: kAbsent, kDenied (CAP_SYSLOG where kernel.dmesg_restrict is set).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "probes/host/timeline.h"

namespace aftershock::host {

// The interface that a line of /dev/kmsg ("4,1234,567890,-;mlx5_0: ib0: transmit timeout: …") complains
// about.
std::optional<std::string> StuckInterface(std::string_view record);

class KernelLog {
 public:
  // Lines from now on; what was logged before is of another time. `path`: "/dev/kmsg". `timeline` must
  // outlive it.
  static Result<std::unique_ptr<KernelLog>> Open(const std::string& path, Timeline& timeline);
  ~KernelLog();
  // Takes what has come since, without waiting. A ring that was overrun (EPIPE) goes on with what is left.
  Result<void> Poll();

 private:
  KernelLog(int fd, Timeline& timeline) : fd_(fd), timeline_(timeline) {}
  int fd_;
  Timeline& timeline_;
};

}  // namespace aftershock::host

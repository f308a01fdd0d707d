// The kernel's own words about a stuck transmit queue, from /dev/kmsg (Documentation/ABI/testing/dev-kmsg):
// "ib0: transmit timeout: latency 1234 msecs" and "ib0: queue stopped 1, tx_head 4711, tx_tail 4455"
// (drivers/infiniband/ulp/ipoib/ipoib_main.c, ipoib_timeout), the watchdog's "NETDEV WATCHDOG: ib0 (…):
// transmit queue 0 timed out" (net/sched/sch_generic.c, in both its forms), and mlx5's "ib0: TX timeout
// detected". Lines of one time-out, those of an interface within a second, are one event.
//
// Only records of the kernel's facility count: what a process writes to /dev/kmsg is of another.
//
// Threading: one thread. Errors: kAbsent, kDenied (CAP_SYSLOG where kernel.dmesg_restrict is set).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "probes/host/timeline.h"

namespace aftershock::host {

struct StuckLine {
  std::string interface;
  std::string_view text;           // the line, of the record
  std::chrono::microseconds at{};  // since boot, as the record says
  bool of_ipoib = false;           // only IPoIB writes such a line; else it may be any interface's
};
// What a record of /dev/kmsg ("4,1234,567890,-;ib0: transmit timeout: …") says of a stuck queue.
std::optional<StuckLine> ParseStuckLine(std::string_view record);
// Its interface alone.
std::optional<std::string> StuckInterface(std::string_view record);

class KernelLog {
 public:
  // Lines from now on; what was logged before is of another time. `path`: "/dev/kmsg". `timeline` must
  // outlive it.
  static Result<std::unique_ptr<KernelLog>> Open(const std::string& path, Timeline& timeline);
  ~KernelLog();
  KernelLog(const KernelLog&) = delete;
  KernelLog& operator=(const KernelLog&) = delete;
  // Takes what has come since, without waiting; what is more than kMaxRecords is left for the next time. A
  // ring that was overrun (EPIPE) goes on with what is left.
  Result<void> Poll();

  static constexpr int kMaxRecords = 10'000;

 private:
  KernelLog(int fd, Timeline& timeline) : fd_(fd), timeline_(timeline) {}
  void Take(std::string_view record);

  int fd_;
  Timeline& timeline_;
  std::map<std::string, std::chrono::microseconds, std::less<>> last_;  // by interface, of the last line
};

}  // namespace aftershock::host

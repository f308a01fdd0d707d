#include "probes/host/kernel_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "sysfs_tree.h"
#include "tests/fakes/fake_clock.h"

namespace aftershock::host {
namespace {

TEST_CASE("Lines about a stuck queue name their interface", "[host][kernel-log]") {
  const std::pair<const char*, const char*> lines[] = {
      {"4,1234,567890,-;ib0: transmit timeout: latency 1234 msecs", "ib0"},
      {"4,1234,567890,-;mlx5_0: ib0.8001: transmit timeout: latency 1 msecs", "ib0.8001"},
      {"4,1234,567890,-;ib1: queue stopped 1, tx_head 4711, tx_tail 4455", "ib1"},
      {"4,1,2,-;NETDEV WATCHDOG: ib0 (mlx5_core): transmit queue 0 timed out", "ib0"},
      {"2,1,2,c;mlx5_core 0000:3b:00.0 ib0: NETDEV WATCHDOG: CPU: 3: transmit queue 0 timed out 5380 ms",
       "ib0"},
      {"3,1,2,-,caller=T1;mlx5_core 0000:3b:00.0 ibp59s0: TX timeout detected\n SUBSYSTEM=net\n", "ibp59s0"},
  };
  for (const auto& [record, interface] : lines) {
    CAPTURE(record);
    CHECK(StuckInterface(record) == interface);
  }
}

TEST_CASE("Other lines name no interface", "[host][kernel-log]") {
  for (const char* record :
       {"", ";", "4,1,2,-", "4,1,2,-;", "4,1,2,-;ib0: link becomes ready",
        "4,1,2,-;: transmit timeout: latency 1", "4,1,2,-;a name too long: transmit timeout: latency",
        "4,1,2,-;sixteen-octets-x: transmit timeout: latency 1 msecs",
        "x,1,2,-;ib0: transmit timeout: latency 1", "4,1;ib0: transmit timeout: latency 1 msecs",
        "4,1,2,-;NETDEV WATCHDOG: ib0 (mlx5_core): all is well",
        "4,1,2,-;hello\n ib0: transmit timeout: latency 1 msecs",
        "4,99999999999999999999,2,-;ib0: transmit timeout: latency 1 msecs"}) {
    CAPTURE(record);
    CHECK_FALSE(StuckInterface(record).has_value());
  }
}

TEST_CASE("What a process writes to the log is not the kernel's word", "[host][kernel-log]") {
  CHECK_FALSE(StuckInterface("12,1,2,-;ib0: transmit timeout: latency 1 msecs").has_value());
}

// A file stands for /dev/kmsg: both give what was written since, and do not wait for more.
class Log {
 public:
  Log() : path_(tree_.root() + "/kmsg") {
    tree_.WriteRaw("kmsg", "4,1,1,-;ib9: transmit timeout: latency 1 msecs\n");
  }
  const std::string& path() const { return path_; }
  void Append(const std::string& record) const {
    const int fd = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    REQUIRE(::write(fd, record.data(), record.size()) == static_cast<ssize_t>(record.size()));
    ::close(fd);
  }

 private:
  SysfsTree tree_;
  std::string path_;
};

HostSnapshot Copy(const Timeline& timeline) {
  HostSnapshot snapshot;
  timeline.CopyTo(snapshot);
  return snapshot;
}

TEST_CASE("Only what is logged from now on is an event", "[host][kernel-log]") {
  const Log file;
  fake::FakeClock clock;
  Timeline timeline(clock);
  const auto log = KernelLog::Open(file.path(), timeline);
  REQUIRE(log.has_value());
  CHECK((*log)->Poll().has_value());
  CHECK(Copy(timeline).events_seen == 0);
  file.Append("4,2,1000000,-;ib0: transmit timeout: latency 1234 msecs\n");
  CHECK((*log)->Poll().has_value());
  const HostSnapshot seen = Copy(timeline);
  REQUIRE(seen.events.size() == 1);
  CHECK(seen.events[0].kind == HostEventKind::kTransmitTimeout);
  CHECK(seen.events[0].interface == "ib0");
  CHECK(seen.events[0].detail == "ib0: transmit timeout: latency 1234 msecs");
}

TEST_CASE("The lines of one time-out are one event, those of the next are another", "[host][kernel-log]") {
  const Log file;
  fake::FakeClock clock;
  Timeline timeline(clock);
  const auto log = KernelLog::Open(file.path(), timeline);
  REQUIRE(log.has_value());
  for (const char* record : {"4,2,1000000,-;ib0: transmit timeout: latency 1234 msecs\n",
                             "4,3,1000100,-;ib0: queue stopped 1, tx_head 4711, tx_tail 4455\n",
                             "4,4,1000200,-;ib1: transmit timeout: latency 1234 msecs\n",
                             "4,5,11000000,-;ib0: transmit timeout: latency 1234 msecs\n"}) {
    file.Append(record);
    CHECK((*log)->Poll().has_value());
  }
  CHECK(Copy(timeline).event_counts.at({HostEventKind::kTransmitTimeout, "ib0"}) == 2);
  CHECK(Copy(timeline).event_counts.at({HostEventKind::kTransmitTimeout, "ib1"}) == 1);
}

TEST_CASE("The watchdog's line counts for InfiniBand interfaces only", "[host][kernel-log]") {
  const Log file;
  fake::FakeClock clock;
  Timeline timeline(clock);
  const auto log = KernelLog::Open(file.path(), timeline);
  REQUIRE(log.has_value());
  file.Append("4,2,1,-;NETDEV WATCHDOG: lo (loopback): transmit queue 0 timed out\n");
  CHECK((*log)->Poll().has_value());
  CHECK(Copy(timeline).events_seen == 0);
}

TEST_CASE("A log that is not there is absent", "[host][kernel-log]") {
  fake::FakeClock clock;
  Timeline timeline(clock);
  const SysfsTree tree;
  CHECK(KernelLog::Open(tree.root() + "/kmsg", timeline).error().code == Errc::kAbsent);
}

}  // namespace
}  // namespace aftershock::host

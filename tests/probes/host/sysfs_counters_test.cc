#include "probes/host/sysfs_counters.h"

#include <catch2/catch.hpp>
#include <string>

#include "probes/host/adapters.h"
#include "sysfs_tree.h"

namespace aftershock::host {
namespace {

const std::string kPort = "class/infiniband/mlx5_0/ports/1";
const std::string kCounters = kPort + "/counters/";

struct Seen {
  HostPort port;
  std::vector<FileFault> faults;
};
Seen Read(const SysfsTree& tree) {
  auto read = ReadAdapters(tree.root());
  REQUIRE(read.has_value());
  return {read->hcas.at(0).ports.at(0), read->faults};
}

TEST_CASE("Data counters are octets, other counters are what they count", "[host][counters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  const auto [port, faults] = Read(tree);
  CHECK(port.counters.Get(Counter::kXmitData) == 4000u);
  CHECK(port.counters.Get(Counter::kXmitPkts) == 70u);
  CHECK_FALSE(port.counters.Has(Counter::kRcvErrors));
}

TEST_CASE("A narrow register at its maximum is saturated, one beyond it is wide", "[host][counters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Write(kCounters + "symbol_error", "65535");
  tree.Write(kCounters + "link_downed", "255");
  tree.Write(kCounters + "local_link_integrity_errors", "15");
  tree.Write(kCounters + "port_rcv_errors", "65536");
  tree.Write(kCounters + "link_error_recovery", "254");
  const auto [port, faults] = Read(tree);
  CHECK(port.counters.Saturated(Counter::kSymbolErrors));
  CHECK(port.counters.Saturated(Counter::kLinkDowned));
  CHECK(port.counters.Saturated(Counter::kLocalLinkIntegrityErrors));
  CHECK_FALSE(port.counters.Saturated(Counter::kRcvErrors));
  CHECK_FALSE(port.counters.Saturated(Counter::kLinkErrorRecovery));
}

TEST_CASE("A traffic register at 32 bits is saturated unless the device has wide ones", "[host][counters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Write(kCounters + "port_rcv_data", "4294967295");
  CHECK(Read(tree).port.counters.Saturated(Counter::kRcvData));
  tree.Write(kCounters + "unicast_xmit_packets", "0");
  CHECK_FALSE(Read(tree).port.counters.Saturated(Counter::kRcvData));
}

TEST_CASE("The wide registers of old kernels win over the narrow ones", "[host][counters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Write(kCounters + "port_xmit_data", "4294967295");
  tree.Write(kPort + "/counters_ext/port_xmit_data_64", "5000000000");
  tree.Write(kPort + "/counters_ext/port_rcv_data_64", "N/A (no PMA)");
  tree.Write(kCounters + "port_rcv_data", "7");
  const auto [port, faults] = Read(tree);
  CHECK(port.counters.Get(Counter::kXmitData) == 20'000'000'000u);
  CHECK_FALSE(port.counters.Saturated(Counter::kXmitData));
  CHECK(port.counters.Get(Counter::kRcvData) == 28u);
  CHECK(faults.empty());
}

TEST_CASE("A port without a performance agent is not applicable, and no fault", "[host][counters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  const bool folder = GENERATE(true, false);
  tree.Remove(kPort + "/counters");
  if (folder) tree.Write(kCounters + "symbol_error", "N/A (no PMA)");
  const auto [port, faults] = Read(tree);
  CHECK(port.counters_answer == Answer::kUnsupported);
  CHECK(port.counters.Empty());
  CHECK(faults.empty());
}

TEST_CASE("Counters that make no sense at all are an error", "[host][counters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Remove(kPort + "/counters");
  tree.Write(kCounters + "symbol_error", "lots");
  tree.Write(kCounters + "port_xmit_data", "18446744073709551615");
  const auto [port, faults] = Read(tree);
  CHECK(port.counters_answer == Answer::kError);
  CHECK(faults.size() == 2);
}

}  // namespace
}  // namespace aftershock::host

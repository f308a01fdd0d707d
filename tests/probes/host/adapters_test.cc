#include "probes/host/adapters.h"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "sysfs_tree.h"

namespace aftershock::host {
namespace {

const std::string kDevice = "class/infiniband/mlx5_0";
const std::string kPort = kDevice + "/ports/1";

Adapters Read(const SysfsTree& tree) {
  auto read = ReadAdapters(tree.root());
  REQUIRE(read.has_value());
  return *read;
}

bool Faulty(const Adapters& adapters, const std::string& path, Errc code) {
  return std::ranges::any_of(adapters.faults,
                             [&](const FileFault& f) { return f.path == path && f.error.code == code; });
}

TEST_CASE("A healthy adapter is read in full and without faults", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  const Adapters read = Read(tree);
  REQUIRE(read.hcas.size() == 1);
  const Hca& hca = read.hcas[0];
  CHECK(read.faults.empty());
  CHECK(hca.node_guid == Guid{0x0002c90300f00000});
  CHECK(hca.system_image_guid == Guid{0x0002c90300f00003});
  CHECK(hca.description == "node1 HCA-1");
  CHECK(hca.firmware == "20.31.1014");
  CHECK(hca.board_id == "MT_0000000224");
  CHECK(hca.hca_type == "MT4123");
  CHECK(hca.pci_address == "0000:3b:00.0");
  REQUIRE(hca.ports.size() == 1);
  CHECK(hca.ports[0].IsInfiniBand());
}

TEST_CASE("A healthy port is read in full", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  const Adapters read = Read(tree);
  const HostPort& port = read.hcas.at(0).ports.at(0);
  CHECK(port.num == 1);
  CHECK(port.guid == Guid{0x0002c90300f00001});
  CHECK(port.state == PortState::kActive);
  CHECK(port.phys_state == PhysState::kLinkUp);
  CHECK(port.lid == Lid{0x1a});
  CHECK(port.sm_lid == Lid{1});
  CHECK(port.sm_sl == std::uint8_t{2});
  CHECK(port.capability_mask == 0x2651e848u);
  CHECK(port.rate_mbps == 100'000u);
  CHECK(port.rate_text == "100 Gb/sec (4X EDR)");
  CHECK(port.gid == Gid{0xfe80000000000000, 0x0002c90300f00001});
  CHECK(port.p_keys == std::vector<std::uint16_t>{0xffff, 0x8001});
  CHECK(port.counters_answer == Answer::kAnswered);
}

TEST_CASE("No folder of InfiniBand is absent, not failed", "[host][adapters]") {
  const SysfsTree tree;
  std::filesystem::create_directories(tree.root() + "/class/net");
  CHECK(ReadAdapters(tree.root()).error().code == Errc::kAbsent);
  CHECK(ReadPciFunctions(tree.root()).error().code == Errc::kAbsent);
}

TEST_CASE("Without sysfs nothing is known", "[host][adapters]") {
  const SysfsTree tree;  // empty
  CHECK(ReadAdapters(tree.root()).error().code == Errc::kInternal);
  CHECK(ReadAdapters(tree.root() + "/nowhere").error().code == Errc::kInternal);
}

TEST_CASE("An odd file costs its own value and no other", "[host][adapters]") {
  const std::string odd = GENERATE(as<std::string>(), "", "ACTIVE", "9: ACTIVE", "4: ACTIVE\r\nx", "-1", "0x",
                                   "99999999999999999999999", std::string("4: ACT\0IVE", 10), "\x1b[31m",
                                   std::string(4096, '4'), std::string(100'000, 'x'));
  const std::string file = GENERATE(as<std::string>(), "state", "phys_state", "lid", "sm_lid", "sm_sl",
                                    "cap_mask", "gids/0", "pkeys/2", "link_layer");
  CAPTURE(odd.substr(0, 30), file);
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Write(kPort + "/" + file, odd);
  const Adapters read = Read(tree);
  CHECK(read.faults.size() == 1);
  CHECK(Faulty(read, kPort + "/" + file, Errc::kMalformed));
  const HostPort& port = read.hcas.at(0).ports.at(0);
  CHECK(port.lid.has_value() == (file != "lid"));
  CHECK(port.state == (file == "state" ? PortState::kNoChange : PortState::kActive));
  CHECK(port.counters.Get(Counter::kSymbolErrors) == 3u);
}

TEST_CASE("A file that is missing is unknown and no fault", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  for (const char* file : {"/sm_sl", "/rate", "/gids", "/pkeys", "/cap_mask"}) tree.Remove(kPort + file);
  tree.Remove(kDevice + "/board_id");
  const Adapters read = Read(tree);
  CHECK(read.faults.empty());
  const HostPort& port = read.hcas.at(0).ports.at(0);
  CHECK_FALSE(port.sm_sl.has_value());
  CHECK_FALSE(port.rate_mbps.has_value());
  CHECK_FALSE(port.gid.has_value());
  CHECK(port.guid == Guid{});
  CHECK(port.lid == Lid{0x1a});
}

TEST_CASE("A folder, a pipe or a loop in place of a file is a fault of that file", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Remove(kPort + "/lid");
  tree.MakeFolder(kPort + "/lid");
  tree.Remove(kPort + "/rate");
  tree.Link(kPort + "/rate", "rate");
  tree.Remove(kPort + "/sm_lid");
  REQUIRE(::mkfifo((tree.root() + "/" + kPort + "/sm_lid").c_str(), 0600) == 0);
  const Adapters read = Read(tree);
  CHECK(read.faults.size() == 3);
  for (const char* file : {"/lid", "/rate", "/sm_lid"}) {
    CHECK(Faulty(read, kPort + file, Errc::kMalformed));
  }
  CHECK(read.hcas.at(0).ports.at(0).sm_sl == std::uint8_t{2});
}

TEST_CASE("A rate of nothing is not known, and no fault", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Write(kPort + "/rate", "0 GB/sec");
  const Adapters read = Read(tree);
  CHECK(read.faults.empty());
  CHECK_FALSE(read.hcas.at(0).ports.at(0).rate_mbps.has_value());
  CHECK(read.hcas.at(0).ports.at(0).rate_text == "0 GB/sec");
}

TEST_CASE("Ports that are no numbers are faults, the others are read in order", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  for (const char* name : {"foo", "0", "01", "255", "10", "2"}) {
    tree.Write(kDevice + "/ports/" + name + "/state", "1: DOWN");
  }
  const Adapters read = Read(tree);
  std::vector<int> numbers;
  for (const HostPort& port : read.hcas.at(0).ports) numbers.push_back(port.num);
  CHECK(numbers == std::vector<int>{1, 2, 10});
  CHECK(read.faults.size() == 4);
}

TEST_CASE("A device that is gone, a loop or no device at all spoils no other", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_1");
  tree.Link("class/infiniband/mlx5_0", "../../devices/gone");
  tree.Link("class/infiniband/mlx5_2", "mlx5_2");
  tree.Write("class/infiniband/readme", "hello");
  const Adapters read = Read(tree);
  REQUIRE(read.hcas.size() == 1);
  CHECK(read.hcas[0].name == "mlx5_1");
  CHECK_FALSE(Faulty(read, "class/infiniband/mlx5_0", Errc::kAbsent));
  CHECK(Faulty(read, "class/infiniband/mlx5_2", Errc::kMalformed));
  CHECK(Faulty(read, "class/infiniband/readme", Errc::kMalformed));
}

TEST_CASE("Hostile names and descriptions are made harmless", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.AddHca("evil\x1b[2J");
  tree.Write(kDevice + "/node_desc", "a\x01\xff");
  const Adapters read = Read(tree);
  REQUIRE(read.hcas.size() == 1);
  CHECK(read.hcas[0].description == "a\\x01\\xff");
  REQUIRE(read.faults.size() == 1);
  CHECK(read.faults[0].path == "class/infiniband/evil\\x1b[2J");
}

TEST_CASE("A tree of nonsense lists a bounded number of faults", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  for (int i = 0; i < 1000; ++i) tree.Write(kPort + "/pkeys/" + std::to_string(i), "no");
  CHECK(Read(tree).faults.size() == Adapters::kMaxFaults);
}

TEST_CASE("Of a port that is not InfiniBand only the link is read", "[host][adapters]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.Write(kPort + "/link_layer", "Ethernet");
  const Adapters read = Read(tree);
  const HostPort& port = read.hcas.at(0).ports.at(0);
  CHECK(port.state == PortState::kActive);
  CHECK_FALSE(port.gid.has_value());
  CHECK(port.counters_answer == Answer::kNotAsked);
}

}  // namespace
}  // namespace aftershock::host

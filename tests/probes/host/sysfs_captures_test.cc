// The trees that others publish as fixtures: data that nobody here made. Skipped without AFTERSHOCK_DATA.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "probes/host/adapters.h"
#include "sysfs_tree.h"

namespace aftershock::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrees[] = {"prometheus+procfs/fixtures/sys",
                                  "prometheus+node_exporter/collector/fixtures/sys"};

std::vector<std::string> Trees() {
  const char* data = std::getenv("AFTERSHOCK_DATA");
  std::vector<std::string> found;
  for (const char* tree : kTrees) {
    if (data != nullptr && fs::exists(fs::path(data) / tree)) found.push_back(std::string(data) + "/" + tree);
  }
  if (found.empty()) WARN("skipped: AFTERSHOCK_DATA names no folder with the trees");
  return found;
}

// The one file of the trees that no kernel writes: a port state in place of a physical one.
constexpr std::string_view kMistaken = "class/infiniband/mlx5_0/ports/1/phys_state";

TEST_CASE("The published trees are read, and their one mistake is found", "[host][captures]") {
  for (const std::string& tree : Trees()) {
    CAPTURE(tree);
    const auto read = ReadAdapters(tree);
    REQUIRE(read.has_value());
    for (const FileFault& fault : read->faults) CHECK(fault.path == kMistaken);
    CHECK(read->hcas.size() >= 2);
    for (const Hca& hca : read->hcas) {
      CAPTURE(hca.name);
      CHECK_FALSE(hca.firmware.empty());
      for (const HostPort& port : hca.ports) {
        CHECK(port.state == PortState::kActive);
        CHECK(port.phys_state == (hca.name == "mlx5_0" ? PhysState::kNoChange : PhysState::kLinkUp));
        CHECK(port.rate_mbps.value_or(0) >= 10'000);
      }
    }
  }
}

TEST_CASE("The published counters are octets where they are data", "[host][captures]") {
  for (const std::string& tree : Trees()) {
    const auto read = ReadAdapters(tree);
    REQUIRE(read.has_value());
    for (const Hca& hca : read->hcas) {
      if (hca.name != "mlx4_0") continue;
      const HostPort* port = hca.FindPort(1);
      REQUIRE(port != nullptr);
      CHECK(port->counters_answer == Answer::kAnswered);
      // The exporter that the tree belongs to prints the same number of octets.
      if (tree.find("node_exporter") != std::string::npos) {
        CHECK(port->counters.Get(Counter::kXmitData) == 14'933'760u);
      }
    }
  }
}

TEST_CASE("A published tree with any one file spoilt still shows every adapter", "[host][captures]") {
  for (const std::string& tree : Trees()) {
    const SysfsTree copy;
    copy.MakeFolder("class");
    fs::copy(tree + "/class/infiniband", copy.root() + "/class/infiniband", fs::copy_options::recursive);
    const auto before = ReadAdapters(copy.root());
    REQUIRE(before.has_value());
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(copy.root())) {
      if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), copy.root()).string());
    }
    for (const std::string& file : files) {
      CAPTURE(file);
      copy.WriteRaw(file, std::string("\0\x1b\xff", 3));
      const auto read = ReadAdapters(copy.root());
      REQUIRE(read.has_value());
      CHECK(read->hcas.size() == before->hcas.size());
      CHECK(read->faults.size() <= before->faults.size() + 1);
      fs::copy_file(tree + "/" + file, copy.root() + "/" + file, fs::copy_options::overwrite_existing);
    }
  }
}

}  // namespace
}  // namespace aftershock::host

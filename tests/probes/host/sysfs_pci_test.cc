#include <catch2/catch.hpp>
#include <string>

#include "probes/host/adapters.h"
#include "sysfs_tree.h"

namespace aftershock::host {
namespace {

void AddFunction(const SysfsTree& tree, const std::string& address, const std::string& pci_class) {
  const std::string folder = "bus/pci/devices/" + address;
  tree.Write(folder + "/class", pci_class);
  tree.Write(folder + "/vendor", "0x15b3");
  tree.Write(folder + "/device", "0x101b");
}

std::vector<PciFunction> Read(const SysfsTree& tree) {
  auto read = ReadPciFunctions(tree.root());
  REQUIRE(read.has_value());
  return *read;
}

TEST_CASE("InfiniBand controllers are found on PCI, with and without a driver", "[host][pci]") {
  const SysfsTree tree;
  AddFunction(tree, "0000:3b:00.0", "0x020700");
  AddFunction(tree, "0000:5e:00.0", "0x020700");
  AddFunction(tree, "0000:5e:00.1", "0x020000");
  tree.Link("bus/pci/devices/0000:3b:00.0/driver", "../../../../bus/pci/drivers/mlx5_core");
  const auto functions = Read(tree);
  REQUIRE(functions.size() == 2);
  CHECK(functions[0].address == "0000:3b:00.0");
  CHECK(functions[0].vendor == 0x15b3);
  CHECK(functions[0].device == 0x101b);
  CHECK(functions[0].driver == "mlx5_core");
  CHECK(functions[1].driver.empty());
}

TEST_CASE("Virtual functions that wait for a guest are not adapters of this machine", "[host][pci]") {
  const SysfsTree tree;
  AddFunction(tree, "0000:3b:00.1", "0x020700");
  tree.Link("bus/pci/devices/0000:3b:00.1/physfn", "../0000:3b:00.0");
  CHECK(Read(tree).empty());
}

TEST_CASE("Odd entries of PCI are passed over", "[host][pci]") {
  const SysfsTree tree;
  AddFunction(tree, "0000:3b:00.0", "0x020700");
  AddFunction(tree, "foo", "0x020700");
  AddFunction(tree, "0000:3b:00.8", "0x020700");
  AddFunction(tree, "0000:3c:00.0", "InfiniBand");
  AddFunction(tree, "0000:3d:00.0", "0x02070000");
  tree.Link("bus/pci/devices/0000:3e:00.0", "nowhere");
  CHECK(Read(tree).size() == 1);
}

TEST_CASE("A driver that cannot be told is never taken for none", "[host][pci]") {
  const SysfsTree tree;
  AddFunction(tree, "0000:3b:00.0", "0x020700");
  tree.Write("bus/pci/devices/0000:3b:00.0/driver", "mlx5_core");
  const auto read = ReadPciFunctions(tree.root());
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().what.find("0000:3b:00.0") != std::string::npos);
}

}  // namespace
}  // namespace aftershock::host

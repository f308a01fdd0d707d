// /sys/bus/pci/devices, Documentation/ABI/testing/sysfs-bus-pci.
#include <utility>

#include "base/printable.h"
#include "probes/host/adapters.h"
#include "probes/host/sysfs_file.h"
#include "probes/host/sysfs_values.h"

namespace aftershock::host {
namespace {

bool IsPhysicalInfiniBand(const Folder& function) {
  const auto text = function.Read("class");
  if (!text || !IsInfiniBandClass(*text).value_or(false)) return false;
  return !function.LinkName("physfn").has_value();
}

std::uint16_t ReadId(const Folder& function, const std::string& name) {
  const auto text = function.Read(name);
  return text ? ParseHex16(*text).value_or(0) : std::uint16_t{0};
}

}  // namespace

Result<std::vector<PciFunction>> ReadPciFunctions(const std::string& sysfs) {
  const auto devices = Folder::Open(sysfs, "bus/pci/devices");
  if (!devices) return tl::unexpected(devices.error());
  std::vector<PciFunction> functions;
  for (const std::string& address : devices->Names()) {
    if (!IsPciAddress(address)) continue;
    const auto folder = devices->Enter(address);
    if (!folder || !IsPhysicalInfiniBand(*folder)) continue;
    PciFunction function;
    function.address = address;
    function.vendor = ReadId(*folder, "vendor");
    function.device = ReadId(*folder, "device");
    const auto driver = folder->LinkName("driver");
    if (driver) {
      function.driver = Printable(*driver);
    } else if (driver.error().code != Errc::kAbsent) {
      return Fail(driver.error().code, "the driver of " + address + ": " + driver.error().what);
    }
    // A function that was unplugged while it was read has no driver either.
    if (const auto again = devices->Enter(address); !again || again->Inode() != folder->Inode()) continue;
    functions.push_back(std::move(function));
  }
  return functions;
}

}  // namespace aftershock::host

// The InfiniBand adapters of this machine, as sysfs shows them: /sys/class/infiniband and
// /sys/bus/pci/devices (Documentation/ABI/stable/sysfs-class-infiniband, testing/sysfs-bus-pci).
//
// Every file is read for itself: one that is missing, unreadable or odd leaves its own value out and is
// listed in `faults`; a device that disappears half-way is left out as a whole. A value is believed only when
// all of it makes sense. What is known not to be a fault ("N/A (no PMA)", no counters folder, EINVAL of a
// counter) is not listed.
//
// Threading: pure functions of the file system; may block as long as a driver does.
// Errors:    kAbsent    there is no such folder: no RDMA or no PCI here
//            kDenied    it may not be read
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/host.h"

namespace aftershock::host {

struct Adapters {
  std::vector<Hca> hcas;  // by name, ports of all link layers
  std::vector<FileFault> faults;
};

// `sysfs`: the folder where sysfs is mounted, "/sys".
Result<Adapters> ReadAdapters(const std::string& sysfs);
Result<std::vector<PciFunction>> ReadPciFunctions(const std::string& sysfs);

}  // namespace aftershock::host

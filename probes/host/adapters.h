// The InfiniBand adapters of this machine, as sysfs shows them: /sys/class/infiniband and
// /sys/bus/pci/devices (Documentation/ABI/stable/sysfs-class-infiniband, testing/sysfs-bus-pci).
//
// Every file is read for itself: one that is missing, unreadable or odd leaves its own value out; one that is
// there, and could not be read or makes no sense, is listed in `faults`. A device that disappears half-way is
// left out as a whole. What is known not to be a fault ("N/A (no PMA)", no counters folder, EINVAL of a
// counter) is not listed. Of a port that is not InfiniBand only its link layer, states and rate are read.
//
// Threading: pure functions of the file system; may block as long as a driver does.
// Errors:    kAbsent    there is no such folder: no RDMA or no PCI here
//            kDenied    it may not be read
//            kInternal  there is no sysfs at all
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/host.h"

namespace aftershock::host {

struct Adapters {
  std::vector<Hca> hcas;  // by name, ports of all link layers
  std::vector<FileFault> faults;

  // A tree in which everything is odd does not fill the memory: later faults are left out.
  static constexpr std::size_t kMaxFaults = 256;

  void Add(Adapters other);
};

// `sysfs`: the folder where sysfs is mounted, "/sys". Sorted; asks no driver.
Result<std::vector<std::string>> ListAdapters(const std::string& sysfs);
// One of them; without any when it is gone. Each of the up to 128 P_Keys of a port is a question to its
// firmware, while everything else of it takes some 30: who looks often leaves them out where no event says
// that they changed.
Result<Adapters> ReadAdapter(const std::string& sysfs, const std::string& name, bool with_p_keys);
Result<Adapters> ReadAdapters(const std::string& sysfs);

// Functions of class 0x0207, without the virtual ones that this machine makes for its guests: those have no
// driver until a guest takes them. Fails as a whole when the driver of one cannot be told, since "no driver"
// is a statement of its own.
Result<std::vector<PciFunction>> ReadPciFunctions(const std::string& sysfs);

}  // namespace aftershock::host

// The InfiniBand devices that sysfs shows, whether or not verbs can open them, told apart from one that went
// and came back under the same name.
//
// Threading: pure functions of the file system; may block as long as a driver does.
// Errors:    kAbsent, kDenied  as of the folder class/infiniband
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"

namespace aftershock::host {

struct PresentDevice {
  std::string name;
  Guid node_guid{};         // 0: not known
  std::uint64_t inode = 0;  // of its folder: another one after each registration of the device
};
// Not only of the same name, but the same registration of it. A GUID that could not be read proves nothing.
bool IsSame(const PresentDevice& a, const PresentDevice& b);

// By name. Devices all of whose ports are known to be of another link layer are left out.
Result<std::vector<PresentDevice>> PresentDevices(const std::string& sysfs);

}  // namespace aftershock::host

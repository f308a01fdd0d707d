#include "probes/host/verbs_present.h"

#include <algorithm>

#include "probes/host/sysfs_file.h"
#include "probes/host/sysfs_values.h"

namespace aftershock::host {
namespace {

bool MayBeInfiniBand(const Folder& device) {
  const auto ports = device.Enter("ports");
  if (!ports) return true;
  const auto names = ports->Names();
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           const auto port = ports->Enter(name);
           const auto layer = port ? port->Read("link_layer") : Fail(Errc::kAbsent, "");
           return !layer || ParseLinkLayer(*layer).value_or("InfiniBand") == "InfiniBand";
         });
}

}  // namespace

bool IsSame(const PresentDevice& a, const PresentDevice& b) {
  const bool guids_agree = a.node_guid == b.node_guid || a.node_guid == Guid{} || b.node_guid == Guid{};
  return a.name == b.name && a.inode == b.inode && guids_agree;
}

Result<std::vector<PresentDevice>> PresentDevices(const std::string& sysfs) {
  const auto folder = Folder::Open(sysfs, "class/infiniband");
  if (!folder) return tl::unexpected(folder.error());
  std::vector<PresentDevice> devices;
  for (const std::string& name : folder->Names()) {
    const auto device = folder->Enter(name);
    if (!device || !MayBeInfiniBand(*device)) continue;
    const auto guid = device->Read("node_guid");
    devices.push_back({.name = name,
                       .node_guid = guid ? ParseSysfsGuid(*guid).value_or(Guid{}) : Guid{},
                       .inode = device->Inode()});
  }
  return devices;
}

}  // namespace aftershock::host

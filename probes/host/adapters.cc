#include "probes/host/adapters.h"

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "probes/host/sysfs_counters.h"
#include "probes/host/sysfs_file.h"
#include "probes/host/sysfs_reader.h"
#include "probes/host/sysfs_values.h"

namespace aftershock::host {
namespace {

constexpr const char* kClass = "class/infiniband";
constexpr std::uint16_t kPartition = 0x7fff;  // a P_Key without its membership bit; 0 is no partition

// The kernel takes any name of up to 63 octets (`rdma dev set … name …`); one that cannot be shown as it is
// would be another one where it is shown.
bool IsDeviceName(const std::string& name) {
  constexpr std::size_t kMax = 63;
  return !name.empty() && name.size() <= kMax && name == Printable(name);
}

std::vector<std::uint16_t> ReadPKeys(const Folder& port_folder, SysfsReader& reader) {
  std::vector<std::uint16_t> keys;
  const auto folder = port_folder.Enter("pkeys");
  if (!folder) {
    if (folder.error().code != Errc::kAbsent) reader.Fault(port_folder.PathOf("pkeys"), folder.error());
    return keys;
  }
  std::vector<std::pair<std::uint64_t, std::string>> slots;
  for (const std::string& name : folder->Names()) {
    if (const auto index = ParseDecimal(name)) slots.emplace_back(*index, name);
  }
  std::ranges::sort(slots);
  for (const auto& [index, name] : slots) {
    const auto key = reader.Value(*folder, name, ParseHex16);
    if (key && (*key & kPartition) != 0) keys.push_back(*key);
  }
  return keys;
}

void ReadGid(const Folder& port_folder, SysfsReader& reader, HostPort& port) {
  const auto folder = port_folder.Enter("gids");
  if (!folder) {
    if (folder.error().code != Errc::kAbsent) reader.Fault(port_folder.PathOf("gids"), folder.error());
    return;
  }
  const auto gid = reader.Value(*folder, "0", ParseGid);
  if (!gid || *gid == Gid{}) return;  // an empty slot
  port.gid = gid;
  port.guid = Guid{gid->id};
}

void ReadInfiniBand(const Folder& folder, bool with_p_keys, SysfsReader& reader, HostPort& port) {
  port.lid = reader.Value(folder, "lid", ParseLid);
  port.sm_lid = reader.Value(folder, "sm_lid", ParseLid);
  port.sm_sl = reader.Value(folder, "sm_sl", ParseServiceLevel);
  port.capability_mask = reader.Value(folder, "cap_mask", ParseMask);
  ReadGid(folder, reader, port);
  if (with_p_keys) port.p_keys = ReadPKeys(folder, reader);
  ReadCounters(folder, reader, port);
}

HostPort ReadPort(const Folder& folder, std::uint8_t num, bool with_p_keys, SysfsReader& reader) {
  HostPort port;
  port.num = num;
  port.link_layer = reader.Value(folder, "link_layer", ParseLinkLayer).value_or("");
  port.state = reader.Value(folder, "state", ParsePortState).value_or(PortState::kNoChange);
  port.phys_state = reader.Value(folder, "phys_state", ParsePhysState).value_or(PhysState::kNoChange);
  port.rate_text = reader.Label(folder, "rate");
  if (!port.rate_text.empty()) {
    port.rate_mbps = ParseRateMbps(port.rate_text);
    if (!port.rate_mbps) reader.Odd(folder.PathOf("rate"), port.rate_text);
    if (port.rate_mbps == 0u) port.rate_mbps.reset();  // no rate is known while the link is down
  }
  if (port.IsInfiniBand() || port.link_layer.empty()) ReadInfiniBand(folder, with_p_keys, reader, port);
  return port;
}

std::vector<HostPort> ReadPorts(const Folder& device, bool with_p_keys, SysfsReader& reader) {
  std::vector<HostPort> ports;
  const auto folder = device.Enter("ports");
  if (!folder) {
    if (folder.error().code != Errc::kAbsent) reader.Fault(device.PathOf("ports"), folder.error());
    return ports;
  }
  for (const std::string& name : folder->Names()) {
    const auto num = ParsePortNumber(name);
    if (!num) {
      reader.Odd(folder->PathOf(name), name);
      continue;
    }
    auto port = folder->Enter(name);
    if (port) {
      ports.push_back(ReadPort(*port, *num, with_p_keys, reader));
    } else if (port.error().code != Errc::kAbsent) {
      reader.Fault(folder->PathOf(name), std::move(port.error()));
    }
  }
  std::ranges::sort(ports, {}, &HostPort::num);
  return ports;
}

Hca ReadHca(const Folder& folder, const std::string& name, bool with_p_keys, SysfsReader& reader) {
  Hca hca;
  hca.name = name;
  hca.node_guid = reader.Value(folder, "node_guid", ParseSysfsGuid).value_or(Guid{});
  hca.system_image_guid = reader.Value(folder, "sys_image_guid", ParseSysfsGuid).value_or(Guid{});
  hca.description = reader.Label(folder, "node_desc");
  hca.firmware = reader.Label(folder, "fw_ver");
  hca.board_id = reader.Label(folder, "board_id");
  hca.hca_type = reader.Label(folder, "hca_type");
  // Devices that are no PCI function (rxe) have no link, or one to something else.
  if (auto target = folder.LinkName("device"); target && IsPciAddress(*target)) hca.pci_address = *target;
  hca.ports = ReadPorts(folder, with_p_keys, reader);
  return hca;
}

}  // namespace

Result<std::vector<std::string>> ListAdapters(const std::string& sysfs) {
  const auto devices = Folder::Open(sysfs, kClass);
  if (devices) return devices->Names();
  // Without RDMA there is no such class; without any class there is no sysfs, and nothing is known.
  if (devices.error().code == Errc::kAbsent && !Folder::Open(sysfs, "class")) {
    return Fail(Errc::kInternal, "there is no sysfs at " + Printable(sysfs));
  }
  return tl::unexpected(devices.error());
}

Result<Adapters> ReadAdapter(const std::string& sysfs, const std::string& name, bool with_p_keys) {
  const auto devices = Folder::Open(sysfs, kClass);
  if (!devices) return tl::unexpected(devices.error());
  Adapters adapters;
  SysfsReader reader(adapters.faults, Adapters::kMaxFaults);
  if (!IsDeviceName(name)) {
    reader.Odd(devices->PathOf(name), name);
    return adapters;
  }
  auto folder = devices->Enter(name);
  if (!folder) {
    if (folder.error().code != Errc::kAbsent) reader.Fault(devices->PathOf(name), std::move(folder.error()));
    return adapters;
  }
  adapters.hcas.push_back(ReadHca(*folder, name, with_p_keys, reader));
  const auto again = devices->Enter(name);
  const bool stayed = again && again->Inode() == folder->Inode();
  return stayed ? std::move(adapters) : Adapters{};  // it went while it was read, and so did its faults
}

void Adapters::Add(Adapters other) {
  std::ranges::move(other.hcas, std::back_inserter(hcas));
  const auto room = std::min(other.faults.size(), kMaxFaults - faults.size());
  std::move(other.faults.begin(), other.faults.begin() + static_cast<std::ptrdiff_t>(room),
            std::back_inserter(faults));
}

Result<Adapters> ReadAdapters(const std::string& sysfs) {
  const auto names = ListAdapters(sysfs);
  if (!names) return tl::unexpected(names.error());
  Adapters adapters;
  for (const std::string& name : *names) {
    if (auto adapter = ReadAdapter(sysfs, name, true)) adapters.Add(std::move(*adapter));
  }
  return adapters;
}

}  // namespace aftershock::host

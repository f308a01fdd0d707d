#include "sysfs_tree.h"

#include <fstream>
#include <stdexcept>

#include <stdlib.h>

namespace aftershock::host {

SysfsTree::SysfsTree() {
  std::string path = (std::filesystem::temp_directory_path() / "aftershock-sysfs-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  root_ = path;
}

SysfsTree::~SysfsTree() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

void SysfsTree::WriteRaw(const std::string& path, std::string_view octets) const {
  std::filesystem::create_directories((root_ / path).parent_path());
  std::ofstream(root_ / path, std::ios::binary) << octets;
}

void SysfsTree::Write(const std::string& path, std::string_view text) const {
  WriteRaw(path, std::string(text) + "\n");
}

void SysfsTree::MakeFolder(const std::string& path) const {
  std::filesystem::create_directories(root_ / path);
}

void SysfsTree::Link(const std::string& path, const std::string& target) const {
  std::filesystem::create_directories((root_ / path).parent_path());
  std::filesystem::create_symlink(target, root_ / path);
}

void SysfsTree::Remove(const std::string& path) const {
  std::filesystem::remove_all(root_ / path);
}

void SysfsTree::AddHca(const std::string& name) const {
  const std::string device = "class/infiniband/" + name;
  Write(device + "/node_guid", "0002:c903:00f0:0000");
  Write(device + "/sys_image_guid", "0002:c903:00f0:0003");
  Write(device + "/node_desc", "node1 HCA-1");
  Write(device + "/fw_ver", "20.31.1014");
  Write(device + "/board_id", "MT_0000000224");
  Write(device + "/hca_type", "MT4123");
  Link(device + "/device", "../../../0000:3b:00.0");
  const std::string port = device + "/ports/1";
  Write(port + "/link_layer", "InfiniBand");
  Write(port + "/state", "4: ACTIVE");
  Write(port + "/phys_state", "5: LinkUp");
  Write(port + "/lid", "0x1a");
  Write(port + "/sm_lid", "0x1");
  Write(port + "/sm_sl", "2");
  Write(port + "/cap_mask", "0x2651e848");
  Write(port + "/rate", "100 Gb/sec (4X EDR)");
  Write(port + "/gids/0", "fe80:0000:0000:0000:0002:c903:00f0:0001");
  Write(port + "/pkeys/0", "0xffff");
  Write(port + "/pkeys/1", "0x0000");
  Write(port + "/pkeys/2", "0x8001");
  Write(port + "/counters/symbol_error", "3");
  Write(port + "/counters/link_downed", "1");
  Write(port + "/counters/port_xmit_data", "1000");
  Write(port + "/counters/port_xmit_packets", "70");
}

}  // namespace aftershock::host

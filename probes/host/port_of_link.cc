#include "probes/host/port_of_link.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

namespace aftershock::host {
namespace {

namespace fs = std::filesystem;

// The only adapter of the link's device; several share a function only where nothing can be told.
std::optional<std::string> OnlyAdapter(const fs::path& folder) {
  std::error_code failed;
  std::optional<std::string> name;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    if (name) return std::nullopt;
    name = it->path().filename().string();
  }
  return name;
}

std::optional<unsigned> SmallNumber(const fs::path& file) {
  std::ifstream in(file);
  std::string text;
  if (!std::getline(in, text)) return std::nullopt;
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || value >= 255) return std::nullopt;
  return value;
}

std::optional<HcaPortName> PortByGuid(const HostSnapshot& snapshot, const IpoibLink& link) {
  if (!link.address || link.address->gid.id == 0) return std::nullopt;
  for (const Hca& hca : snapshot.hcas) {
    for (const HostPort& port : hca.ports) {
      if (port.guid == Guid{link.address->gid.id}) return HcaPortName{hca.name, port.num};
    }
  }
  return std::nullopt;
}

}  // namespace

LinkPorts ReadLinkPorts(const std::string& sysfs) {
  LinkPorts ports;
  std::error_code failed;
  for (fs::directory_iterator it(fs::path(sysfs) / "class/net", failed), end; !failed && it != end;
       it.increment(failed)) {
    const auto adapter = OnlyAdapter(it->path() / "device/infiniband");
    const auto number = SmallNumber(it->path() / "dev_port");
    if (!adapter || !number) continue;
    ports[it->path().filename().string()] = {*adapter, static_cast<std::uint8_t>(*number + 1)};
  }
  return ports;
}

void FindPorts(const LinkPorts& link_ports, HostSnapshot& snapshot) {
  for (IpoibLink& link : snapshot.links) {
    link.hca_port = PortByGuid(snapshot, link);
    const auto by_sysfs = link_ports.find(link.name);
    if (!link.hca_port && by_sysfs != link_ports.end()) link.hca_port = by_sysfs->second;
  }
  for (IpoibLink& link : snapshot.links) {
    const IpoibLink* parent = link.parent == 0 ? nullptr : snapshot.FindLink(link.parent);
    if (!link.hca_port && parent != nullptr) link.hca_port = parent->hca_port;
  }
}

}  // namespace aftershock::host

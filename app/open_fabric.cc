#include "app/open_fabric.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "app/console.h"
#include "app/key_file.h"
#include "app/node_names.h"
#include "app/ports.h"
#include "app/umad_entrance.h"
#include "base/printable.h"

namespace aftershock::app {

namespace {

// `lets`: what who knows the key can do with it.
Result<void> ReadKey(const std::string& path, std::string_view option, std::string_view lets,
                     std::uint64_t& key) {
  const auto read = ReadKeyFile(path);
  if (!read) return Fail(read.error().code, fmt::format("fabric.{}: {}", option, read.error().what));
  key = *read;
  if (OpenToEveryone(path))
    Say(fmt::format("{} is readable by everybody; the key in it lets them {}", Printable(path), lets));
  return {};
}

Result<void> ReadNames(const std::string& path, fabric::SweepOptions& options) {
  auto names = ReadNodeNames(path);
  if (!names) return Fail(names.error().code, "fabric.node_name_map: " + names.error().what);
  options.names.swap(*names);
  return {};
}

}  // namespace

Result<fabric::SweepOptions> ReadSweepOptions(const FabricConfig& config) {
  fabric::SweepOptions options;
  options.limits = config.limits;
  options.deadline = config.deadline;
  Result<void> read;
  if (!config.m_key_file.empty())
    read = ReadKey(config.m_key_file, "m_key_file", "change the fabric", options.m_key);
  if (read && !config.sa_key_file.empty())
    read = ReadKey(config.sa_key_file, "sa_key_file", "speak for the subnet manager", options.sa_key);
  if (read && !config.node_name_map.empty()) read = ReadNames(config.node_name_map, options);
  if (!read) return tl::unexpected(read.error());
  return options;
}

Result<std::vector<std::unique_ptr<Entrance>>> OpenEntrances(const FabricConfig& config,
                                                             const fabric::SweepOptions& options,
                                                             const Clock& clock) {
  const auto found = mad::ListPorts();
  if (!found) return tl::unexpected(found.error());
  const auto ports = ChoosePorts(config.ports, *found);
  if (!ports) return tl::unexpected(ports.error());
  std::vector<std::unique_ptr<Entrance>> entrances;
  std::optional<Error> first;
  std::size_t open = 0;
  for (const PortName& port : *ports) {
    auto entrance = std::make_unique<UmadEntrance>(port, clock, options, config.p_key_index);
    const auto opened = entrance->Open();
    if (opened) ++open;
    if (!opened && !first) first = opened.error();
    entrances.push_back(std::move(entrance));
  }
  if (open == 0) return tl::unexpected(*first);
  return entrances;
}

}  // namespace aftershock::app

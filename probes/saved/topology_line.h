// One line of a topology file. Internal to probes/saved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/fabric.h"

namespace aftershock::saved {

// Switch  36 "S-f4521403001165a0"   # "MF0;ib5:SX6036/U1" enhanced port 0 lid 128 lmc 0
struct NodeLine {
  NodeType type = NodeType::kUnknown;
  std::uint8_t num_ports = 0;
  std::string id;
  std::optional<std::string> description;
  Lid lid{};  // of a switch
  bool enhanced = false;
};

// [1](24be05ffff980031)  "S-f4521403001165a0"[32]   # lid 105 lmc 0 "MF0;ib5:SX6036/U1" lid 128 4xQDR
struct PortLine {
  std::uint8_t port = 0;
  Guid guid{};  // of an adapter's port
  std::string peer_id;
  std::uint8_t peer_port = 0;
  Guid peer_guid{};
  std::string peer_description;
  Lid lid{};  // of an adapter's port
  Lid peer_lid{};
  std::uint8_t lmc = 0;
  std::uint8_t width = 0;  // code of PortInfo; 0: not known
  std::optional<LinkSpeed> speed;
};

// nullopt: it is another kind of line.
std::optional<NodeLine> ParseNodeLine(std::string_view line);
std::optional<PortLine> ParsePortLine(std::string_view line);
// "sysimgguid=0xf4521403001165a0" of the given key. Decimal numbers are not in use.
std::optional<std::uint64_t> ParseAssignment(std::string_view line, std::string_view key);

}  // namespace aftershock::saved

#include <fmt/format.h>

#include "rules/change/rules.h"

namespace aftershock::rules {
namespace {

// FNV-1a, which is the same in every process and on every machine.
class Hash {
 public:
  void Add(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) Octet(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void Add(std::string_view text) {
    for (const char c : text) Octet(static_cast<std::uint8_t>(c));
    Octet(0);
  }
  void Add(const PortKey& key) {
    Add(static_cast<std::uint64_t>(key.node));
    Octet(key.port);
  }
  template <typename T>
  void AddOptional(const std::optional<T>& value) {
    Octet(value.has_value() ? 1 : 0);
    if (value) Add(static_cast<std::uint64_t>(*value));
  }
  std::string Text() const { return fmt::format("{:016x}", value_); }

 private:
  void Octet(std::uint8_t octet) { value_ = (value_ ^ octet) * 0x100000001b3u; }
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

void AddPlane(Hash& hash, const FabricImage& plane) {
  const auto is_switch = [&](Guid guid) {
    const NodeImage* node = plane.FindNode(guid);
    return node != nullptr && node->type == NodeType::kSwitch;
  };
  for (const NodeImage& node : plane.nodes) {
    if (node.type == NodeType::kSwitch) hash.Add(static_cast<std::uint64_t>(node.guid));
  }
  for (const CableImage& cable : plane.cables) {
    if (!is_switch(cable.a.node) || !is_switch(cable.b.node)) continue;
    hash.Add(cable.a);
    hash.Add(cable.b);
    const auto speed = plane.speeds.find(cable.a);
    if (speed == plane.speeds.end()) continue;
    hash.Add(speed->second.width);
    hash.Add(static_cast<std::uint64_t>(speed->second.speed));
  }
  for (const auto& [key, lid] : plane.lids) {
    if (key.port != 0) continue;
    hash.Add(key);
    hash.Add(static_cast<std::uint64_t>(lid.lid));
  }
  for (const auto& [guid, firmware] : plane.firmware) {
    if (is_switch(guid)) hash.Add(firmware.revision);
  }
  hash.AddOptional(plane.sm ? plane.sm->master : std::nullopt);
}

void AddHost(Hash& hash, const HostImage& host) {
  for (const HcaImage& hca : host.hcas) hash.Add(static_cast<std::uint64_t>(hca.node_guid));
  for (const InterfaceImage& interface : host.interfaces.value_or(std::vector<InterfaceImage>{})) {
    hash.Add(interface.name);
    hash.Add(interface.master);
    hash.AddOptional(interface.mode);
    hash.AddOptional(interface.umcast);
    hash.Add(interface.mtu);
  }
  for (const BondImage& bond : host.bonds.value_or(std::vector<BondImage>{})) {
    hash.Add(bond.name);
    hash.AddOptional(bond.mode);
    hash.AddOptional(bond.fail_over_mac);
    hash.AddOptional(bond.miimon);
    hash.AddOptional(bond.arp_interval);
    for (const std::string& leg : bond.legs) hash.Add(leg);
  }
}

}  // namespace

std::string WhatStays(const Image& image) {
  Hash hash;
  for (const auto& [name, plane] : image.planes) {
    hash.Add(name);
    AddPlane(hash, plane);
  }
  if (image.hosts.size() == 1) AddHost(hash, image.hosts.begin()->second);
  return hash.Text();
}

}  // namespace aftershock::rules

// ImageOf a host, and of redundancy groups.
#include <algorithm>
#include <utility>

#include "model/image.h"

namespace aftershock {
namespace {

HcaImage ImageOf(const Hca& hca) {
  HcaImage image{hca.name, hca.firmware, hca.board_id, hca.node_guid, {}, {}};
  for (const HostPort& port : hca.ports) {
    image.port_guids.push_back(port.guid);
    auto& p_keys = image.p_keys.emplace_back();
    if (port.state != PortState::kActive) continue;
    p_keys = port.p_keys;
    std::ranges::sort(p_keys);
    p_keys.erase(std::unique(p_keys.begin(), p_keys.end()), p_keys.end());
  }
  return image;
}

std::string NameOf(const HostSnapshot& snapshot, int index) {
  if (index == 0) return {};
  if (const IpoibLink* link = snapshot.FindLink(index)) return link->name;
  const auto bond = std::ranges::find(snapshot.bonds, index, &Bond::index);
  return bond == snapshot.bonds.end() ? std::string() : bond->name;
}

InterfaceImage ImageOf(const HostSnapshot& snapshot, const IpoibLink& link) {
  return {.name = link.name,
          .parent = NameOf(snapshot, link.parent),
          .master = NameOf(snapshot, link.master),
          .hca_port = link.hca_port,
          .p_key = link.p_key,
          .mode = link.mode,
          .umcast = link.umcast,
          .mtu = link.mtu,
          .up = link.Up(),
          .carrier = link.carrier};
}

BondImage ImageOf(const HostSnapshot& snapshot, const Bond& bond) {
  BondImage image{.name = bond.name,
                  .mode = bond.mode,
                  .fail_over_mac = bond.fail_over_mac,
                  .miimon = bond.miimon,
                  .arp_interval = bond.arp_interval,
                  .mtu = bond.mtu,
                  .legs = {},
                  .live_switches = LiveSwitches(snapshot, bond)};
  for (const BondLeg& leg : bond.legs) image.legs.push_back(leg.name);
  std::ranges::sort(image.legs);
  return image;
}

}  // namespace

HostImage ImageOf(const HostSnapshot& snapshot) {
  HostImage image;
  image.hostname = snapshot.hostname;
  for (const Hca& hca : snapshot.hcas) {
    if (std::ranges::any_of(hca.ports, &HostPort::IsInfiniBand)) image.hcas.push_back(ImageOf(hca));
  }
  std::ranges::sort(image.hcas, {}, &HcaImage::name);
  if (snapshot.Saw(HostPart::kInterfaces)) {
    auto& interfaces = image.interfaces.emplace();
    for (const IpoibLink& link : snapshot.links) interfaces.push_back(ImageOf(snapshot, link));
    std::ranges::sort(interfaces, {}, &InterfaceImage::name);
    auto& bonds = image.bonds.emplace();
    for (const Bond& bond : snapshot.bonds) bonds.push_back(ImageOf(snapshot, bond));
    std::ranges::sort(bonds, {}, &BondImage::name);
  }
  for (const Membership& m : snapshot.memberships) {
    if (m.answer != SaAnswer::kYes && m.answer != SaAnswer::kNo) continue;
    const bool member = m.answer == SaAnswer::kYes;
    image.members.push_back({m.interface, m.p_key, member, member ? m.record : std::nullopt});
  }
  std::ranges::sort(image.members, {}, [](const MemberImage& m) { return std::pair(m.interface, m.p_key); });
  return image;
}

std::vector<PairImage> ImageOf(const PairsReport& pairs) {
  std::vector<PairImage> images;
  for (const PairReport& pair : pairs.pairs) {
    PairImage& image = images.emplace_back();
    image.name = pair.name;
    for (const MemberReport& member : pair.members) image.members.emplace_back(member.guid, member.state);
  }
  return images;
}

}  // namespace aftershock

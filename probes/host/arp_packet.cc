#include "probes/host/arp_packet.h"

#include <algorithm>

namespace aftershock::host {
namespace {

constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint8_t kIpv4Size = 4;
constexpr std::uint16_t kRequest = 1, kReply = 2;
constexpr std::size_t kHeader = 8;

std::size_t AddressSize(std::uint16_t hardware_type) {
  if (hardware_type == kEthernet) return 6;
  return hardware_type == kInfiniBand ? kIpoibAddressSize : 0;
}

void Put(std::vector<std::uint8_t>& out, std::uint32_t value, int octets) {
  for (int i = octets - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

std::uint32_t Take(std::span<const std::uint8_t>& in, std::size_t octets) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : in.first(octets)) value = value << 8 | octet;
  in = in.subspan(octets);
  return value;
}

LinkAddress TakeAddress(std::span<const std::uint8_t>& in, std::size_t octets) {
  const LinkAddress address(in.first(octets));
  in = in.subspan(octets);
  return address;
}

}  // namespace

LinkAddress::LinkAddress(std::span<const std::uint8_t> octets) : size_(octets.size()) {
  std::ranges::copy(octets, octets_.begin());
}

bool LinkAddress::IsSameStation(const LinkAddress& other) const {
  const std::size_t skip = size_ == kIpoibAddressSize ? 1 : 0;
  return size_ == other.size_ && std::ranges::equal(Octets().subspan(skip), other.Octets().subspan(skip));
}

std::vector<std::uint8_t> EncodeArpProbe(std::uint16_t hardware_type, const LinkAddress& own,
                                         std::uint32_t target_ip) {
  std::vector<std::uint8_t> out;
  const std::span<const std::uint8_t> octets = own.Octets();
  Put(out, hardware_type, 2);
  Put(out, kIpv4, 2);
  Put(out, static_cast<std::uint32_t>(octets.size()), 1);
  Put(out, kIpv4Size, 1);
  Put(out, kRequest, 2);
  out.insert(out.end(), octets.begin(), octets.end());
  Put(out, 0, kIpv4Size);
  out.insert(out.end(), octets.size(), 0);
  Put(out, target_ip, kIpv4Size);
  return out;
}

std::optional<ArpPacket> DecodeArp(std::span<const std::uint8_t> octets) {
  if (octets.size() < kHeader) return std::nullopt;
  ArpPacket packet;
  packet.hardware_type = static_cast<std::uint16_t>(Take(octets, 2));
  const std::uint32_t protocol = Take(octets, 2);
  const std::size_t size = Take(octets, 1);
  const std::uint32_t ip_size = Take(octets, 1);
  const std::uint32_t operation = Take(octets, 2);
  if (size == 0 || size != AddressSize(packet.hardware_type) || protocol != kIpv4 || ip_size != kIpv4Size) {
    return std::nullopt;
  }
  if (operation != kRequest && operation != kReply) return std::nullopt;
  if (octets.size() < 2 * (size + kIpv4Size)) return std::nullopt;  // what is more is padding
  packet.reply = operation == kReply;
  packet.sender = TakeAddress(octets, size);
  packet.sender_ip = Take(octets, kIpv4Size);
  packet.target = TakeAddress(octets, size);
  packet.target_ip = Take(octets, kIpv4Size);
  return packet;
}

bool Answers(const ArpPacket& packet, std::uint32_t peer, const LinkAddress& own) {
  return packet.reply && packet.sender_ip == peer && packet.target_ip == 0 &&
         packet.target.IsSameStation(own);
}

}  // namespace aftershock::host

#include "probes/host/echo_packet.h"

#include <algorithm>

namespace aftershock::host {
namespace {

constexpr std::uint8_t kEcho = 8, kReply = 0;
constexpr std::uint8_t kIcmp = 1;
constexpr std::size_t kChecksumAt = 2, kIdAt = 4, kSequenceAt = 6;

void Put16(std::vector<std::uint8_t>& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}

// RFC 1071
std::uint32_t Checksum(std::span<const std::uint8_t> octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) sum += std::uint32_t{octets[i]} << (i % 2 == 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

}  // namespace

std::vector<std::uint8_t> EncodeEcho(const EchoRequest& request, std::size_t size) {
  std::vector<std::uint8_t> out(size);
  out[0] = kEcho;
  Put16(out, kIdAt, request.id);
  Put16(out, kSequenceAt, request.sequence);
  for (std::size_t i = kEchoHeader; i < size; ++i) {
    const std::size_t at = i - kEchoHeader;
    out[i] = static_cast<std::uint8_t>(at < kEchoToken ? request.token >> 8 * at : at);
  }
  Put16(out, kChecksumAt, Checksum(out));
  return out;
}

bool IsEchoReply(std::span<const std::uint8_t> message, std::span<const std::uint8_t> sent) {
  if (message.size() != sent.size() || message.size() < kEchoHeader) return false;
  return message[0] == kReply && message[1] == 0 &&
         std::ranges::equal(message.subspan(kSequenceAt), sent.subspan(kSequenceAt));
}

std::optional<std::span<const std::uint8_t>> BehindIpHeader(std::span<const std::uint8_t> packet) {
  constexpr std::size_t kProtocolAt = 9;
  if (packet.size() < kIpHeader || packet[0] >> 4 != 4 || packet[kProtocolAt] != kIcmp) return std::nullopt;
  const std::size_t header = (packet[0] & 0x0fu) * 4;
  if (header < kIpHeader || header > packet.size()) return std::nullopt;
  return packet.subspan(header);
}

}  // namespace aftershock::host

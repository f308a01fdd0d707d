// ICMP echo messages, RFC 792.
//
// Threading: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace aftershock::host {

struct EchoRequest {
  std::uint16_t id = 0;  // a datagram socket sets its own
  std::uint16_t sequence = 0;
  std::uint64_t token = 0;  // the first octets of its data: nobody answers what he has not seen
};

inline constexpr std::uint32_t kIpHeader = 20, kEchoHeader = 8, kEchoToken = 8;
inline constexpr std::uint32_t kSmallestEcho = kIpHeader + kEchoHeader + kEchoToken;

// With checksum; REQUIRES: size >= kEchoHeader + kEchoToken
std::vector<std::uint8_t> EncodeEcho(const EchoRequest& request, std::size_t size);
// `message` answers `sent`: all octets behind the identifier are the same, and none is missing.
bool IsEchoReply(std::span<const std::uint8_t> message, std::span<const std::uint8_t> sent);
// What is behind an IPv4 header with ICMP; nullopt: it is none.
std::optional<std::span<const std::uint8_t>> BehindIpHeader(std::span<const std::uint8_t> packet);

}  // namespace aftershock::host

// The headers of a MAD: offsets, methods and status bits, and big-endian access to them. IBA 1.3 volume
// 1, 13.4.3 (base header), 14.2.1.2 (directed route), 15.2.1.1 (subnet administration).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace aftershock::mad::wire {

inline constexpr std::size_t kBaseVersion = 0, kClass = 1, kClassVersion = 2, kMethod = 3, kStatus = 4;
inline constexpr std::size_t kTransaction = 8, kTransactionLow = 12, kAttribute = 16, kModifier = 20;
inline constexpr std::size_t kHeaderSize = 24;
inline constexpr std::size_t kMKey = 24;  // SMPs
// Directed-route SMPs.
inline constexpr std::size_t kHopPointer = 6, kHopCount = 7, kDrSlid = 32, kDrDlid = 34, kInitialPath = 128;
inline constexpr std::size_t kRmppFlags = 26, kRmppPayload = 32;  // 13.6.2.1; of SA MADs
inline constexpr std::size_t kSaKey = 36, kSaHeaderSize = 20;     // 15.2.1.1
inline constexpr std::size_t kSaComponentMask = 48;
inline constexpr std::size_t kSaDataOffset = 56, kSaDataSize = 200;

inline constexpr std::uint8_t kVersion = 1;  // of the base header
inline constexpr std::uint8_t kGet = 0x01, kGetTable = 0x12, kResponse = 0x80;
inline constexpr std::uint8_t kRmppLast = 0x04;

// Status, 13.4.7. The top bit of a directed-route SMP's is its direction: set on the way back.
inline constexpr std::uint16_t kDirection = 0x8000;
inline constexpr std::uint16_t kBusy = 1u << 0, kRedirect = 1u << 1, kCodeMask = 7u << 2;
inline constexpr std::uint16_t kBadVersion = 1u << 2, kBadMethod = 2u << 2, kBadMethodAttribute = 3u << 2,
                               kBadField = 7u << 2;

template <std::unsigned_integral T, typename Octets>
constexpr T Load(const Octets& octets, std::size_t offset) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | octets[offset + i]);
  }
  return value;
}

template <std::unsigned_integral T, typename Octets>
constexpr void Store(Octets& octets, std::size_t offset, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    octets[offset + i] = static_cast<std::uint8_t>(value);
    value = static_cast<T>(static_cast<std::uint64_t>(value) >> 8);
  }
}

}  // namespace aftershock::mad::wire

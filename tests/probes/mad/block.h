// Attribute data for the decoder's tests: bits set one by one, independent of the reader under test.
#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "probes/mad/decode.h"

namespace aftershock::mad {

inline constexpr std::size_t kBlockSize = 192;

struct Block {
  std::array<std::uint8_t, kBlockSize> octets{};

  // Bit 0 is the most significant bit of the first octet, as in the IBA's tables.
  Block& Put(unsigned offset, unsigned width, std::uint64_t value) {
    for (unsigned i = 0; i < width; ++i) {
      const unsigned at = offset + i;
      const auto mask = static_cast<std::uint8_t>(0x80u >> at % 8);
      const bool one = (value >> (width - 1 - i) & 1) != 0;
      octets[at / 8] = static_cast<std::uint8_t>(one ? octets[at / 8] | mask : octets[at / 8] & ~mask);
    }
    return *this;
  }
  Bytes bytes() const { return octets; }
};

// Random octets; in every second block most of them are all zeros or all ones, where counters stick and codes
// run out.
class RandomBlocks {
 public:
  Block Next() {
    Block block;
    const bool extreme = (++count_ % 2) == 0;
    for (std::uint8_t& octet : block.octets) {
      const auto random = static_cast<unsigned>(engine_());
      octet = static_cast<std::uint8_t>(random);
      if (extreme && (random >> 8 & 3) != 0) octet = (random >> 10 & 1) != 0 ? 0xff : 0x00;
    }
    return block;
  }

 private:
  std::mt19937_64 engine_{0x15b3};
  unsigned count_ = 0;
};

}  // namespace aftershock::mad

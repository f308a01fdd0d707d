// SHA-256, by which texts are stored once. Internal to journal/.
#pragma once

#include <string>
#include <string_view>

namespace aftershock::journal {

inline constexpr std::size_t kDigestSize = 32;

// 32 octets. Throws std::bad_alloc where OpenSSL has no memory, or no SHA-256.
std::string Digest(std::string_view text);
// In hexadecimal.
std::string Hex(std::string_view octets);

}  // namespace aftershock::journal

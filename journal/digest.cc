#include "journal/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cstdint>
#include <iterator>
#include <new>

namespace aftershock::journal {

std::string Digest(std::string_view text) {
  std::string digest(kDigestSize, '\0');
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  if (EVP_Digest(text.data(), text.size(), out, nullptr, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  return digest;
}

std::string Hex(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<std::uint8_t>(c));
  }
  return text;
}

}  // namespace aftershock::journal

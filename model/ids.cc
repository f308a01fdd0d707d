#include "model/ids.h"

#include <charconv>

#include <fmt/format.h>

namespace aftershock {

std::string ToString(Guid guid) {
  return fmt::format("0x{:016x}", static_cast<std::uint64_t>(guid));
}

std::string ToString(const PortKey& key) {
  return fmt::format("{}/{}", ToString(key.node), key.port);
}

std::optional<Guid> ParseGuid(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Guid{value};
}

std::optional<Guid> GuidAmongNames(std::string_view text) {
  const bool meant = text.starts_with("0x") || text.starts_with("0X") || text.size() == 16;
  return meant ? ParseGuid(text) : std::nullopt;
}

}  // namespace aftershock

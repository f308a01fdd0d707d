#include "app/port_name.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::app {
namespace {

// What a kernel accepts as a device's name; nothing that leads out of /sys/class/infiniband.
bool IsDeviceName(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !text.empty() && text.size() < 64 && text.front() != '.' && std::ranges::all_of(text, fits);
}

}  // namespace

std::string ToString(const PortName& name) {
  return fmt::format("{}:{}", name.device, name.port);
}

Result<PortName> ParsePortName(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && IsDeviceName(text.substr(0, colon))) {
    PortName name{std::string(text.substr(0, colon)), 0};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, name.port);
    if (error == std::errc() && stop == end && name.port != 255) return name;
  }
  return Fail(Errc::kInvalid,
              fmt::format("\"{}\" is not the name of a port; it looks like mlx5_0:1", Printable(text)));
}

}  // namespace aftershock::app

#include "exporter/listen_address.h"

#include <charconv>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::exporter {

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return Fail(
        Errc::kInvalid,
        fmt::format("\"{}\" is not an address to listen on: {}; expected ADDR:PORT, [IPv6]:PORT or :PORT",
                    Printable(text), why));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong("it has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view number = text.substr(colon + 1);

  ListenAddress address;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), address.port);
  if (number.empty() || error != std::errc() || end != number.data() + number.size()) {
    return wrong("the port is a number from 0 to 65535");
  }
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return wrong("an IPv6 address stands in brackets");
  }
  address.host = host;
  return address;
}

std::string ToString(const ListenAddress& address) {
  if (address.host.find(':') != std::string::npos) return fmt::format("[{}]:{}", address.host, address.port);
  return fmt::format("{}:{}", address.host, address.port);
}

}  // namespace aftershock::exporter
